"""How the end of a publicity is counted out: laws, and days of the calendar of China."""

import datetime as dt

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from core.models import AuditEntry
from evaluation.models import Case
from evaluation.publicity.days import count, end
from evaluation.states import CaseStatus
from reference.models import WorkingDayException
from tests.builders import accounts, clock, procedures
from tests.builders import evaluation as build
from tests.reading import text

ZONE = dt.timezone(dt.timedelta(hours=8))
DAYS = st.dates(dt.date(2024, 1, 1), dt.date(2027, 12, 31))
EXCEPTIONS = st.dictionaries(DAYS, st.booleans(), max_size=60)
COUNTS = st.integers(0, 40)


def working(began, days, exceptions):
    return count(began, days, working=True, exceptions=exceptions)


@given(DAYS, COUNTS, EXCEPTIONS, st.booleans())
def test_it_is_never_over_before_so_many_days(began, days, exceptions, is_working):
    found = count(began, days, working=is_working, exceptions=exceptions)

    assert (found.last - began).days == days + len(found.skipped)


@given(DAYS, COUNTS, EXCEPTIONS, DAYS)
def test_a_further_holiday_never_shortens_it(began, days, exceptions, holiday):
    assert working(began, days, exceptions | {holiday: False}).last >= (
        working(began, days, exceptions).last
    )


@given(DAYS, COUNTS, EXCEPTIONS)
def test_a_day_more_is_at_least_a_day_longer(began, days, exceptions):
    assert working(began, days + 1, exceptions).last > working(began, days, exceptions).last


@given(DAYS, st.times(), EXCEPTIONS, st.booleans())
def test_no_days_are_over_at_once(began, time, exceptions, is_working):
    moment = dt.datetime.combine(began, time, tzinfo=ZONE)
    counted = count(began, 0, working=is_working, exceptions=exceptions)

    assert end(moment, counted, ZONE) == moment
    assert (counted.skipped, counted.years_not_loaded) == ((), ())


def test_calendar_days_skip_nothing():
    found = count(dt.date(2026, 9, 28), 7, working=False, exceptions={})

    assert (found.last, found.skipped) == (dt.date(2026, 10, 5), ())


@pytest.mark.django_db
def test_the_national_day_of_2026_is_left_out():
    exceptions = WorkingDayException.objects.of("CN")

    found = working(dt.date(2026, 9, 29), 3, exceptions)

    # The 30th, the 8th and 9th; the days between are holidays by the notice for 2026.
    assert found.last == dt.date(2026, 10, 9)
    assert found.skipped == tuple(dt.date(2026, 10, day) for day in range(1, 8))
    assert found.years_not_loaded == ()


@pytest.mark.django_db
def test_the_end_is_fixed_as_it_begins_and_says_how_it_was_counted():
    activity = procedures.activity(working_days=True, publicity_days=5, experts_wanted=1)
    decided = build.case(CaseStatus.DECIDED, activity=activity)
    clock.stop(dt.datetime(2026, 12, 30, 1, 0, tzinfo=dt.UTC))  # a Wednesday

    case = build.release(decided)

    assert case.publicity_ends_at == dt.datetime(2027, 1, 7, tzinfo=ZONE)
    assert case.publicity_count == {
        "days": 5,
        "working": True,
        "skipped": ["2027-01-02", "2027-01-03"],
        "years_not_loaded": [2027],
    }
    act = AuditEntry.objects.get(act="case.begin_publicity")
    assert act.details["publicity"] == {
        **case.publicity_count,
        "ends_at": "2027-01-06T16:00:00+00:00",
    }
    WorkingDayException.objects.create(
        country_id="CN", date=dt.date(2027, 1, 4), is_working=False, names={"en": "x"}, source="x"
    )
    assert Case.objects.get(pk=case.pk).publicity_ends_at == case.publicity_ends_at


@pytest.mark.django_db
@pytest.mark.parametrize(("loaded", "says"), [(True, False), (False, True)])
def test_a_calendar_that_is_missing_is_told_before_the_release(loaded, says):
    activity = procedures.activity(working_days=True, publicity_days=9, experts_wanted=1)
    case = build.case(CaseStatus.DECIDED, activity=activity)
    if not loaded:
        WorkingDayException.objects.all().delete()
    officer = accounts.signed_in(accounts.officer())
    release = reverse("admin:evaluation_case_step", args=[case.pk, "release"])
    procedure = reverse("admin:evaluation_procedure_change", args=[activity.procedure.pk])
    line = "is not loaded: only weekends are left out"

    pages = [text(officer.get(address)) for address in (release, procedure)]

    assert [line in page for page in pages] == [says, says]
