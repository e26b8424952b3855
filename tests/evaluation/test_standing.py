"""What the enterprise reads about its declaration, and what it cannot infer."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime

from evaluation.states import CaseStatus
from evaluation.verifications.verifying import VERIFICATIONS
from submissions import standing
from submissions.models import Declaration
from tests.builders import accounts, clock, objections, verifications
from tests.builders import evaluation as build

pytestmark = pytest.mark.django_db


def words(case):
    declaration = Declaration.objects.get(pk=case.declaration_id)
    return str(standing.of([declaration])[declaration.pk].label)


@pytest.mark.parametrize(
    ("status", "label"),
    [
        (CaseStatus.AWAITING, "Under evaluation"),
        (CaseStatus.IN_REVIEW, "Under evaluation"),
        (CaseStatus.SCORED, "Under evaluation"),
        (CaseStatus.DECIDED, "Under evaluation"),
        (CaseStatus.PUBLICITY, "In publicity"),
        (CaseStatus.CLEARED, "Listed"),  # says the catalogue, which it came into
        (CaseStatus.NOT_INCLUDED, "Not included"),
    ],
)
def test_the_enterprise_reads_one_word_until_the_release(status, label):
    assert words(build.case(status)) == label


def test_a_deferred_case_is_called_so():
    assert words(build.released_case("deferred")) == "Deferred"


def test_the_statement_is_in_the_story_after_the_release():
    case = build.released_case()
    declaration = Declaration.objects.get(pk=case.declaration_id)

    (event,) = standing.of([declaration])[declaration.pk].events

    assert (str(event.title), event.text) == ("Decision: included", "The experts agree.")


def test_a_list_costs_the_same_for_one_case_and_for_three():
    cases = [build.released_case() for _n in range(3)]
    rows = list(Declaration.objects.filter(case__in=cases))

    with CaptureQueriesContext(connection) as one:
        standing.of(rows[:1])
    with CaptureQueriesContext(connection) as three:
        standing.of(rows)

    # Decisions, timetables, questions, appointments, objections, and the catalogue's.
    assert (len(one), len(three)) == (6, 6)


def waits(row):
    """Return what stands beside the links of the declaration's own page."""
    declaration = Declaration.objects.get(pk=row.case.declaration_id)
    return {str(one.label): one.note for one in standing.of([declaration])[declaration.pk].pages}


def test_the_page_says_what_waits_of_objections_and_until_when():
    row = objections.admitted()
    objections.received(row.case)
    client = accounts.signed_in(accounts.owner_of(row.case.declaration.organisation))
    address = reverse("submissions:declaration-detail", args=[row.case.declaration_id])
    assert row.respond_until
    day = date_format(row.respond_until, "DATE_FORMAT")

    one, page = waits(row)["Objections"], client.get(address).content.decode()
    objections.admitted(row.case)
    two = waits(row)["Objections"]
    for objection in row.case.objections.filter(status="admitted"):
        objections.respond(objection)

    assert (one, two) == (f"1 to answer until {day}", f"2 to answer until {day}")
    assert f"Objections</a> – 1 to answer until {day}" in page
    assert waits(row)["Objections"] == ""


def test_the_page_says_when_an_appointment_is_and_that_it_was_held():
    row = verifications.arranged()
    day = date_format(localtime(row.held_at), "DATE_FORMAT")
    past = verifications.held()
    before = waits(row)["Appointments"]
    VERIFICATIONS.perform("cancel", row.pk, actor=accounts.officer(), reason="No train goes.")

    held = date_format(localtime(past.held_at), "DATE_FORMAT")
    assert (before, waits(row)["Appointments"]) == (f"on {day}", "")
    assert waits(past)["Appointments"] == f"held on {held}"


def test_whether_an_appointment_was_held_is_said_by_the_clock_of_the_portal():
    row = verifications.arranged()
    day = date_format(localtime(row.held_at), "DATE_FORMAT")

    clock.stop(row.held_at - dt.timedelta(seconds=1))
    before = waits(row)["Appointments"]
    clock.stop(row.held_at)

    assert (before, waits(row)["Appointments"]) == (f"on {day}", f"held on {day}")


def test_the_clock_is_asked_once_for_all_appointments():
    rows = [verifications.arranged().case.declaration for _n in range(2)]

    def asked(declarations):
        with CaptureQueriesContext(connection) as queries:
            standing.of(declarations)
        return len(queries)

    assert asked(rows) == asked(rows[:1])


# Non-interference -----------------------------------------------------------------------


def pages(case, owner):
    """Return all the enterprise sees of its declaration, without what differs at each look."""
    client = accounts.signed_in(owner)
    addresses = [
        reverse("submissions:declaration-list"),
        reverse("submissions:declaration-detail", args=[case.declaration_id]),
        reverse("submissions:declaration-version", args=[case.declaration_id, 1]),
        reverse("submissions:declaration-receipt", args=[case.declaration_id, 1]),
        reverse("evaluation:publicity-list"),
        reverse("evaluation:decision-detail", args=[case.declaration_id]),
        reverse("evaluation:work-list"),
        reverse("admin:evaluation_case_change", args=[case.pk]),
    ]
    return {address: _seen(client.get(address)) for address in addresses}


def _seen(response):
    text = response.content.decode()
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", text)
    headers = {
        name: value
        for name, value in response.headers.items()
        if name not in ("X-Request-Id", "Set-Cookie", "Date", "Content-Length")
    }
    return response.status_code, headers, text


def test_the_enterprise_cannot_tell_whether_there_are_experts_sheets_or_a_decision():
    case = build.case(experts_wanted=5)
    owner = accounts.owner_of(case.declaration.organisation)
    before = pages(case, owner)
    told = list(build.mails_to(owner))

    build.assign(case)
    invited = pages(case, owner)
    build.score_all(case)
    scored = pages(case, owner)
    build.decide(case)
    decided = pages(case, owner)

    assert build.reread(case).status == CaseStatus.DECIDED
    assert before == invited == scored == decided
    assert list(build.mails_to(owner)) == told
    build.release(case)
    assert pages(case, owner) != before
