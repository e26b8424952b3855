"""Ties of officers who took part: who need be no expert, and whom a tie may have reached since."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, UUIDField, Value
from django.db.models.functions import Cast
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.keys import NumberKey
from accounts.models import Organisation, User
from evaluation.conflicts import avoided
from evaluation.conflicts.finding import Kind, keyed, numbered
from evaluation.models import House, LateBar, Tie, TiedName
from submissions.models import Declaration, JointConfirmation
from submissions.states import Status

SAID: dict[str, str | Promise] = {
    "tie": _(
        "The officer acts for the organisation, works or worked for it, advised it, "
        "or is connected with it."
    ),
    "joint": _(
        "The officer acts for a joint applicant of this version, works or worked for it, "
        "advised it, or is connected with it."
    ),
    "competing": _("The officer’s own organisation declares in the same activity."),
    "avoided": Kind.AVOIDED.label,
    "late": Kind.LATE.label,
}


def tied(people: Iterable[UUID], declaration: Declaration) -> dict[UUID, list[str]]:
    """Return why each of the people may not judge a declaration; one query."""
    keys = list(people)
    ties = Tie.objects.filter(user_id__in=keys)
    applicants = keyed(
        JointConfirmation.objects.filter(
            declaration=declaration.pk, version=declaration.version_id
        ).annotate(registered=NumberKey("registration_number"))
    )
    named = applicants.filter(Q(key_en=OuterRef("key")) | Q(key_zh=OuterRef("key")))
    same = applicants.filter(registered=OuterRef("registered"), country=OuterRef("country"))
    entries = numbered(Organisation.objects.all()).filter(Exists(same))
    rivals = taking_part().filter(activity=declaration.activity_id)
    houses = House.objects.filter(user_id__in=keys).exclude(
        organisation_id=declaration.organisation_id
    )
    names = TiedName.objects.filter(Exists(named), user_id__in=keys)
    asked = avoided.meaning(OuterRef("pk"), OuterRef("name")).filter(declaration=declaration)
    rows = _as("tie", ties.filter(organisation_id=declaration.organisation_id), "user_id").union(
        _as("joint", ties.filter(organisation_id__in=entries.values("pk")), "user_id"),
        _as("joint", names, "user_id"),
        _as(
            "late",
            LateBar.objects.filter(declaration_id=declaration.pk, user_id__in=keys),
            "user_id",
        ),
        _as(
            "competing",
            houses.filter(organisation_id__in=rivals.values("organisation")),
            "user_id",
        ),
        _as("avoided", User.objects.filter(Exists(asked), pk__in=keys), "pk"),
    )
    found: dict[UUID, list[str]] = {}
    for person, kind in sorted(rows):
        found.setdefault(person, []).append(str(SAID[kind]))
    return found


def taking_part() -> QuerySet[Declaration]:
    """Return the declarations that compete with the others of their activity."""
    return Declaration.objects.exclude(status__in=(Status.WITHDRAWN, Status.REJECTED))


def _as(kind: str, rows: QuerySet[Any], person: str) -> QuerySet[Any, Any]:
    told = rows.order_by().annotate(who=Cast(person, UUIDField()), kind=Value(kind))
    pairs: QuerySet[Any, Any] = told.values_list("who", "kind")
    return pairs
