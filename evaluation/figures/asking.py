"""Asking for the figures of an activity, and the steps of a run until they are there."""

import datetime as dt
import secrets
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from core import rights
from core.canonical import content_hash
from core.clock import database_now
from core.errors import DomainError
from core.wakeup import wake
from core.workflow import Act, Step, Workflow
from evaluation import notifications
from evaluation.figures.reading import Newest, counted, input_of, newest
from evaluation.figures.states import STATISTIC_RUN, RunStatus
from evaluation.models import ActivityCriteria, Case, StatisticRun
from evaluation.states import WITH_FIGURES
from evaluation.writes import record
from submissions.models import Activity

COMPUTE = "evaluation.compute.figures"
SEEDS = 2**53  # a number any reader of JSON keeps
DRAWS, LEVEL = 1000, Decimal("0.90")
LEASE = dt.timedelta(minutes=6)  # longer than a task may take
MOST_ATTEMPTS = 3


def progress_name(pk: UUID) -> str:
    return f"statistic-run-{pk}"


def to_choose(user: Any) -> QuerySet[Activity]:
    """List the activities whose figures this officer may ask for."""
    seen = ActivityCriteria.objects.visible_to(user)
    opened = Case.objects.filter(status__in=WITH_FIGURES)
    return Activity.objects.filter(
        pk__in=seen.values("activity"), declarations__in=opened.values("declaration")
    ).distinct()


def is_open(activity: Activity, user: Any) -> bool:
    return to_choose(user).filter(pk=activity.pk).exists()


@transaction.atomic
def ask_figures(activity: Activity, *, cut: dict[str, Any], actor: User) -> StatisticRun:
    """Owe the figures of an activity; asked again while they are owed, they are the same."""
    locked = Activity.objects.select_for_update(no_key=True).get(pk=activity.pk)
    seen = ActivityCriteria.objects.visible_to(actor).filter(activity=locked)
    if not rights.may_ever(actor, "add", StatisticRun) or not seen.exists():
        raise PermissionDenied(f"ask for the figures of activity {locked.pk}")
    if not is_open(locked, actor):
        raise DomainError(
            _("No review of this activity is complete yet: its figures are not open."),
            field="activity",
        )
    check_cut(cut)
    waiting = StatisticRun.objects.unfinished().filter(activity=locked).first()
    if waiting is None:
        waiting = _made(locked, cut, actor)
    elif not _is_same_line(waiting.cut, cut):
        raise DomainError(_("Figures with another cut line are being computed."), field="cut")
    transaction.on_commit(lambda: wake(COMPUTE))
    return waiting


def check_cut(cut: dict[str, Any]) -> None:
    """Refuse what is no line: {"points": "75"}, from 0 to 100, or {"places": 20}."""
    try:
        (kind, value) = next(iter(cut.items()))
        fits = value >= 1 if kind == "places" else 0 <= Decimal(value) <= 100
    except (StopIteration, TypeError, ArithmeticError):
        fits = False
    if not fits or len(cut) != 1:
        raise DomainError(_("Give the cut line as points or as a number of places."), field="cut")


def _is_same_line(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return one.keys() == other.keys() and all(
        Decimal(one[kind]) == Decimal(other[kind]) for kind in one
    )


def _made(activity: Activity, cut: dict[str, Any], actor: User) -> StatisticRun:
    document, present = input_of(activity), newest(activity)
    run = StatisticRun.objects.create(
        activity=activity,
        asked_by=actor,
        asked_at=database_now(),
        cut=cut,
        seed=secrets.randbelow(SEEDS),
        draws=DRAWS,
        level=LEVEL,
        input=document,
        input_hash=content_hash(document),
        sheets=present.sheets,
        newest_sheet_at=present.newest_sheet_at,
        criteria_hash=present.criteria_hash,
        generated=counted(activity).filter(generated=True).exists(),
    )
    details = {
        "activity": activity.code,
        "input": run.input_hash,
        "seed": str(run.seed),
        "draws": run.draws,
        "level": str(run.level),
        "cut": cut,
    }
    record("statistic run.asked", run, actor, details=details)
    return run


def is_stale(run: StatisticRun) -> bool:
    """Say whether sheets or criteria are others than those a computed run was worked out from."""
    present = newest(run.activity)
    judged_by = run.result.get("judged_by", {})
    then = Newest(run.sheets, run.newest_sheet_at, run.criteria_hash, judged_by)
    return then != present


# Steps ----------------------------------------------------------------------------------


def owed() -> QuerySet[StatisticRun]:
    """Return the runs no worker is at, the oldest first."""
    free = Q(claimed_at=None) | Q(claimed_at__lte=database_now() - LEASE)
    return StatisticRun.objects.unfinished().filter(free).order_by("asked_at", "pk")


def nobody_is_at_it(run: StatisticRun, act: Act) -> None:
    if run.claimed_at is not None and run.claimed_at > act.at - LEASE:
        raise DomainError(_("A worker is computing it."))


def claim(run: StatisticRun, act: Act) -> tuple[str, ...]:
    run.claimed_at, run.attempts = act.at, run.attempts + 1
    act.details["attempt"] = run.attempts
    return "claimed_at", "attempts"


def is_the_claim(run: StatisticRun, act: Act) -> None:
    """Let nobody finish what another worker began anew since."""
    if run.attempts != act.inputs["attempt"]:
        raise DomainError(_("Another worker has begun it anew."))


def keep(run: StatisticRun, act: Act) -> tuple[str, ...]:
    run.result, run.method, run.finished_at = act.inputs["result"], act.inputs["method"], act.at
    act.details.update(method=run.method, result=content_hash(run.result))
    return "result", "method", "finished_at"


def note_failure(run: StatisticRun, act: Act) -> tuple[str, ...]:
    run.why_failed, run.finished_at = act.reason[:2000], act.at
    return "why_failed", "finished_at"


def tell_ended(run: StatisticRun, _act: Act) -> None:
    notifications.figures_ended(run)


def end(run: StatisticRun, act: Act) -> tuple[str, ...]:
    run.finished_at = act.at
    return ("finished_at",)


RUNS: Workflow[StatisticRun] = Workflow(
    STATISTIC_RUN,
    StatisticRun,
    {
        "begin": Step(guards=(nobody_is_at_it,), change=claim),
        "finish": Step(guards=(is_the_claim,), change=keep, after=(tell_ended,)),
        "fail": Step(change=note_failure, after=(tell_ended,)),
        "cancel": Step(change=end),
    },
)


def sweep() -> int:
    """Wake the worker where something is owed; give up what ended a worker too often."""
    waiting = list(owed().values_list("pk", "attempts", "status"))
    lost = [pk for pk, attempts, status in waiting if _is_lost(attempts, status)]
    for pk in lost:
        give_up(pk, "The worker ended before it was done.")
    if len(waiting) > len(lost):
        wake(COMPUTE)
    return len(waiting)


def _is_lost(attempts: int, status: str) -> bool:
    return status == RunStatus.COMPUTING and attempts >= MOST_ATTEMPTS


def give_up(pk: UUID, why: str) -> None:
    RUNS.perform("fail", pk, actor=None, reason=why)
