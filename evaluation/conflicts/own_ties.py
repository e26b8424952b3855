"""Which organisations a person may not judge, and why: shown to that person alone."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.models import Membership, Organisation, User
from evaluation.conflicts.words import ASKED, sentence
from evaluation.models import Connected, Connection, House, Tie


@dataclass(frozen=True, slots=True)
class Own:
    """One organisation, with every reason that is known."""

    organisation: Organisation
    reasons: list[str]


def of(person: User) -> list[Own]:
    """Return the ties of a person, by name; five queries, however many there are."""
    ties = Tie.objects.filter(user_id=person.pk).values("organisation_id")
    told = _by_connection(person)
    member = set(Membership.objects.filter(user=person).values_list("organisation", flat=True))
    houses = House.objects.filter(user_id=person.pk).values_list("organisation_id", flat=True)
    for key in houses:
        acts = key in member
        told[key].append(_("You act for it.") if acts else _("You work for it or advise it."))
    rows = Organisation.objects.filter(pk__in=ties).order_by("name_en", "name_zh", "pk")
    return [Own(one, told.get(one.pk) or [_not_certain()]) for one in rows]


def _by_connection(person: User) -> dict[UUID, list[str]]:
    edges = list(
        Connected.objects.filter(user_id=person.pk).values_list("organisation_id", "connection_id")
    )
    rows: Any = Connection.objects.filter(pk__in=[edge for _house, edge in edges])
    known = {row["pk"]: row for row in rows.values("pk", *ASKED)}
    found: dict[UUID, list[str]] = defaultdict(list)
    for house, edge in edges:
        found[house].append(sentence(known[edge]))
    return found


def _not_certain() -> str:
    return _(
        "You worked for it or advised it, or it has the name or the registration number of one of "
        "the others."
    )
