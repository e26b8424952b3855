"""By when something is to be done: so many working days, or a day the officer picks."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.timezone import get_default_timezone, localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.clock import database_now
from reference import working_days
from reference.working_days import Counted

DAYS = 10  # the usual time for corrections
MOST_DAYS = 250


def due_fields(*, required: bool = False) -> dict[str, forms.Field]:
    """Return the two inputs of a form; what they come to tells ``due_day``."""
    counted = after_today(DAYS)
    instead = gettext_lazy(
        "A day picked here stands instead of the working days. Until the end of the day, "
        "Beijing time."
    )
    neither = gettext_lazy(
        "A day picked here stands instead of the working days. Until the end of the day, "
        "Beijing time. Both empty: no day is set."
    )
    return {
        "due_days": forms.IntegerField(
            label=gettext_lazy("Working days"),
            required=False,
            initial=DAYS,
            min_value=1,
            max_value=MOST_DAYS,
            help_text=f"{_in_words(counted)} {warning(counted)}".strip(),
        ),
        "due_on": forms.DateField(
            label=gettext_lazy("Due"),
            required=False,
            widget=forms.DateInput(attrs={"type": "date"}),
            help_text=instead if required else neither,
        ),
    }


def due_day(cleaned: dict[str, Any]) -> dt.date | None:
    """Return the day that was picked, or the one counted out; None when neither was."""
    if cleaned.get("due_on") or not cleaned.get("due_days"):
        picked: dt.date | None = cleaned.get("due_on")
        return picked
    return after_today(cleaned["due_days"]).day


def after_today(days: int) -> Counted:
    return working_days.after(localtime(database_now(), get_default_timezone()).date(), days)


def later_than(day: dt.date) -> dt.date:
    """Return the day that is the usual time after another."""
    return working_days.after(day, DAYS).day


def warning(counted: Counted) -> str:
    """Say of which years no calendar was there to count by; empty when all were."""
    return of_years(counted.years_not_loaded)


def of_years(missing: Iterable[int]) -> str:
    """Say that these years were counted without a calendar; empty when there are none."""
    years = _(", ").join(str(year) for year in missing)
    if not years:
        return ""
    return _("The calendar of %(years)s is not loaded: only weekends are left out.") % {
        "years": years
    }


def _in_words(counted: Counted) -> str:
    text = ngettext(
        "%(count)d working day from today ends on %(day)s.",
        "%(count)d working days from today end on %(day)s.",
        DAYS,
    )
    return text % {"count": DAYS, "day": counted.day.isoformat()}
