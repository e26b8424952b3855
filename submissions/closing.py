"""Activities close by the clock, so that lists and pages say what is so."""

from uuid import UUID

import structlog

from core.clock import database_now
from core.errors import DomainError
from submissions.models import Activity
from submissions.states import ActivityStatus
from submissions.workflow import ACTIVITIES

logger = structlog.get_logger(__name__)


def close_due() -> int:
    """Close each activity whose time, and grace, is over; return how many.

    Safe to run twice at once: who comes second finds it closed. One that cannot be closed is
    logged and stands in the way of no other.
    """
    now = database_now()
    passed = Activity.objects.filter(status=ActivityStatus.OPEN, closes_at__lt=now)
    due = [one.pk for one in passed.order_by("closes_at", "pk") if one.ends_at < now]
    return sum(_close(pk) for pk in due)


def _close(pk: UUID) -> bool:
    try:
        ACTIVITIES.perform("run_out", pk, actor=None)
    except DomainError:
        return False  # somebody was quicker, or prolonged it
    except Exception:
        logger.exception("activity not closed", activity=str(pk))
        return False
    return True
