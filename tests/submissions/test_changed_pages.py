"""The comparison of two versions as applicants and officers see it, and who does not."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.roles import Level
from accounts.services import add_member, edit_organisation
from submissions import services
from submissions.changed import changes_between
from submissions.models import Attachment
from submissions.workflow import perform
from tests.builders import accounts
from tests.builders import submissions as build
from tests.reading import text, texts
from tests.submissions.browsing import address, owner_client

pytestmark = pytest.mark.django_db

SUMMARY = "Treats leachate with a membrane bioreactor."
NOTHING = "Nothing changed: both versions say the same."


def owner(one):
    return accounts.owner_of(one.organisation)


def save(one, section, **values):
    one.refresh_from_db()
    services.save_section(
        one.pk,
        section,
        {**one.content[section], **values},
        actor=owner(one),
        revision=one.revision,
    )


def refiled(change=None, *, asked=(("technology", ""),), document=None):
    """Return a declaration filed twice, changed in between by ``change``."""
    one = build.draft(document=document)
    build.attachment(one, kind="test_report", title="Old report")
    officer = accounts.officer()
    perform("submit", one.pk, actor=owner(one))
    perform("begin_check", one.pk, actor=officer)
    corrections = [
        {"section": section, "field": field, "reason": "Look."} for section, field in asked
    ]
    perform("return", one.pk, actor=officer, reason="Look.", corrections=corrections)
    if change:
        change(one)
    perform("submit", one.pk, actor=owner(one))
    one.refresh_from_db()
    return one


def versions(one):
    found = list(one.versions.order_by("number"))
    for version in found:
        version.declaration = one
    return found


def better(one):
    save(
        one,
        "technology",
        summary="Treats leachate with a ceramic membrane bioreactor.",
        maturity="pilot",
    )


@pytest.fixture
def changed():
    return refiled(better)


def test_what_changed_is_written_as_people_read_it(changed):
    found = changes_between(*versions(changed))

    assert found
    assert found.places() == {("technology", "summary"), ("technology", "maturity")}
    (section,) = found.sections
    summary, maturity = section.fields
    assert "".join(one.text for one in summary.segments if one.verb == "added") == " ceramic"
    assert (summary.before, summary.lang) == (SUMMARY, "en")
    assert (maturity.label, maturity.before, maturity.after) == (
        "Maturity", "Commercial", "Pilot",
    )  # fmt: skip


def test_rows_files_house_profile_and_translations_are_among_it():
    def change(one):
        old = Attachment.objects.get(declaration=one)
        services.remove_attachment(old.pk, actor=owner(one))
        build.attachment(one, kind="test_report", title="New report")
        save(one, "performance", indicators=[*one.content["performance"]["indicators"], {
            "name": "Ammonia removal", "typical": "91", "unit": "%",
        }])  # fmt: skip
        edit_organisation(one.organisation_id, actor=owner(one), website="https://example.org/new")
        services.save_translation(
            one.pk, "zh-hans", {"technology.title": "膜"}, actor=owner(one), confirm=True
        )

    one = refiled(change, asked=(("performance", ""),))
    found = changes_between(*versions(one))

    assert [section.key for section in found.sections] == [
        "organisation", "performance", "translation-zh-hans",
    ]  # fmt: skip
    (row,) = found.sections[1].tables[0].rows
    assert row.heading == "Row 2, added: Ammonia removal"
    assert [(cell.before, cell.after) for cell in row.cells] == [
        ("", "Ammonia removal"), ("", "91"), ("", "%"),
    ]  # fmt: skip
    (report,) = found.files
    assert (report.what, report.kind) == ("changed", "test or monitoring report")
    assert report.before
    assert report.after
    assert (report.before["title"], report.after["title"]) == ("Old report", "New report")
    assert found.sections[2].fields[0].after == "膜"


def test_the_applicant_compares_from_the_home_of_the_declaration_and_from_a_version(changed):
    client = owner_client(changed)
    url = address("declaration-changes", changed.pk, 1, 2)

    for page in ("declaration-detail",), ("declaration-version", 1), ("declaration-version", 2):
        name, *more = page
        assert url in text(client.get(address(name, changed.pk, *more)))
    page = client.get(url)

    assert texts(page, "ins") == ["added: ceramic", "added: Pilot"]
    assert texts(page, "del") == ["removed: Commercial"]
    assert "From version 1 to version 2" in text(page)


def test_two_others_are_chosen_from_the_lists_without_script(changed):
    client = owner_client(changed)
    url = address("declaration-changes", changed.pk, 1, 2)

    backwards = client.get(url, {"before": "2", "after": "1"}, follow=True)
    same = client.get(url, {"before": "2", "after": "2"}, follow=True)
    nonsense = client.get(url, {"before": "7", "after": "x"})

    assert backwards.redirect_chain[-1][0] == address("declaration-changes", changed.pk, 2, 1)
    assert texts(backwards, "del") == ["removed: ceramic", "removed: Pilot"]
    assert NOTHING in text(same)
    assert texts(nonsense, "ins") == ["added: ceramic", "added: Pilot"]


def test_nothing_changed_is_said_in_words():
    one = refiled()

    assert not changes_between(*versions(one))
    page = owner_client(one).get(address("declaration-changes", one.pk, 1, 2))
    assert NOTHING in text(page)
    assert texts(page, "ins") == []


def test_what_was_typed_is_shown_and_not_run(changed):
    perform("begin_check", changed.pk, actor=accounts.officer())
    perform(
        "return", changed.pk, actor=accounts.officer(), reason="x",
        corrections=[{"section": "technology", "field": "", "reason": "x"}],
    )  # fmt: skip
    save(changed, "technology", summary="<script>alert(1)</script> with a membrane.")
    perform("submit", changed.pk, actor=owner(changed))

    page = owner_client(changed).get(address("declaration-changes", changed.pk, 2, 3))

    assert "<script>alert" not in page.content.decode()
    assert "&lt;script&gt;alert(1)" in page.content.decode()


@pytest.mark.parametrize(("before", "after"), [(1, 3), (0, 2), (9, 9)])
def test_versions_that_are_not_there_are_not_found(changed, before, after):
    url = address("declaration-changes", changed.pk, before, after)
    desk = reverse("admin:submissions_declaration_changes", args=[changed.pk, before, after])

    assert owner_client(changed).get(url).status_code == 404
    assert accounts.signed_in(accounts.officer()).get(desk).status_code == 404


def test_officers_see_the_same_on_their_desk(changed):
    desk = accounts.signed_in(accounts.officer())
    url = reverse("admin:submissions_declaration_changes", args=[changed.pk, 1, 2])

    home = desk.get(reverse("admin:submissions_declaration_change", args=[changed.pk]))
    page = desk.get(url)
    other = desk.get(url, {"before": "2", "after": "1"})

    assert url in text(home)
    assert texts(page, "ins") == ["added: ceramic", "added: Pilot"]
    assert f"{changed.number}: from version 1 to version 2" in text(page)
    assert other["Location"] == reverse(
        "admin:submissions_declaration_changes", args=[changed.pk, 2, 1]
    )


def test_nobody_else_compares(changed):
    inside = accounts.officer()
    add_member(changed.organisation_id, inside, Level.VIEW, actor=None)
    own = address("declaration-changes", changed.pk, 1, 2)
    desk = reverse("admin:submissions_declaration_changes", args=[changed.pk, 1, 2])
    stranger = accounts.owner_of(accounts.organisation())
    expert = accounts.expert_user()

    assert accounts.signed_in(stranger).get(own).status_code == 404
    assert accounts.signed_in(accounts.officer()).get(own).status_code == 404
    for person in (stranger, expert, inside, owner(changed)):
        assert accounts.signed_in(person).get(desk).status_code == 404
    assert accounts.signed_in(expert).get(own).status_code == 404
    assert Client().get(own).status_code == 302
    # Whoever belongs to the house sees it there, officer elsewhere or not.
    assert texts(accounts.signed_in(inside).get(own), "ins") == ["added: ceramic", "added: Pilot"]


def test_under_seal_nobody_at_the_office_compares():
    one = build.draft(activity=build.open_activity(sealed=True))
    perform("submit", one.pk, actor=owner(one))
    desk = reverse("admin:submissions_declaration_changes", args=[one.pk, 1, 1])

    assert accounts.signed_in(accounts.officer()).get(desk).status_code == 404
    assert NOTHING in text(owner_client(one).get(address("declaration-changes", one.pk, 1, 1)))


@pytest.mark.parametrize("rows", [1, 50])
def test_a_comparison_asks_the_same_however_much_changed(rows):
    def change(one):
        save(one, "performance", indicators=[
            {"name": f"Indicator {number}", "typical": "1", "unit": "%"} for number in range(rows)
        ])  # fmt: skip
        for _number in range(rows // 10):
            build.attachment(one)

    one = refiled(change, asked=(("performance", ""),))
    before, after = versions(one)
    one.activity.scheme.load()
    changes_between(before, after)  # the vocabulary is kept from now on

    with CaptureQueriesContext(connection) as asked:
        found = changes_between(before, after)

    assert len(found.sections[0].tables[0].rows) == rows + 1
    assert len(asked) == 4
