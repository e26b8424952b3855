"""What the things with a date have in common: the last moment of a day, who sees, who reads."""

import calendar
import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db.models import Model
from django.utils.timezone import get_default_timezone, localtime

from core import rights
from core.reminders import Due, Reader

_LAST = dt.time(23, 59, 59, 999999)


def last_moment(day: dt.date) -> dt.datetime:
    """Return when something due on a day is due: at the end of it, where the portal is."""
    return dt.datetime.combine(day, _LAST, tzinfo=get_default_timezone())


def months_after(day: dt.date, months: int) -> dt.date:
    """Return the same day so many months later, or before; of a 31st, the last there is."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return dt.date(year, month + 1, min(day.day, last))


def first_moment(day: dt.date) -> dt.datetime:
    """Return when a day begins where the portal is."""
    return dt.datetime.combine(day, dt.time.min, tzinfo=get_default_timezone())


def days(first: dt.datetime, last: dt.datetime) -> tuple[dt.date, dt.date]:
    """Return the days of two moments, where the portal is."""
    zone = get_default_timezone()
    return localtime(first, zone).date(), localtime(last, zone).date()


def seen(model: type[Model]) -> Callable[[Iterable[str], Any], set[str]]:
    """Return what says which rows of a model, by key, a person may know of."""

    def seen_by(keys: Iterable[str], person: Any) -> set[str]:
        rows = rights.visible(model._default_manager.filter(pk__in=list(keys)), person)
        return {str(key) for key in rows.values_list("pk", flat=True)}

    return seen_by


def reader(person: Any, **context: Any) -> Reader:
    """Make a reader of a person with an account; the mail calls them ``reader``."""
    return Reader(str(person.pk), person.email, person.language, {"reader": person, **context})


def oneself(name: str) -> Callable[[Sequence[Due]], Iterable[Iterable[Reader]]]:
    """Return the audience of dates that each belong to one person: ``name`` in their context."""
    return lambda dues: [[reader(due.context[name].user)] for due in dues]
