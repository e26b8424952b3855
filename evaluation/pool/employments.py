"""The history of an expert's employments and roles: evidence, of which nothing goes lost.

The expert adds to it and says that something has ended, not before what was last confirmed.
Anything that takes away or shortens is an officer's, with a reason. The ties are found by every
row that is no mistake, so that nobody sheds one by a form. The present employer is kept in step
here and nowhere else.
"""

import datetime as dt
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from accounts.recording import check
from core import audit, rights
from core.clock import database_now
from core.errors import DomainError
from evaluation.models import Employment, Expert
from evaluation.pool.months import first_day, last_day
from evaluation.pool.workflow import day_of

KEPT = ("kind", "name", "organisation", "since", "until", "mistaken")
WITHHELD = frozenset({"name"})  # it may tell of a person, and the chain is never rewritten


@transaction.atomic
def add(  # noqa: PLR0913 -- the columns of one row, by name
    expert_id: UUID,
    *,
    actor: User,
    kind: str,
    name: str = "",
    organisation: Organisation | None = None,
    since: dt.date | None,
    until: dt.date | None = None,
) -> Employment:
    """Write down where the expert is or was; a new employment ends the one before it."""
    expert = lock(expert_id)
    if not (rights.can(actor, "maintain", expert) or rights.can(actor, "edit", expert)):
        raise PermissionDenied(f"add to the history of expert {expert_id}")
    return record(
        expert,
        actor=actor,
        kind=kind,
        name=name,
        organisation=organisation,
        since=since,
        until=until,
    )


def record(expert: Expert, *, actor: User, **given: Any) -> Employment:
    """Write a row of the history of an expert whose row is locked."""
    own = actor.pk == expert.user_id
    now = database_now()
    row = Employment(
        expert=expert,
        source=Employment.Source.EXPERT if own else Employment.Source.OFFICER,
        recorded_by=actor,
        recorded_at=now,
    )
    _fill(row, given)
    _lies_not_ahead(row, now)
    if row.kind == Employment.Kind.EMPLOYED and row.until is None:
        _end_present(expert, row, actor)
    check(row)
    row.save(force_insert=True)
    _note("employment_added", row, actor, {"kind": row.kind, **_dates(row)})
    keep_in_step(expert)
    return row


def _end_present(expert: Expert, follower: Employment, actor: User) -> None:
    """End the employment that was the present one, with the month in which the next began."""
    present = expert.employments.filter(
        kind=Employment.Kind.EMPLOYED, until=None, mistaken=False
    ).first()
    if present is None:
        return
    if present.name.casefold() == follower.name.casefold():
        raise DomainError(_("This is written down already."), field="name")
    present.until = last_day(max(follower.since or earliest_end(present), earliest_end(present)))
    present.save(update_fields=["until"])
    _note("employment_ended", present, actor, _dates(present))


@transaction.atomic
def end(employment_id: int, *, actor: User, until: dt.date) -> Employment:
    """Say that something has ended; the expert not before the month it was last confirmed in."""
    row = _locked(employment_id)
    if not rights.can(actor, "end", row):
        raise PermissionDenied(f"end employment {employment_id}")
    if row.until is not None:
        raise DomainError(_("This has ended already. An officer can correct the date."))
    if first_day(until) < earliest_end(row):
        raise DomainError(_too_early(row, actor), field="until")
    row.until = last_day(until)
    _lies_not_ahead(row, database_now())
    check(row)
    row.save(update_fields=["until"])
    _note("employment_ended", row, actor, _dates(row))
    keep_in_step(row.expert)
    return row


def _too_early(row: Employment, actor: User) -> str:
    month = {"month": date_format(earliest_end(row), "YEAR_MONTH_FORMAT")}
    if actor.pk == row.expert.user_id:
        return (
            _(
                "You confirmed in %(month)s that this goes on. "
                "An earlier end is entered by an officer."
            )
            % month
        )
    return (
        _(
            "The expert confirmed in %(month)s that this goes on. "
            "For an earlier end correct the entry, with a reason."
        )
        % month
    )


@transaction.atomic
def correct(employment_id: int, *, actor: User, reason: str, **given: Any) -> Employment:
    """Put right what is written; what it was stays in the acts, with the officer's reason."""
    row = _locked(employment_id)
    if not rights.can(actor, "edit", row):
        raise PermissionDenied(f"correct employment {employment_id}")
    if not reason.strip():
        raise DomainError(_("Please give a reason."), field="reason")
    before = audit.values(row, KEPT)
    _fill(row, given)
    row.mistaken = given.get("mistaken", row.mistaken)
    check(row)
    row.save()
    changed = audit.differences(before, audit.values(row, KEPT), WITHHELD)
    _note("employment_corrected", row, actor, changed, reason=reason.strip())
    keep_in_step(row.expert)
    return row


def earliest_end(row: Employment) -> dt.date:
    """Return the first day of the month up to which the expert said that it goes on."""
    said = [row.recorded_at, row.expert.confirmed_at or row.recorded_at]
    return first_day(day_of(max(said)))


def keep_in_step(expert: Expert) -> None:
    """Let the row of the expert name the present employer; without one, the last.

    Who has left an employer is tied to it no less, so that no moment without a conflict arises.
    """
    present = expert.employments.filter(kind=Employment.Kind.EMPLOYED, mistaken=False).first()
    expert.employer = present.organisation if present else None
    expert.employer_name = present.name if present else ""
    expert.save(update_fields=["employer", "employer_name"])


def lock(expert_id: UUID) -> Expert:
    rows = Expert.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("user").get(pk=expert_id)


def _locked(employment_id: int) -> Employment:
    # The expert first, as every change of the history does.
    lock(Employment.objects.values_list("expert", flat=True).get(pk=employment_id))
    return Employment.objects.select_related("expert__user", "organisation").get(pk=employment_id)


def _fill(row: Employment, given: dict[str, Any]) -> None:
    for name in ("kind", "organisation", "since", "until"):
        if name in given:
            setattr(row, name, given[name])
    row.name = given.get("name", row.name).strip()
    if not row.name and row.organisation:
        row.name = row.organisation.name
    if not row.name:
        raise DomainError(_("Name the employer; conflicts are looked for by it."), field="name")
    row.since = first_day(row.since) if row.since else None
    row.until = last_day(row.until) if row.until else None
    if row.since and row.until and row.until < row.since:
        raise DomainError(_("It cannot end before it begins."), field="until")


def _lies_not_ahead(row: Employment, now: dt.datetime) -> None:
    this_month = last_day(day_of(now))
    for name in ("since", "until"):
        if (day := getattr(row, name)) is not None and day > this_month:
            raise DomainError(_("This month lies ahead."), field=name)


def _dates(row: Employment) -> dict[str, str | None]:
    return {
        "since": row.since.isoformat() if row.since else None,
        "until": row.until.isoformat() if row.until else None,
    }


def _note(
    act: str, row: Employment, actor: User, details: dict[str, Any], *, reason: str = ""
) -> None:
    audit.record(
        f"expert.{act}",
        audit.subject(row.expert),
        actor=actor,
        reason=reason,
        details={"employment": row.pk, **details},
    )
