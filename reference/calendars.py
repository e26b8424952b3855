"""Which days are working days: Monday to Friday, but for the exceptions of a country's notices.

No database here: ``exceptions`` maps a day to whether it is worked. Where no calendar of a year
is loaded, the week decides alone, and ``years_not_loaded`` lets the page say so.
"""

import datetime as dt
from collections.abc import Mapping

Exceptions = Mapping[dt.date, bool]

SATURDAY = 5
ONE_DAY = dt.timedelta(days=1)


def is_working_day(day: dt.date, exceptions: Exceptions) -> bool:
    return exceptions.get(day, day.weekday() < SATURDAY)


def add_working_days(start: dt.date, days: int, exceptions: Exceptions) -> dt.date:
    """Return the ``days``-th working day after ``start``; the day of ``start`` does not count.

    Zero days give ``start`` itself, worked or not. A negative number is refused.
    """
    if days < 0:
        raise ValueError("A period of working days cannot be negative.")
    day = start
    while days:
        day += ONE_DAY
        days -= is_working_day(day, exceptions)
    return day


def shift_working_days(day: dt.date, days: int, exceptions: Exceptions) -> dt.date:
    """Return the working day that lies ``days`` after ``day``; before it when negative."""
    step = ONE_DAY if days > 0 else -ONE_DAY
    left = abs(days)
    while left:
        day += step
        left -= is_working_day(day, exceptions)
    return day


def years_not_loaded(first: dt.date, last: dt.date, exceptions: Exceptions) -> list[int]:
    """Return the years from ``first`` to ``last`` of which no exception is known."""
    loaded = {day.year for day in exceptions}
    return [year for year in range(first.year, last.year + 1) if year not in loaded]
