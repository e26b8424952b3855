"""Whom applicants may avoid: the person an officer found, else whoever bears the name."""

from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.expressions import Combinable

from accounts.keys import NameKey
from evaluation.conflicts.avoidance_states import AvoidanceStatus
from evaluation.models import AvoidanceRequest


def admitted() -> QuerySet[Any]:
    """Return the requests that were admitted, with the name as a key to be compared."""
    rows: QuerySet[Any] = AvoidanceRequest.objects.annotate(key=NameKey("named"))
    return rows.filter(status=AvoidanceStatus.ADMITTED)


def meaning(person: Any, name: Combinable) -> QuerySet[Any]:
    """Return the admitted requests that mean a person, given by key and name.

    Values, or columns of an outer query.
    """
    return admitted().filter(Q(person=person) | Q(person=None, key=NameKey(name)))
