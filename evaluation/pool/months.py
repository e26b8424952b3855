"""Dates that are exact to the month: the first day of one, the last day of another. Pure."""

import calendar
import datetime as dt
import re

WRITTEN = re.compile(r"^\s*(\d{4})\s*[-/.年]\s*(\d{1,2})\s*(?:月|[-/.]\s*\d{1,2})?\s*$")


def read(text: str) -> dt.date | None:
    """Return the first day of the month that is written; None when it is no month."""
    found = WRITTEN.match(text)
    if found is None:
        return None
    year, month = int(found[1]), int(found[2])
    return dt.date(year, month, 1) if 1900 <= year <= 2100 and 1 <= month <= 12 else None


def first_day(day: dt.date) -> dt.date:
    return day.replace(day=1)


def last_day(day: dt.date) -> dt.date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])
