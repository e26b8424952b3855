"""Connections beside employments, and the rules by which they count: the writes.

An expert declares the own ones; officers record what they found, end it, or say that it never
was so, with a reason. Nothing is deleted. Who has the connection takes none away from themself.
"""

import datetime as dt
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.recording import check
from core import audit, rights
from core.clock import database_now
from core.errors import DomainError
from evaluation.models import ConflictRule, Connection, Expert, Nomination
from evaluation.pool.employments import lock
from evaluation.pool.workflow import day_of
from evaluation.writes import demand_ever

Kind = Connection.Kind
PERSON = frozenset(set(Kind) - {Kind.GROUP})
PEOPLE = frozenset({Kind.KIN, Kind.CO_INVENTOR, Kind.JOINT_PROJECT})
HOUSES = frozenset({Kind.GROUP, Kind.SHAREHOLDER})
# What an expert says of the own person; the history of employments has a place of its own.
DECLARED = PERSON - {Kind.EMPLOYED, Kind.REVIEWER, Kind.NOMINATING_UNIT}
# The chain is never rewritten: what tells of a person stays in the row, which can be blanked.
KEPT = ("kind", "organisation", "other_organisation", "began_on", "ended_on")


@transaction.atomic
def record(*, actor: User, **given: Any) -> Connection:
    """Write down a connection that an officer found, with where it is written."""
    demand_ever(actor, "add", Connection)
    return _write(Connection(**given), actor)


@transaction.atomic
def declare(expert_id: UUID, *, actor: User, kind: str, **given: Any) -> Connection:
    """Let an expert declare a connection of their own."""
    expert = lock(expert_id)
    if actor.pk != expert.user_id or not rights.can(actor, "maintain", expert):
        raise PermissionDenied(f"declare a connection of expert {expert_id}")
    if kind not in DECLARED:
        raise DomainError(_("Choose a kind of connection."), field="kind")
    return _write(Connection(person=expert.user, kind=kind, **given), actor)


def note_nomination(expert: Expert, nomination: Nomination) -> None:
    """Write down by which unit an expert was nominated, when they have consented."""
    if not nomination.unit:
        return
    today = day_of(database_now())
    row = Connection(
        kind=Kind.NOMINATING_UNIT,
        person=expert.user,
        organisation=nomination.organisation,
        organisation_name=nomination.unit,
        began_on=today,
        ended_on=today,
        source=_("Nomination"),
    )
    # Of what follows from its nomination, a member of an enterprise does nothing.
    _write(row, None if nomination.by_organisation else nomination.nominated_by)


def _write(row: Connection, actor: User | None) -> Connection:
    row.recorded_by, row.recorded_at = actor, database_now()
    row.organisation_name = row.organisation_name.strip()
    row.source = row.source.strip()
    if row.person and row.organisation and not row.organisation_name:
        row.organisation_name = row.organisation.name
    _has_two_ends(row)
    _is_told(row)
    _lies_in_order(row)
    check(row)
    row.save(force_insert=True)
    audit.record(
        "connection.recorded",
        audit.subject(row),
        actor=actor,
        details={"persons": _persons(row), **audit.values(row, KEPT)},
    )
    return row


def _persons(row: Connection) -> list[str]:
    return [str(pk) for pk in (row.person_id, row.other_person_id) if pk]


def _has_two_ends(row: Connection) -> None:
    """Refuse what connects nothing, or what its kind does not connect."""
    named = bool(row.organisation or row.organisation_name)
    if row.person and row.other_person:
        if named or row.other_organisation:
            raise DomainError(
                _("Give two ends: a person and an organisation, two people, or two organisations.")
            )
        if row.person == row.other_person:
            raise DomainError(_("Nobody is connected with themself."), field="other_person")
        allowed = PEOPLE
    elif row.person and named and not row.other_organisation:
        allowed = PERSON
    elif row.organisation and row.other_organisation and not (row.person or row.other_person):
        _are_two_houses(row)
        allowed = HOUSES
    else:
        raise DomainError(
            _("Give two ends: a person and an organisation, two people, or two organisations.")
        )
    if row.kind not in allowed:
        raise DomainError(_("This kind does not connect these two ends."), field="kind")


def _are_two_houses(row: Connection) -> None:
    row.organisation_name = ""
    if row.organisation == row.other_organisation:
        raise DomainError(
            _("An organisation is not connected with itself."), field="other_organisation"
        )


def _is_told(row: Connection) -> None:
    if not row.source:
        raise DomainError(_("Say where this is known from."), field="source")


def _lies_in_order(row: Connection) -> None:
    today = day_of(database_now())
    for name in ("began_on", "ended_on"):
        if (day := getattr(row, name)) is not None and day > today:
            raise DomainError(_("This day lies ahead."), field=name)
    if row.began_on and row.ended_on and row.ended_on < row.began_on:
        raise DomainError(_("It cannot end before it begins."), field="ended_on")


@transaction.atomic
def correct(
    connection_id: int,
    *,
    actor: User,
    reason: str,
    ended_on: dt.date | None = None,
    mistaken: bool = False,
) -> Connection:
    """Say that a connection has ended, or that it never was; for good, and with a reason."""
    rows = Connection.objects.select_for_update(of=("self",), no_key=True)
    row = rows.select_related("person", "organisation").get(pk=connection_id)
    if not rights.can(actor, "edit", row):
        raise PermissionDenied(f"correct connection {connection_id}")
    if not reason.strip():
        raise DomainError(_("Please give a reason."), field="reason")
    before = audit.values(row, ("ended_on", "mistaken"))
    if row.mistaken:
        raise DomainError(_("It was found to be a mistake. Record it anew if it is so after all."))
    row.ended_on, row.mistaken = ended_on, mistaken
    _lies_in_order(row)
    row.save(update_fields=["ended_on", "mistaken"])
    audit.record(
        "connection.corrected",
        audit.subject(row),
        actor=actor,
        reason=reason.strip(),
        details=audit.differences(before, audit.values(row, ("ended_on", "mistaken"))),
    )
    return row


# The rules --------------------------------------------------------------------------------


@transaction.atomic
def change_rule(
    kind: str, *, actor: User, reason: str, bars: bool, years: int | None
) -> ConflictRule:
    """Say from now on whether a kind bars, and for how many years after its end."""
    rule = ConflictRule.objects.select_for_update(no_key=True).get(pk=kind)
    if not rights.can(actor, "edit", rule):
        raise PermissionDenied(f"change the rule of {kind}")
    if not reason.strip():
        raise DomainError(_("Please give a reason."), field="reason")
    if kind == ConflictRule.Kind.EMPLOYED and not bars:
        raise DomainError(_("Nobody judges whom they work for."), field="bars")
    before = audit.values(rule, ("bars", "years"))
    rule.bars, rule.years = bars, years
    check(rule)
    rule.save(update_fields=["bars", "years"])
    audit.record(
        "conflict rule.changed",
        audit.subject(rule),
        actor=actor,
        reason=reason.strip(),
        details=audit.differences(before, audit.values(rule, ("bars", "years"))),
    )
    return rule


# Whoever one ever worked for, advised, or is kin to counts for ever (domain.md 2.3); these two do
# not bind for life. Who judged an earlier declaration is looked for as far back, and barred only
# where an officer says so: in most programmes it is no bar, in some it is (docs/adr/0016).
YEARS = {
    ConflictRule.Kind.JOINT_PROJECT: 5,
    ConflictRule.Kind.NOMINATING_UNIT: 5,
    ConflictRule.Kind.JUDGED: 5,
}
SHOWN = frozenset({ConflictRule.Kind.JUDGED})


def restore_rules(using: str, model: Any) -> None:
    """Lay down the rules the portal comes with; those an officer changed stay."""
    known = set(model.objects.using(using).values_list("kind", flat=True))
    model.objects.using(using).bulk_create(
        model(kind=kind, bars=kind not in SHOWN, years=YEARS.get(kind))
        for kind in ConflictRule.Kind
        if kind not in known
    )
