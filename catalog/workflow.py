"""What each step of a technology, of a destination and of a token asks and does."""

from typing import Any
from uuid import UUID

import structlog
from django.db import transaction
from django.utils import timezone

from catalog import steps
from catalog.models import ApiToken, Destination, Technology
from catalog.states import DESTINATION, TECHNOLOGY, TOKEN
from catalog.sync.deliveries import DRAIN
from core.clock import database_now
from core.errors import DomainError
from core.wakeup import wake
from core.workflow import Act, Step, Workflow

logger = structlog.get_logger(__name__)

TECHNOLOGIES: Workflow[Technology] = Workflow(
    TECHNOLOGY,
    Technology,
    {
        "suspend": Step(change=steps.show_state_only, after=(steps.publish,)),
        "resume": Step(change=steps.show_again, after=(steps.publish,)),
        "expire": Step(
            guards=(steps.has_run_out,), change=steps.show_state_only, after=(steps.publish,)
        ),
        "renew": Step(
            guards=(steps.end_is_given,), change=steps.extend_and_show, after=(steps.publish,)
        ),
        "withdraw": Step(change=steps.bury, after=(steps.publish,)),
        "revoke": Step(change=steps.bury, after=(steps.publish,)),
    },
)


def wake_worker(_destination: Destination, _act: Act) -> None:
    transaction.on_commit(lambda: wake(DRAIN))


DESTINATIONS: Workflow[Destination] = Workflow(
    DESTINATION, Destination, {"resume": Step(after=(wake_worker,))}
)

TOKENS: Workflow[ApiToken] = Workflow(TOKEN, ApiToken)


def perform(name: str, pk: UUID, *, actor: Any, reason: str = "", **inputs: Any) -> Technology:
    """Take a step of a technology; see ``core.workflow.Workflow.perform``. Measures take it."""
    return TECHNOLOGIES.perform(name, pk, actor=actor, reason=reason, **inputs)


def expire_due() -> int:
    """Let the listings run out whose last day has passed; return how many did."""
    today = timezone.localdate(database_now())
    due = Technology.objects.listed().filter(valid_until__lt=today).order_by("number")
    expired = 0
    for pk in list(due.values_list("pk", flat=True)):
        try:
            perform("expire", pk, actor=None)
        except DomainError:
            # Somebody was quicker, or renewed it; the next look decides.
            logger.info("not expired", technology=str(pk), exc_info=True)
        else:
            expired += 1
    return expired
