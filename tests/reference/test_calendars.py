import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference.calendars import add_working_days, is_working_day, years_not_loaded
from reference.models import WorkingDayException

DAYS = st.dates(dt.date(2024, 1, 1), dt.date(2027, 12, 31))
EXCEPTIONS = st.dictionaries(DAYS, st.booleans(), max_size=60)
COUNTS = st.integers(0, 60)


@given(DAYS, COUNTS, COUNTS, EXCEPTIONS)
def test_periods_add_up(start: dt.date, first: int, second: int, exceptions: dict[dt.date, bool]):
    in_two = add_working_days(add_working_days(start, first, exceptions), second, exceptions)

    assert in_two == add_working_days(start, first + second, exceptions)


@given(DAYS, COUNTS, EXCEPTIONS)
def test_period_holds_exactly_its_working_days(
    start: dt.date, days: int, exceptions: dict[dt.date, bool]
):
    end = add_working_days(start, days, exceptions)

    period = [start + dt.timedelta(n) for n in range(1, (end - start).days + 1)]
    assert sum(is_working_day(day, exceptions) for day in period) == days


@given(DAYS, st.integers(1, 60), EXCEPTIONS)
def test_period_ends_on_a_working_day(start: dt.date, days: int, exceptions: dict[dt.date, bool]):
    assert is_working_day(add_working_days(start, days, exceptions), exceptions)


@given(DAYS, st.integers(0, 40))
def test_without_exceptions_a_week_has_five_days(start: dt.date, weeks: int):
    monday = start - dt.timedelta(start.weekday())

    assert add_working_days(monday, 5 * weeks, {}) == monday + dt.timedelta(weeks=weeks)


def test_zero_days_give_the_start_even_at_a_weekend():
    saturday = dt.date(2026, 11, 21)

    assert add_working_days(saturday, 0, {}) == saturday


def test_negative_period_is_refused():
    with pytest.raises(ValueError, match="cannot be negative"):
        add_working_days(dt.date(2026, 1, 1), -1, {})


def test_years_not_loaded_names_each_year_of_the_period():
    loaded = {dt.date(2025, 1, 1): False}

    assert years_not_loaded(dt.date(2024, 12, 30), dt.date(2026, 1, 5), loaded) == [2024, 2026]
    assert years_not_loaded(dt.date(2025, 3, 1), dt.date(2025, 4, 1), loaded) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        # Over the Spring Festival of 2025; Saturday 8 February is worked.
        (dt.date(2025, 1, 27), 1, dt.date(2025, 2, 5)),
        (dt.date(2025, 2, 5), 3, dt.date(2025, 2, 8)),
        # Over the eight days of October 2025; Sunday 28 September and Saturday 11 October worked.
        (dt.date(2025, 9, 26), 4, dt.date(2025, 10, 9)),
        (dt.date(2025, 9, 30), 3, dt.date(2025, 10, 11)),
        # Over the Spring Festival of 2026, nine days; Saturdays 14 and 28 February worked.
        (dt.date(2026, 2, 13), 2, dt.date(2026, 2, 24)),
        (dt.date(2026, 2, 24), 4, dt.date(2026, 2, 28)),
        # From an ordinary Friday.
        (dt.date(2026, 7, 3), 1, dt.date(2026, 7, 6)),
        # 2027 is not loaded: Monday to Friday only, New Year's Day included.
        (dt.date(2026, 12, 31), 1, dt.date(2027, 1, 1)),
    ],
)
def test_chinese_calendar(start: dt.date, days: int, end: dt.date):
    assert add_working_days(start, days, WorkingDayException.objects.of("CN")) == end


@pytest.mark.django_db
def test_chinese_calendar_has_the_days_of_two_notices():
    calendar = WorkingDayException.objects.of("CN")

    counts = {
        (year, worked): sum(d.year == year and w is worked for d, w in calendar.items())
        for year in (2025, 2026)
        for worked in (False, True)
    }
    assert counts == {(2025, False): 28, (2025, True): 5, (2026, False): 33, (2026, True): 6}
    assert sorted(day for day, worked in calendar.items() if worked) == [
        dt.date(2025, 1, 26),
        dt.date(2025, 2, 8),
        dt.date(2025, 4, 27),
        dt.date(2025, 9, 28),
        dt.date(2025, 10, 11),
        dt.date(2026, 1, 4),
        dt.date(2026, 2, 14),
        dt.date(2026, 2, 28),
        dt.date(2026, 5, 9),
        dt.date(2026, 9, 20),
        dt.date(2026, 10, 10),
    ]
    assert WorkingDayException.objects.of("PK") == {}
