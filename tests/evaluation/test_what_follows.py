"""What an officer is told to follow from the second signature, and what the enterprise reads."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from evaluation.models import Decision
from evaluation.states import CaseStatus
from tests.builders import accounts, procedures
from tests.builders import evaluation as build
from tests.reading import text

pytestmark = pytest.mark.django_db

AT_ONCE = "This activity has no publicity: the technology is listed at once."
UNTIL = "It is in publicity until the end of"
MAIL = "The enterprise gets a mail."


def step(case, name="release"):
    desk = accounts.signed_in(accounts.second_officer())
    return text(desk.get(reverse("admin:evaluation_case_step", args=[case.pk, name])))


def decided(days, **how):
    return build.case(CaseStatus.DECIDED, experts_wanted=1, publicity_days=days, **how)


def test_without_publicity_the_listing_follows_at_once_and_the_page_says_so():
    page = step(decided(0))

    assert AT_ONCE in page
    assert MAIL in page
    assert UNTIL not in page


def test_with_a_publicity_its_last_day_is_named():
    page = step(decided(7))

    last = timezone.localdate() + dt.timedelta(days=7)
    day = date_format(last, "DATE_FORMAT")
    assert f"{UNTIL} {day} and then listed, unless an objection is upheld." in page
    assert AT_ONCE not in page


def test_what_is_not_included_is_neither_made_public_nor_listed():
    page = step(decided(0, outcome=Decision.Outcome.NOT_INCLUDED))

    assert MAIL in page
    assert (AT_ONCE in page, UNTIL in page) == (False, False)


def test_what_waits_says_for_what():
    later = timezone.now() + dt.timedelta(days=60)
    activity = procedures.activity(release_at=later, experts_wanted=1)

    page = step(build.case(CaseStatus.DECIDED, activity=activity))

    assert "The decision waits for the moment of the release:" in page
    assert "After that it is in publicity, and then listed." in page
    assert "Then the enterprise gets a mail." in page


def test_sending_back_says_nothing_of_a_listing():
    assert AT_ONCE not in step(decided(0), "send_back")


@pytest.mark.parametrize(("days", "publicity"), [(0, False), (7, True)])
def test_the_enterprise_reads_of_a_publicity_only_where_there_was_one(days, publicity):
    status = CaseStatus.PUBLICITY if days else CaseStatus.CLEARED
    case = build.case(status, experts_wanted=1, publicity_days=days)
    owner = accounts.signed_in(accounts.owner_of(case.declaration.organisation))

    page = text(owner.get(reverse("evaluation:decision-detail", args=[case.declaration_id])))

    today = timezone.localdate()
    until, listed = (
        date_format(day, "DATE_FORMAT") for day in (today + dt.timedelta(days=days), today)
    )
    said = f"<dt>In publicity until the end of</dt><dd>{until}</dd>"
    assert (said in page, "In publicity until the end of" in page) == (publicity, publicity)
    said = f"<dt>Listed on</dt><dd>{listed}</dd>"
    assert (said in page, "Listed on" in page) == (not publicity, not publicity)
