"""The end of publicity, by the clock."""

from uuid import UUID

import structlog

from core.clock import database_now
from core.errors import TransitionError
from evaluation.models import Case
from evaluation.objection_states import OPEN
from evaluation.states import CaseStatus
from evaluation.workflow import CASES

logger = structlog.get_logger(__name__)


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
    return sum(_clear(pk) for pk in due.values_list("pk", flat=True))


def _clear(pk: UUID) -> bool:
    try:
        CASES.perform("clear", pk, actor=None)
    except TransitionError:
        return False  # somebody was quicker
    except Exception:
        logger.exception("publicity not ended", case=str(pk))
        return False
    return True
