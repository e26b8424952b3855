"""The enterprise, and the experts and officers who come, are reminded of a defence or a visit."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from accounts import holders
from accounts.models import Membership, User
from accounts.roles import Level
from core.moments import written
from core.reminders import Audience, Default, Due, Event, Reader, Subject
from evaluation.conflicts import pairs
from evaluation.models import Expert, Verification
from evaluation.pool.states import IN_POOL
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
        people.setdefault(one.organisation_id, []).append(_reader(one.user, "enterprise"))
    return [people.get(key, []) for key in keys]


def officers(dues: Sequence[Due]) -> Iterable[Iterable[Reader]]:
    """Give who arranged it and who comes, as far as they may still report on it."""
    rows: list[Verification] = [due.context["row"] for due in dues]
    wanted = [{one.pk: one for one in (row.arranged_by, *row.officers.all())} for row in rows]
    people = (one for some in wanted for one in some.values())
    may = holders.able(people, "report", Verification.objects.filter(pk__in=[r.pk for r in rows]))
    for row, some in zip(rows, wanted, strict=True):
        yield [_reader(one, "officer") for one in some.values() if (one.pk, row.pk) in may]


def experts(dues: Sequence[Due]) -> Iterable[Iterable[Reader]]:
    """Give the experts who take part, but who left the pool or has a conflict by now."""
    visits: list[Verification] = [due.context["row"] for due in dues]
    rows = Verification.experts.through.objects.filter(
        verification__in=[one.pk for one in visits],
        expert__status__in=sorted(IN_POOL),
        expert__user__is_active=True,
    )
    people: dict[UUID, list[Expert]] = {}
    for one in rows.select_related("expert__user").order_by("pk"):
        people.setdefault(one.verification_id, []).append(one.expert)
    keys = list({one.pk for some in people.values() for one in some})
    out = pairs.out([one.case for one in visits], keys)
    for visit in visits:
        free = [one for one in people.get(visit.pk, []) if (visit.case_id, one.pk) not in out]
        yield [_reader(one.user, "expert") for one in free]


def _reader(person: User, who: str) -> Reader:
    return Reader(str(person.pk), person.email, person.language, {"reader": person, "who": who})


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
        "experts": Audience(_("the experts who take part"), experts),
        "officers": Audience(_("the officers who arranged it or take part"), officers),
    },
    seen=seen,
    defaults=(
        Default(-3, "enterprise"),
        Default(-1, "enterprise"),
        Default(-3, "experts"),
        Default(-1, "experts"),
        Default(-1, "officers"),
    ),
)
