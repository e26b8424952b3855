"""Where an activity stands for the world: coming, open, under evaluation, past."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db.models import Q, TextChoices
from django.utils.translation import gettext_lazy as _

from submissions.activities import OVER
from submissions.models import Activity
from submissions.states import ActivityStatus

Fact = dict[str, Any]  # as components/data_list.html takes it
Source = Callable[[Activity], list[Fact]]
_sources: list[Source] = []


class Phase(TextChoices):
    OPEN = "open", _("Open")
    COMING = "coming", _("Coming")
    RUNNING = "running", _("Under evaluation")
    PAST = "past", _("Past")


def register(source: Source) -> None:
    """Let a higher app say what it knows of an activity to the world; from its ready()."""
    _sources.append(source)


def facts(activity: Activity) -> list[Fact]:
    return [fact for source in _sources for fact in source(activity)]


def phase_of(activity: Activity, now: dt.datetime) -> Phase:
    """Say where one stands at this moment of the database's clock."""
    if activity.status == ActivityStatus.CONCLUDED:
        return Phase.PAST
    if activity.status in OVER or now > activity.closes_at:
        return Phase.RUNNING
    takes = activity.status == ActivityStatus.OPEN and now >= activity.opens_at
    return Phase.OPEN if takes else Phase.COMING


def condition(phase: Phase, now: dt.datetime) -> Q:
    """Return the same as a condition on rows that everybody may see."""
    is_open = Q(status=ActivityStatus.OPEN)
    return {
        Phase.OPEN: is_open & Q(opens_at__lte=now, closes_at__gte=now),
        Phase.COMING: is_open & Q(opens_at__gt=now, closes_at__gte=now),
        Phase.RUNNING: Q(status=ActivityStatus.CLOSED) | is_open & Q(closes_at__lt=now),
        Phase.PAST: Q(status=ActivityStatus.CONCLUDED),
    }[phase]
