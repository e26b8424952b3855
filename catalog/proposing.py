"""Proposing a measure on a listing: what may be proposed, and what it is made of."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.recording import check
from catalog import measure_mails, renewing
from catalog.measure_states import DROPPED, HEARD, MeasureKind, MeasureStatus
from catalog.measures import LONGEST, day_of_end, take_step
from catalog.models import ListingMeasure, Technology
from catalog.states import TECHNOLOGY
from catalog.workflow import TECHNOLOGIES
from core import audit, rights
from core.clock import database_now
from core.errors import DomainError
from evaluation.clarifications.clarifying import day_of, end_of

LATEST = 90  # days a holder may be given to answer


@transaction.atomic
def propose(technology_id: UUID, *, actor: User, kind: str, **given: Any) -> ListingMeasure:
    """Propose a step of a technology; ``given``: the columns of a measure that are filled in.

    The texts ``reason`` and ``statement``, ``evidence``, ``valid_until`` of a renewal, ``due_on``
    of what the holder is heard about, ``at_once`` of a suspension that cannot wait.
    """
    technology = Technology.objects.select_for_update(no_key=True).get(pk=technology_id)
    if not rights.can(actor, "propose", technology):
        raise PermissionDenied(f"propose a measure on technology {technology_id}")
    now = database_now()
    measure = ListingMeasure(
        technology=technology, kind=kind, proposed_by=actor, proposed_at=now, **_texts(given)
    )
    _fits(measure, technology)
    _fill(measure, given, day_of(now))
    check(measure)
    measure.save(force_insert=True)
    audit.record(
        "listing measure.proposed",
        audit.subject(measure),
        actor=actor,
        change=("", measure.status),
        reason=measure.reason,
        details={"technology": str(technology.pk), "kind": kind, "at_once": measure.at_once},
    )
    if measure.at_once:
        take_step(measure)
    asks_holder = renewing.standing_request(technology) is None
    measure_mails.proposed(measure, asks_holder=asks_holder)
    return measure


def _texts(given: dict[str, Any]) -> dict[str, str]:
    texts = {
        name: str(given.get(name) or "").strip() for name in ("reason", "statement", "evidence")
    }
    for name, text in texts.items():
        if len(text) > LONGEST:
            said = _("The text is too long: at most %(most)d characters.") % {"most": LONGEST}
            raise DomainError(said, field=name)
    if not texts["reason"]:
        raise DomainError(_("Please give a reason."), field="reason")
    if not texts["statement"]:
        raise DomainError(_("Write a statement to the holder."), field="statement")
    return texts


def _fits(measure: ListingMeasure, technology: Technology) -> None:
    if measure.kind not in MeasureKind.values:
        raise DomainError(_("Choose a measure."), field="kind")
    if technology.status not in TECHNOLOGY.step(measure.kind).sources:
        raise DomainError(TECHNOLOGIES.not_now(technology), field="kind")
    # Whoever confirms one in this moment still has it open: it is refused, and nobody waits.
    if technology.measures.filter(status=MeasureStatus.PROPOSED).exists():
        raise DomainError(_("A measure on this listing is open. Decide on it first."))
    if measure.kind == MeasureKind.WITHDRAW and not measure.evidence:
        raise DomainError(
            _("Say how the holder asked for it: by whom, when, in what letter."), field="evidence"
        )

    if measure.kind == MeasureKind.RENEW and not measure.evidence:
        _has_somebody_to_ask(technology)


def _has_somebody_to_ask(technology: Technology) -> None:
    if renewing.nobody_can_be_asked(technology):
        raise DomainError(
            _(
                "Nobody acts for this holder in the portal: say on what evidence the particulars "
                "still hold."
            ),
            field="evidence",
        )


def _fill(measure: ListingMeasure, given: dict[str, Any], today: dt.date) -> None:
    if measure.kind in HEARD:
        measure.due_on = _day_to_answer(given.get("due_on"), today)
    if measure.kind == MeasureKind.RENEW:
        measure.valid_until = day_of_end(given.get("valid_until"), measure.technology, today)
    if given.get("at_once"):
        if measure.kind != MeasureKind.SUSPEND:
            raise DomainError(_("Only a suspension can hold at once."), field="at_once")
        _is_not_repeated(measure)
        days = dt.timedelta(days=settings.LISTING_EMERGENCY_DAYS)
        measure.at_once, measure.lapses_at = True, measure.proposed_at + days
        if measure.due_on and end_of(measure.due_on) >= measure.lapses_at:
            raise DomainError(
                _("What holds at once lapses after %(days)d days: let the holder answer before.")
                % {"days": settings.LISTING_EMERGENCY_DAYS},
                field="due_on",
            )


def _is_not_repeated(measure: ListingMeasure) -> None:
    """What one officer did at once and nobody confirmed, the same one does not do again."""
    days = settings.LISTING_EMERGENCY_AGAIN_DAYS
    earlier = measure.technology.measures.filter(
        at_once=True,
        status__in=DROPPED,
        proposed_by=measure.proposed_by,
        lapses_at__gte=measure.proposed_at - dt.timedelta(days=days),
    )
    if earlier.exists():
        raise DomainError(
            _(
                "You suspended this listing at once in the last %(days)d days, and no second "
                "officer confirmed it. Another officer can suspend it at once."
            )
            % {"days": days},
            field="at_once",
        )


def _day_to_answer(day: dt.date | None, today: dt.date) -> dt.date:
    if day is None:
        raise DomainError(_("Say until which day the holder can answer."), field="due_on")
    if day < today:
        raise DomainError(_("This day has passed already."), field="due_on")
    if day > today + dt.timedelta(days=LATEST):
        raise DomainError(
            _("This is more than %(days)d days away.") % {"days": LATEST}, field="due_on"
        )
    return day
