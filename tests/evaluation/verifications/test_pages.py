"""The pages of defences and on-site verifications: of officers, and of the enterprise."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Level
from accounts.services import add_member
from core.errors import DomainError
from core.moments import written
from evaluation.models import Verification
from evaluation.states import CaseStatus
from evaluation.verifications import pages
from submissions import standing
from submissions.models import Declaration
from tests.builders import accounts, procedures
from tests.builders import evaluation as build
from tests.builders import verifications as make
from tests.reading import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return accounts.officer(name="Officer One")


@pytest.fixture
def desk(officer):
    return accounts.signed_in(officer)


def on_case(case):
    return reverse("admin:evaluation_case_change", args=[case.pk])


def arrange_page(case):
    return reverse("admin:evaluation_verification_arrange", args=[case.pk])


def step(row, name):
    return reverse("admin:evaluation_verification_step", args=[row.pk, name])


def own_page(case, name="verification-list", *more):
    return reverse(f"evaluation:{name}", args=[case.declaration_id, *more])


def house_of(case):
    return case.declaration.organisation


def filled(officer, **given):
    later = timezone.localtime(timezone.now() + dt.timedelta(days=9))
    return {
        "kind": "site_visit",
        "held_at": f"{later:%Y-%m-%dT%H:%M}",
        "place": "The plant at Jinan",
        "prepare": "Protective clothing.",
        "points": "The plant runs.\n\nThe outlet is measured.",
        "officers": [str(officer.pk)],
        **given,
    }


# Arranged at the desk -------------------------------------------------------------------------


def test_the_page_of_a_case_leads_to_the_form_which_arranges(desk, officer):
    case = make.scored()
    assert f'href="{arrange_page(case)}"' in text(desk.get(on_case(case)))

    answer = desk.post(arrange_page(case), filled(officer))

    row = Verification.objects.get(case=case)
    assert answer["Location"] == on_case(case)
    assert (row.points, row.arranged_by) == (make.POINTS, officer)
    page = text(desk.get(on_case(case)))
    assert f"{written(row.held_at)} · The plant at Jinan · arranged" in page


def test_the_form_offers_what_the_activity_asks_for_and_says_who_cannot_come(desk):
    case = make.scored(defence="none")
    free, tied = build.expert(), build.expert(employer=house_of(case))

    form = desk.get(arrange_page(case)).context["form"]

    assert [key for key, _label in form.fields["kind"].choices] == ["site_visit"]
    labels = dict(form.fields["experts"].choices)
    assert "employer" in labels[str(tied.pk)]
    widget = form.fields["experts"].widget
    assert (str(tied.pk) in widget.disabled, str(free.pk) in widget.disabled) == (True, False)


def test_a_refusal_stands_at_its_field_and_keeps_what_was_typed(desk, officer):
    case = make.scored()

    page = desk.post(
        arrange_page(case), filled(officer, held_at="2020-01-01T10:00", place="A place typed")
    )

    assert page.context["form"].errors == {"held_at": ["This moment has passed already."]}
    assert 'value="A place typed"' in text(page)
    assert not Verification.objects.exists()


def test_where_nothing_is_asked_for_the_case_leads_to_no_form(desk):
    case = build.scored_case(experts_wanted=1)

    assert 'id="verifications"' not in text(desk.get(on_case(case)))
    assert "asks for no defence and no on-site" in text(desk.get(arrange_page(case)))
    decided = build.case(CaseStatus.DECIDED, activity=make.activity())
    assert "scored and not decided" in text(desk.get(arrange_page(decided), follow=True))


def test_only_officers_without_a_conflict_come_to_the_pages():
    row = make.arranged()
    house = house_of(row.case)
    tied = accounts.officer()
    add_member(house.pk, tied, Level.VIEW, actor=None)
    expert = build.an_assignment(row.case).expert.user
    change = reverse("admin:evaluation_verification_change", args=[row.pk])
    for person in (tied, accounts.owner_of(house), expert, accounts.auditor()):
        browser = accounts.signed_in(person)
        assert browser.get(arrange_page(row.case)).status_code == 404
        assert browser.get(change).status_code in (302, 404)
        assert browser.get(step(row, "report")).status_code == 404


# Reported -------------------------------------------------------------------------------------


def test_a_report_is_filled_in_point_by_point_and_shown_on_the_case(desk):
    row = make.held()
    typed = {"findings": "Two lines were seen.", "result_0": "confirmed", "note_1": "No probe."}
    page = desk.post(step(row, "report"), typed)
    assert page.context["form"].errors == {"result_1": ["Say what was found of every point."]}
    assert "Two lines were seen.</textarea>" in text(page)

    desk.post(step(row, "report"), typed | {"result_1": "not_seen"})

    row.refresh_from_db()
    assert row.status == "reported"
    for address in (
        on_case(row.case),
        reverse("admin:evaluation_verification_change", args=[row.pk]),
    ):
        shown = text(desk.get(address))
        for said in ("Two lines were seen.", "The outlet is measured.", "not seen", "No probe."):
            assert said in shown


def test_the_answer_of_the_enterprise_is_no_button_of_officers(desk):
    row = make.arranged()
    page = desk.get(reverse("admin:evaluation_verification_change", args=[row.pk]))

    assert [one.name for one, _url in page.context["steps"]] == ["report", "cancel"]


# The enterprise -------------------------------------------------------------------------------


def test_the_enterprise_reads_when_and_where_and_what_to_prepare_and_nothing_else():
    expert = build.expert()
    row = make.reported(make.held(experts=[expert]))
    browser = accounts.signed_in(accounts.owner_of(house_of(row.case)))

    page = text(browser.get(own_page(row.case)))
    declaration = text(
        browser.get(reverse("submissions:declaration-detail", args=[row.case.declaration_id]))
    )

    for said in (written(row.held_at), row.place, row.prepare, "On-site verification"):
        assert said in page
    for hidden in (str(expert), *make.POINTS, "Two lines were seen.", "reported", "confirmed"):
        assert hidden not in page
    assert f'href="{own_page(row.case)}"' in declaration
    assert "Arranged: On-site verification" in declaration
    assert "Under evaluation" in declaration


def test_it_answers_on_its_page_once(desk):
    row = make.arranged()
    browser = accounts.signed_in(accounts.owner_of(house_of(row.case)))
    address = own_page(row.case, "verification-answer", row.pk)
    refused = browser.post(address, {"answer": "another"})
    assert "Please give a reason." in text(refused)

    answer = browser.post(address, {"answer": "another", "answer_reason": "A holiday."})

    assert answer["Location"] == own_page(row.case)
    page = text(browser.get(own_page(row.case)))
    assert "Please name another date." in page
    assert "A holiday." in page
    assert "Send the answer" not in page
    assert "Please name another date. A holiday." in text(desk.get(step(row, "report")))


def test_a_viewer_reads_and_does_not_answer():
    row = make.arranged()
    viewer = accounts.signed_in(accounts.member(Level.VIEW, house_of(row.case)))

    page = text(viewer.get(own_page(row.case)))

    assert row.place in page
    assert "Send the answer" not in page
    address = own_page(row.case, "verification-answer", row.pk)
    assert viewer.post(address, {"answer": "agreed"}).status_code == 403
    row.refresh_from_db()
    assert row.answer == ""


def test_nobody_else_reads_it():
    row = make.arranged()
    people = (
        accounts.owner_of(accounts.organisation()),
        accounts.officer(),
        build.an_assignment(row.case).expert.user,
    )

    found = [accounts.signed_in(one).get(own_page(row.case)).status_code for one in people]

    assert found == [404, 404, 404]
    assert Client().get(own_page(row.case))["Location"].startswith(reverse("account_login"))


def test_a_cancelled_one_is_called_so_and_the_reason_is_the_officers():
    row = make.cancelled()
    browser = accounts.signed_in(accounts.owner_of(house_of(row.case)))

    page = text(browser.get(own_page(row.case)))

    assert "This appointment is cancelled." in page
    assert "The road is closed" not in page


def test_without_an_appointment_the_declaration_leads_to_none():
    case = make.scored()
    declaration = Declaration.objects.get(pk=case.declaration_id)

    assert standing.of([declaration])[declaration.pk].pages == ()
    browser = accounts.signed_in(accounts.owner_of(house_of(case)))
    assert "No appointment" in text(browser.get(own_page(case)))


def test_the_page_of_a_case_asks_as_often_for_four_appointments_as_for_one(desk):
    case = make.scored()
    found = []
    for number in (1, 3):
        for _n in range(number):
            make.cancelled(make.arranged(case, experts=[build.expert()]))
        desk.get(on_case(case))
        with CaptureQueriesContext(connection) as asked:
            desk.get(on_case(case))
        found.append(len(asked))

    assert found[0] == found[1]


# A conflict found late -------------------------------------------------------------------

LATE = "Somebody who took part has a conflict of interest that was found late."


@pytest.mark.parametrize("how", ["tie", "sheet"])
def test_a_conflict_of_who_took_part_is_told_and_marks_the_report(desk, how):
    case = make.scored(panel=True)
    visitor = build.an_assignment(case).expert if how == "sheet" else build.expert()
    row = make.reported(make.held(case, experts=[visitor]))
    before = text(desk.get(on_case(case)))
    if how == "tie":
        build.involve(visitor.user, case)
        why = "The expert acts for the organisation in the portal."
    else:
        build.exclude(build.an_assignment(case).sheet)
        why = "A conflict of interest was found after the expert had scored it."

    page = text(desk.get(on_case(case)))
    own = text(desk.get(reverse("admin:evaluation_verification_change", args=[row.pk])))
    (told,) = pages.to_panel(build.reread(case))

    assert LATE not in before
    for shown in (page, own):
        assert LATE in shown
        assert f"<li>{visitor}: {why}</li>" in shown
    assert told["marked"] is True
    assert "conflicts" not in told
    owner = accounts.signed_in(accounts.owner_of(house_of(case)))
    assert LATE not in text(owner.get(own_page(case)))


TIED = (
    "The officer acts for the organisation, works or worked for it, advised it, "
    "or is connected with it."
)


def who_comes(case):
    came = accounts.officer(name="Came Along")
    return came, make.reported(make.held(case, officers=[came]))


def who_reports(case):
    row = make.reported(make.held(case, officers=[accounts.officer(name="Came Along")]))
    return row.reported_by, row


@pytest.mark.parametrize("how", [who_comes, who_reports])
def test_a_late_conflict_of_an_officer_marks_the_report_too(how):
    case = make.scored(panel=True)
    officer, row = how(case)
    other = accounts.signed_in(accounts.officer(name="Somebody Else"))
    before = pages.to_panel(build.reread(case))[0]["marked"]
    build.involve(officer, case)

    shown = text(other.get(on_case(case)))

    assert f"<li>{officer}: {TIED}</li>" in shown
    assert LATE in shown
    assert (before, pages.to_panel(build.reread(case))[0]["marked"]) == (False, True)
    assert row.status == "reported"


def test_nothing_is_reported_of_a_visit_of_an_officer_with_a_tie():
    came = accounts.officer(name="Came Along")
    row = make.held(officers=[came])
    build.involve(came, row.case)

    with pytest.raises(DomainError) as refused:
        make.reported(row)

    assert str(refused.value) == (
        f"Came Along took part and may not. {TIED} Cancel it and arrange another."
    )


def test_the_page_of_a_case_asks_as_often_for_one_report_as_for_many(desk):
    case = make.scored()
    make.reported(make.held(case, experts=[build.expert()]))
    asked = []
    for _n in range(2):
        desk.get(on_case(case))
        with CaptureQueriesContext(connection) as queries:
            desk.get(on_case(case))
        asked.append(len(queries))
        make.reported(make.held(case, experts=[build.expert(), build.expert()]))

    assert asked[0] == asked[1]


# A single choice ---------------------------------------------------------------------------


def test_what_alone_can_be_held_is_chosen_already(desk):
    single = build.case(CaseStatus.SCORED, activity=procedures.activity(site_visit="arranged"))
    both = build.case(
        CaseStatus.SCORED, activity=procedures.activity(site_visit="arranged", defence="arranged")
    )

    chosen = [
        desk.get(arrange_page(case)).context["form"]["kind"].value() for case in (single, both)
    ]

    assert chosen == ["site_visit", None]
