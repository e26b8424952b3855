"""The working days of the portal's country, as officers keep them."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from reference.calendars import add_working_days, shift_working_days, years_not_loaded
from reference.models import WorkingDayException

COUNTRY = "CN"


@dataclass(frozen=True, slots=True)
class Counted:
    """A day counted out, and the years of which no calendar was there to count by."""

    day: dt.date
    years_not_loaded: tuple[int, ...]


def counter() -> Callable[[dt.date, int], dt.date]:
    """Return what counts for ``core.reminders``; the calendar is read once."""
    exceptions = WorkingDayException.objects.of(COUNTRY)
    return lambda day, days: shift_working_days(day, days, exceptions)


def after(start: dt.date, days: int) -> Counted:
    """Return the day so many working days after ``start``, which itself does not count."""
    exceptions = WorkingDayException.objects.of(COUNTRY)
    day = add_working_days(start, days, exceptions)
    return Counted(day, tuple(years_not_loaded(start, day, exceptions)))
