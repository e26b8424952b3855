"""Draws the plans that are asked for. For the compute worker alone: it brings the solver.

What is owed lies in PostgreSQL: a plan that is asked for, or was begun by a worker that is gone, is
computed by whoever comes next. One at a time computes a plan, by a lock that goes with the worker's
connection; twice the same inputs and seed are the same plan, and only the first is stored.
"""

import time
from collections.abc import Callable
from uuid import UUID

import structlog
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F

from core import progress
from core.alone import alone
from core.clock import database_now
from core.errors import DomainError, TransitionError
from evaluation.assignment import solve
from evaluation.assignment.plan import Plan
from evaluation.models import AssignmentPlan, PlanInputs, PlanSeat
from evaluation.planning import facts, fitting, words
from evaluation.planning.asking import progress_name
from evaluation.planning.documents import Document, document, problem_of, seal, wanted
from evaluation.planning.outcomes import of_plan
from evaluation.planning.states import AT_WORK, PlanStatus
from evaluation.planning.workflow import perform_plan

logger = structlog.get_logger(__name__)

MOST_ATTEMPTS = 3  # words.ENDED_AGAIN says so
LOOK_EVERY = 0.2  # seconds between two looks whether somebody cancelled


def compute_all() -> int:
    """Compute every plan that waits; return how many came to an end."""
    waiting = AssignmentPlan.objects.filter(status__in=AT_WORK).order_by("asked_at", "pk")
    return sum(compute(pk) for pk in list(waiting.values_list("pk", flat=True)))


def compute(pk: UUID) -> bool:
    """Compute one plan, unless somebody does or it is done with; say whether it came to an end."""
    with alone(f"evaluation.plan.{pk}") as mine:
        if not mine:
            return False
        try:
            return _compute(pk)
        except (OperationalError, InterfaceError):
            raise  # the database is gone: whoever comes next computes it
        except (solve.Cancelled, TransitionError):
            return False  # somebody cancelled it
        except Exception as error:
            logger.exception("plan not computed", plan=str(pk))
            return _give_up(pk, str(error) if isinstance(error, DomainError) else words.FAULT)


def _compute(pk: UUID) -> bool:
    plan = AssignmentPlan.objects.select_related("activity", "base").get(pk=pk)
    if plan.status not in AT_WORK:
        return False
    if plan.attempts >= MOST_ATTEMPTS:
        return _give_up(pk, words.ENDED_AGAIN)
    AssignmentPlan.objects.filter(pk=pk).update(attempts=F("attempts") + 1)
    if plan.status == PlanStatus.ASKED:
        perform_plan("begin", pk, actor=None)
    inputs = read_inputs(plan)
    drawn = _draw(plan, inputs.document)
    _store(plan, inputs, drawn)
    progress.finish(progress_name(plan))
    return True


def read_inputs(plan: AssignmentPlan) -> PlanInputs:
    """Return what the plan is drawn from, as it was first read."""
    known = PlanInputs.objects.filter(plan=plan).first()
    if known is not None:
        return known
    with transaction.atomic():
        found = facts.read(plan.activity)
        if not found.rows or not any(one.available for one in found.columns):
            raise DomainError(words.NOTHING_TO_DRAW)
        earlier = plan.base.seats.values_list("case", "expert") if plan.base else ()
        given = document(found, fitting.fit(found), wanted(plan, earlier))
        return PlanInputs.objects.create(
            plan=plan, document=given, content_hash=seal(given), read_at=database_now()
        )


def _draw(plan: AssignmentPlan, given: Document) -> Plan:
    name = progress_name(plan)

    def tell(step: str, _share: float) -> None:
        progress.advance(name, done=solve.STEPS.index(step), note=step)

    return solve.plan(problem_of(given), plan.seed, progress=tell, cancelled=_looking(plan.pk))


def _looking(pk: UUID) -> Callable[[], bool]:
    """Return a question whether the plan was cancelled, asked of the database now and then."""
    looked, gone = 0.0, False

    def cancelled() -> bool:
        nonlocal looked, gone
        if time.monotonic() - looked >= LOOK_EVERY:
            here = AssignmentPlan.objects.filter(pk=pk, status=PlanStatus.COMPUTING)
            looked, gone = time.monotonic(), not here.exists()
        return gone

    return cancelled


def _store(plan: AssignmentPlan, inputs: PlanInputs, drawn: Plan) -> None:
    problem = problem_of(inputs.document)
    fixed = {tuple(pair) for pair in inputs.document["fixed"]}
    seats = [
        PlanSeat(
            case_id=UUID(problem.declarations[row]),
            expert_id=UUID(problem.experts[column]),
            standing=(row, column) in fixed,
            points=int(problem.points[row, column]),
        )
        for row, column in drawn.pairs.tolist()
    ]
    perform_plan(
        "clash" if drawn.missing else "finish",
        plan.pk,
        actor=None,
        outcome=of_plan(drawn),
        seats=seats,
        inputs_hash=inputs.content_hash,
    )


def _give_up(pk: UUID, why: str) -> bool:
    plan = AssignmentPlan.objects.get(pk=pk)
    try:
        perform_plan("fail", pk, actor=None, reason=why)
    except TransitionError:
        return False  # somebody cancelled it
    progress.fail(progress_name(plan), why)
    return True
