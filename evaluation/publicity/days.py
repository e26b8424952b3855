"""How long a publicity lasts, counted in calendar days or in working days. No database here."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from reference.calendars import Exceptions, add_working_days, is_working_day, years_not_loaded

ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Count:
    """Days counted out: the last one, those that did not count, years without a calendar."""

    days: int
    working: bool
    last: dt.date
    skipped: tuple[dt.date, ...] = ()
    years_not_loaded: tuple[int, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {
            "days": self.days,
            "working": self.working,
            "skipped": [one.isoformat() for one in self.skipped],
            "years_not_loaded": list(self.years_not_loaded),
        }


def count(began: dt.date, days: int, *, working: bool, exceptions: Exceptions) -> Count:
    """Count out so many days after the day it began, which does not count."""
    if not working:
        return Count(days, working, began + days * ONE_DAY)
    last = add_working_days(began, days, exceptions)
    between = (began + number * ONE_DAY for number in range(1, (last - began).days + 1))
    skipped = tuple(day for day in between if not is_working_day(day, exceptions))
    years = years_not_loaded(began, last, exceptions) if days else []
    return Count(days, working, last, skipped, tuple(years))


def end(began: dt.datetime, counted: Count, zone: dt.tzinfo) -> dt.datetime:
    """Return when it is over: midnight after the last day; no days: as it begins."""
    if counted.days == 0:
        return began
    return dt.datetime.combine(counted.last + ONE_DAY, dt.time(), tzinfo=zone)
