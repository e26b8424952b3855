"""What each step of a technology, of a destination and of a token asks and does."""

import datetime as dt
from typing import Any
from uuid import UUID

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone, translation

from catalog import attesting, steps
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
    """Let the listings run out whose last day has passed, or that nobody confirmed for too long.

    Return how many did.
    """
    now = database_now()
    over = Q(valid_until__lt=timezone.localdate(now))
    due = Technology.objects.listed().filter(over | attesting.lapsing(now)).order_by("number")
    expired = 0
    for one in list(due.only("pk", "valid_until")):
        try:
            perform("expire", one.pk, actor=None, **_why(one, now))
        except DomainError:
            # Somebody was quicker, or renewed or confirmed it; the next look decides.
            logger.info("not expired", technology=str(one.pk), exc_info=True)
        else:
            expired += 1
    return expired


def _why(technology: Technology, now: dt.datetime) -> dict[str, Any]:
    """Say why what is still valid expires; a last day that has passed needs no reason."""
    if technology.valid_until < timezone.localdate(now):
        return {}
    with translation.override(settings.LANGUAGE_CODE):  # not that of whoever came last
        return {"reason": str(attesting.LAPSED), "statement": attesting.LAPSED}
