"""The files of a report: laid and taken until it is handed in, sealed with it, handed out."""

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse

from accounts.roles import Level
from accounts.services import add_member
from core.errors import DomainError
from core.models import AuditEntry
from evaluation.panel.workflow import MEETINGS
from evaluation.verifications import files
from tests.builders import accounts, hostile_files
from tests.builders import evaluation as build
from tests.builders import panel as panels
from tests.builders import verifications as make
from tests.reading import text

pytestmark = pytest.mark.django_db

LATE = "The report is handed in or cancelled; its files stay as they are."
TYPED = {"findings": "Two lines were seen.", "note_1": "No probe."}
WHOLE = TYPED | {"result_0": "confirmed", "result_1": "not_seen"}


@pytest.fixture
def officer():
    return accounts.officer(name="Officer One")


@pytest.fixture
def desk(officer):
    return accounts.signed_in(officer)


def report_page(row):
    return reverse("admin:evaluation_verification_step", args=[row.pk, "report"])


def change_page(row):
    return reverse("admin:evaluation_verification_change", args=[row.pk])


def file_page(file):
    return reverse("admin:evaluation_verification_file", args=[file.verification_id, file.pk])


def names_of(row):
    return list(row.files.values_list("file_name", flat=True))


def lying():
    try:
        return default_storage.listdir(files.SHELF.folder)[1]
    except FileNotFoundError:
        return []


# On the page of the report --------------------------------------------------------------------


def test_files_are_added_and_removed_beside_the_report_and_nothing_typed_is_lost(desk, officer):
    row = make.held()
    sent = [make.picture("outlet.png"), make.picture("inlet.png", width=9)]

    added = desk.post(report_page(row), {**TYPED, "attached": sent, "do": "add"})

    assert names_of(row) == ["inlet.png", "outlet.png"]
    assert added.context["form"].errors == {}
    page = text(added)
    for said in ("Two lines were seen.</textarea>", "No probe.</textarea>", "inlet.png"):
        assert said in page
    inlet = row.files.get(file_name="inlet.png")
    assert f'href="{file_page(inlet)}"' in page
    assert (inlet.added_by, inlet.scan) == (officer, "not_scanned")
    stored = inlet.file.name

    removed = desk.post(report_page(row), {**TYPED, "do": str(inlet.pk)})

    assert names_of(row) == ["outlet.png"]
    assert "Two lines were seen.</textarea>" in text(removed)
    acts = AuditEntry.objects.filter(subject_id=str(row.pk)).order_by("pk")
    told = [(one.act, one.details) for one in acts if "file" in one.act]
    assert [act for act, _details in told] == [
        "verification.file_added",
        "verification.file_added",
        "verification.file_removed",
    ]
    assert told[-1][1] == {"file": str(inlet.pk), "sha256": inlet.sha256}
    assert stored.startswith("verifications/")
    row.refresh_from_db()
    assert row.status == "arranged"


def test_the_bytes_go_with_a_file_that_is_removed(officer, django_capture_on_commit_callbacks):
    row = make.with_files()
    file = row.files.get()
    assert len(lying()) == 1

    with django_capture_on_commit_callbacks(execute=True):
        files.remove(row.pk, file.pk, actor=officer)
        files.remove(row.pk, file.pk, actor=officer)

    assert lying() == []


def test_what_is_chosen_goes_with_a_report_that_is_handed_in(desk):
    row = make.held()

    answer = desk.post(report_page(row), {**WHOLE, "attached": [make.picture()]})

    row.refresh_from_db()
    assert (answer["Location"], row.status) == (change_page(row), "reported")
    assert names_of(row) == ["outlet.png"]
    page = text(desk.get(change_page(row)))
    assert f'href="{file_page(row.files.get())}"' in page
    assert ">Remove<" not in page
    assert "File added to the report" in text(
        desk.get(reverse("admin:evaluation_verification_history", args=[row.pk]))
    )


def test_a_report_that_is_refused_keeps_what_came_with_it(desk):
    row = make.held()

    page = desk.post(report_page(row), {**TYPED, "attached": [make.picture()]})

    said = "Say what was found of every point."
    assert page.context["form"].errors == {"result_0": [said], "result_1": [said]}
    assert names_of(row) == ["outlet.png"]
    assert "outlet.png" in text(page)


@pytest.mark.parametrize("do", ["add", ""])
@pytest.mark.parametrize(
    ("sent", "says"),
    [
        (["proof.docx"], "Only PDF, PNG and JPEG files are taken here."),
        (["proof.pdf"], "The name ends in .pdf, but this is no such file."),
        ([f"{n}.png" for n in range(9)], "At most 8 files."),
    ],
)
def test_a_bad_file_is_refused_at_the_field_and_nothing_typed_is_lost(desk, sent, says, do):
    row = make.held()
    pictures = [make.picture(name, width=8 + n) for n, name in enumerate(sent)]

    page = desk.post(report_page(row), {**WHOLE, "attached": pictures, "do": do})

    assert page.context["form"].errors == {"attached": [says]}
    assert "Two lines were seen.</textarea>" in text(page)
    row.refresh_from_db()
    assert (row.status, names_of(row), lying()) == ("arranged", [], [])


def test_to_add_nothing_is_refused_at_the_field(desk):
    page = desk.post(report_page(make.held()), {**TYPED, "do": "add"})

    assert page.context["form"].errors == {"attached": ["Choose a file."]}


def test_a_button_that_names_no_file_does_nothing(desk):
    row = make.with_files()

    for do in ("x", str(row.pk)):
        assert desk.post(report_page(row), {**WHOLE, "do": do}).status_code == 200

    row.refresh_from_db()
    assert (row.status, names_of(row)) == ("arranged", ["outlet.png"])


def test_one_that_is_too_large_is_refused(officer):
    row = make.held()
    big = make.picture()
    big.size = 10 * 1024 * 1024 + 1

    with pytest.raises(DomainError, match="A file of a report is no larger than 10 MB") as refused:
        files.add(row.pk, [big], actor=officer)

    assert (refused.value.field, names_of(row)) == ("attached", [])


def test_the_most_counts_what_lies_there_and_the_same_again_is_the_same(officer):
    row = make.with_files(None, *(f"{n}.png" for n in range(8)))

    files.add(row.pk, [make.picture("again.png", width=8)], actor=officer)
    with pytest.raises(DomainError, match="At most 8 files"):
        files.add(row.pk, [make.picture("ninth.png", width=99)], actor=officer)

    assert names_of(row) == [f"{n}.png" for n in range(8)]
    assert len(lying()) == 8


def test_a_scanner_that_does_not_answer_takes_no_file(desk, settings, tmp_path):
    settings.CLAMD_ADDRESS = str(tmp_path / "nobody")
    row = make.held()

    page = desk.post(report_page(row), {**WHOLE, "attached": [make.picture()], "do": "add"})

    said = "The malware scanner does not answer. Please try again in a few minutes."
    assert page.context["form"].errors == {"attached": [said]}
    assert (names_of(row), lying()) == ([], [])


def test_before_it_was_held_there_is_nothing_to_add(officer):
    with pytest.raises(DomainError, match="It has not been held yet"):
        files.add(make.arranged().pk, [make.picture()], actor=officer)


# Who may ------------------------------------------------------------------------------------


def test_nobody_but_officers_without_a_conflict_adds_or_removes():
    row = make.with_files()
    house = row.case.declaration.organisation
    tied = accounts.officer()
    add_member(house.pk, tied, Level.VIEW, actor=None)
    expert = build.an_assignment(row.case).expert.user
    for person in (tied, accounts.owner_of(house), expert, accounts.auditor(), accounts.user()):
        with pytest.raises(PermissionDenied):
            files.add(row.pk, [make.picture(width=20)], actor=person)
        with pytest.raises(PermissionDenied):
            files.remove(row.pk, row.files.get().pk, actor=person)
        answer = accounts.signed_in(person).post(
            report_page(row), {"do": "add", "attached": [make.picture(width=20)]}
        )
        assert answer.status_code == 404

    assert names_of(row) == ["outlet.png"]


def test_only_officers_without_a_conflict_open_a_file_at_the_desk(desk):
    row = make.reported(make.with_files())
    file, other = row.files.get(), make.held()
    house = row.case.declaration.organisation
    tied = accounts.officer()
    add_member(house.pk, tied, Level.VIEW, actor=None)
    expert = build.an_assignment(row.case).expert.user

    handed = desk.get(file_page(file))
    found = [
        accounts.signed_in(one).get(file_page(file)).status_code
        for one in (tied, accounts.owner_of(house), expert, accounts.auditor(), accounts.user())
    ]

    assert handed["Content-Disposition"] == 'attachment; filename="outlet.png"'
    assert handed["X-Content-Type-Options"] == "nosniff"
    assert handed["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert "no-store" in handed["Cache-Control"]
    assert handed.getvalue() == hostile_files.png((8, 8))
    assert found == [404] * 5
    assert Client().get(file_page(file)).status_code == 302
    wrong = reverse("admin:evaluation_verification_file", args=[other.pk, file.pk])
    assert desk.get(wrong).status_code == 404


def test_the_enterprise_reads_of_no_file():
    row = make.reported(make.with_files())
    browser = accounts.signed_in(accounts.owner_of(row.case.declaration.organisation))

    page = browser.get(reverse("evaluation:verification-list", args=[row.case.declaration_id]))

    assert "outlet.png" not in text(page)


# The panel ----------------------------------------------------------------------------------


def panel_file(item, file):
    return reverse("evaluation:panel-file", args=[item.meeting_id, item.pk, file.pk])


def test_a_member_opens_them_with_the_papers_and_not_afterwards(officer):
    activity = make.activity(panel=True)
    meeting = panels.meeting("prepared", of=activity, cases=2)
    item, other = panels.item_of(meeting), panels.item_of(meeting, 2)
    row = make.with_files(make.held(item.case))
    waiting = row.files.get()
    panels.brought(meeting, "announced", officer)
    member = panels.people(meeting)[1].expert.user
    client = accounts.signed_in(member)
    assert client.get(panel_file(item, waiting)).status_code == 404  # not reported yet
    file = make.reported(row).files.get()

    page = text(client.get(reverse("evaluation:panel-item", args=[meeting.pk, item.pk])))
    handed = client.get(panel_file(item, file))

    assert f'href="{panel_file(item, file)}"' in page
    assert "outlet.png" in page
    assert handed.getvalue() == hostile_files.png((8, 8))
    assert handed["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert client.get(panel_file(other, file)).status_code == 404
    assert client.get(file_page(file)).status_code == 404
    outside = build.an_assignment(item.case).expert.user
    for person in (outside, accounts.owner_of(item.case.declaration.organisation), officer):
        assert accounts.signed_in(person).get(panel_file(item, file)).status_code == 404
    tied = panels.people(meeting)[2].expert.user
    build.involve(tied, item.case)
    assert accounts.signed_in(tied).get(panel_file(item, file)).status_code == 404
    MEETINGS.perform("cancel", meeting.pk, actor=officer, reason="No room.")
    assert client.get(panel_file(item, file)).status_code == 404
