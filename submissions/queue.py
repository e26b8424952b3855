"""The officers' queue: what waits for them, the longest waiting first."""

from typing import Any

from django.db.models import Q, QuerySet

from submissions.models import Declaration
from submissions.states import Status

WAITING = (Status.SUBMITTED, Status.IN_CHECK, Status.CONTESTED)


def waiting(user: Any) -> QuerySet[Declaration]:
    """Return what the officer may read and somebody has to do something about."""
    rows = Declaration.objects.visible_to(user).filter(status__in=WAITING, version__isnull=False)
    return rows.order_by("state_since", "pk")


def neighbours(
    declaration: Declaration, user: Any
) -> tuple[Declaration | None, Declaration | None]:
    """Return what stands before and after it in the queue; two questions, however long it is."""
    since, pk = declaration.state_since, declaration.pk
    rows = waiting(user).only("number", "state_since")
    earlier = Q(state_since__lt=since) | Q(state_since=since, pk__lt=pk)
    later = Q(state_since__gt=since) | Q(state_since=since, pk__gt=pk)
    return rows.filter(earlier).last(), rows.filter(later).first()
