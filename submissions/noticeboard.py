"""Where an activity stands for the world: coming, open, under evaluation, in publicity, past."""

import datetime as dt
from collections.abc import Callable
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, TextChoices, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from submissions.activities import OVER
from submissions.models import Activity, Declaration
from submissions.states import ActivityStatus, Status

Fact = dict[str, Any]  # as components/data_list.html takes it
Source = Callable[[Activity], list[Fact]]
Holds = Callable[[], QuerySet[Any]]  # rows of something else, of the activity OuterRef("pk")
_sources: list[Source] = []
# Filed, and neither accepted nor given up; besides, what is returned and may still be corrected.
WAITING = (Status.SUBMITTED, Status.IN_CHECK, Status.CONTESTED)


class Phase(TextChoices):
    OPEN = "open", _("Open")
    COMING = "coming", _("Coming")
    RUNNING = "running", _("Under evaluation")
    PUBLICITY = "publicity", _("In publicity")
    PAST = "past", _("Past")


_phases: dict[Phase, list[Holds]] = {}


def register(source: Source) -> None:
    """Let a higher app say what it knows of an activity to the world; from its ready()."""
    _sources.append(source)


def facts(activity: Activity) -> list[Fact]:
    return [fact for source in _sources for fact in source(activity)]


def register_phase(phase: Phase, holds: Holds) -> None:
    """Let a higher app say which closed activities stand there; from its ready()."""
    _phases.setdefault(phase, []).append(holds)


def placed(rows: QuerySet[Activity], now: dt.datetime) -> QuerySet[Any]:
    """Add ``stands``: where each activity stands at this moment of the database's clock."""
    whens = [When(condition(phase, now), then=Value(phase.value)) for phase in Phase]
    return rows.annotate(stands=Case(*whens, default=Value(Phase.COMING.value)))


def condition(phase: Phase, now: dt.datetime) -> Q:
    """Return where an activity stands as a condition on rows; what is prepared is nowhere yet.

    One that is closed is under evaluation as long as something filed there waits for an answer;
    then it is what it is told to be from above, and past when nothing is.
    """
    takes = Q(status=ActivityStatus.OPEN, closes_at__gte=now)
    ended = ~Q(status__in=OVER) & Q(closes_at__lt=now)
    closed, running = Q(status=ActivityStatus.CLOSED), _waiting(now) | _told(Phase.RUNNING)
    public = _told(Phase.PUBLICITY)
    return {
        Phase.OPEN: takes & Q(opens_at__lte=now),
        Phase.COMING: takes & Q(opens_at__gt=now),
        Phase.RUNNING: ended | closed & running,
        Phase.PUBLICITY: closed & ~running & public,
        Phase.PAST: Q(status=ActivityStatus.CONCLUDED) | closed & ~running & ~public,
    }[phase]


def _waiting(now: dt.datetime) -> Q:
    in_time = Q(corrections_due_on=None) | Q(corrections_due_on__gte=timezone.localdate(now))
    waits = Q(status__in=WAITING) | Q(status=Status.RETURNED) & in_time
    return Q(Exists(Declaration.objects.filter(waits, activity=OuterRef("pk"))))


def _told(phase: Phase) -> Q:
    return reduce(or_, (Q(Exists(holds())) for holds in _phases.get(phase, [])), Q(pk__in=[]))
