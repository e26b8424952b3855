"""What the clock does with cases: decisions made known, publicity ended."""

from uuid import UUID

import structlog

from core.clock import database_now
from core.errors import DomainError, TransitionError
from evaluation import releasing
from evaluation.models import Case
from evaluation.objections.states import OPEN
from evaluation.states import CaseStatus
from evaluation.workflow import CASES

logger = structlog.get_logger(__name__)


def release_due_decisions() -> int:
    """Make known every signed decision nothing waits for; return how many. Safe to run twice."""
    return sum(_take("make_known", pk) for pk in releasing.due())


def end_due_publicity() -> int:
    """Clear every case whose publicity is over, one transaction each; return how many.

    Safe to run twice at once: who comes second finds the case cleared already. A case that
    cannot be cleared is logged and stands in the way of no other.
    """
    due = Case.objects.filter(
        status=CaseStatus.PUBLICITY, publicity_ends_at__lte=database_now()
    ).order_by("publicity_ends_at", "pk")
    # What is objected to waits; it is asked again under the lock.
    due = due.exclude(objections__status__in=OPEN)
    return sum(_take("clear", pk) for pk in due.values_list("pk", flat=True))


def _take(step: str, pk: UUID) -> bool:
    try:
        CASES.perform(step, pk, actor=None)
    except TransitionError:
        return False  # somebody was quicker
    except DomainError:
        logger.warning("case waits for an officer", step=step, case=str(pk))
        return False
    except Exception:
        logger.exception("case not moved on by the clock", step=step, case=str(pk))
        return False
    return True
