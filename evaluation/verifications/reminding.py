"""The enterprise, and the officers who come, are reminded of a defence or a visit."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, User
from accounts.roles import Level
from core import rights
from core.moments import written
from core.reminders import Audience, Default, Due, Event, Reader, Subject
from evaluation.models import Verification
from evaluation.verifications.states import VerificationStatus


def appointments(first: dt.datetime, last: dt.datetime) -> Iterable[Due]:
    """Yield what is arranged and held there."""
    rows = Verification.objects.filter(
        status=VerificationStatus.ARRANGED, held_at__gte=first, held_at__lte=last
    )
    found = rows.select_related("case__declaration", "arranged_by").prefetch_related("officers")
    for one in found.order_by("held_at", "pk"):
        context = {
            "row": one,
            "declaration": one.case.declaration,
            "kind": one.get_kind_display,  # called in the language of the mail
            "at": written(one.held_at),
        }
        yield Due(Subject("verification", str(one.pk)), one.held_at, str(one.case), context)


def enterprise(dues: Sequence[Due]) -> Iterable[Iterable[Reader]]:
    """Give those who file for the organisation: the page of appointments is theirs."""
    keys = [due.context["declaration"].organisation_id for due in dues]
    rows = Membership.objects.filter(
        organisation__in=keys, level__in=(Level.EDIT, Level.OWN), user__is_active=True
    )
    people: dict[UUID, list[Reader]] = {}
    for one in rows.select_related("user").order_by("pk"):
        people.setdefault(one.organisation_id, []).append(_reader(one.user, officer=False))
    return [people.get(key, []) for key in keys]


def officers(dues: Sequence[Due]) -> Iterable[Iterable[Reader]]:
    """Give who arranged it and who comes, as far as they may still report on it."""
    for due in dues:
        row: Verification = due.context["row"]
        people = {one.pk: one for one in (row.arranged_by, *row.officers.all())}
        able = [one for one in people.values() if one.is_active and rights.can(one, "report", row)]
        yield [_reader(one, officer=True) for one in able]


def _reader(person: User, *, officer: bool) -> Reader:
    context = {"reader": person, "officer": officer}
    return Reader(str(person.pk), person.email, person.language, context)


def seen(keys: Iterable[str], person: Any) -> set[str]:
    rows = Verification.objects.visible_to(person).filter(pk__in=list(keys))
    return {str(key) for key in rows.values_list("pk", flat=True)}


APPOINTMENT = Event(
    name="verification.held",
    label=_("A defence or an on-site verification is held"),
    template="verification_reminder",
    due=appointments,
    audiences={
        "enterprise": Audience(_("those who file for the organisation"), enterprise),
        "officers": Audience(_("the officers who arranged it or take part"), officers),
    },
    seen=seen,
    defaults=(
        Default(-3, "enterprise"),
        Default(-1, "enterprise"),
        Default(-1, "officers"),
    ),
)
