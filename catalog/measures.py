"""Measures on a listing: one officer proposes, the holder is heard, another officer confirms.

The step of the technology is taken with the confirmation, in the same transaction. A suspension
that cannot wait holds from its proposal on, and lapses unless it is confirmed in time.
Locks: proposing takes the technology; a step takes the measure and then the technology.
"""

import datetime as dt

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog import measure_mails, renewing
from catalog.measure_states import MEASURE, MeasureKind, MeasureStatus
from catalog.models import ListingMeasure, Technology
from catalog.states import TechnologyStatus
from catalog.workflow import TECHNOLOGIES
from core.clock import database_now
from core.errors import DomainError
from core.workflow import Act, Step, Workflow
from evaluation.clarifications.clarifying import end_of
from evaluation.pool.profiles import each

LONGEST = 4000  # characters of a text
LONGEST_RENEWAL = 10  # years
NOT_CONFIRMED = gettext_lazy("The suspension was not confirmed by a second officer.")


def day_of_end(day: dt.date | None, technology: Technology, today: dt.date) -> dt.date:
    if day is None:
        raise DomainError(_("Say until which day the listing is renewed."), field="valid_until")
    if day <= max(technology.valid_until, today):
        raise DomainError(_("A renewed listing ends later than before."), field="valid_until")
    if day.year > today.year + LONGEST_RENEWAL:
        raise DomainError(
            _("At most %(years)d years from now.") % {"years": LONGEST_RENEWAL},
            field="valid_until",
        )
    return day


def officer_is_another(measure: ListingMeasure, act: Act) -> None:
    if act.actor is None or measure.proposed_by_id == act.actor.pk:
        raise DomainError(_("A second officer decides on the measure: you proposed it yourself."))


def has_not_lapsed(measure: ListingMeasure, act: Act) -> None:
    """What holds at once is over at its moment, whenever the portal comes to lift it."""
    if measure.lapses_at is not None and act.at >= measure.lapses_at:
        raise DomainError(_("It has lapsed: it was not confirmed in time."))


def holder_was_heard(measure: ListingMeasure, act: Act) -> None:
    if measure.due_on is None or measure.answered_at is not None:
        return
    if act.arrived_at < end_of(measure.due_on):
        raise DomainError(_("The holder can still answer. Wait for the answer, or for the day."))


def particulars_hold(measure: ListingMeasure, act: Act) -> None:
    """Renew what the holder said still holds, and no other end than a later one.

    Where nobody acts for the holder of an earlier listing, the officers' evidence says it.
    """
    if measure.kind != MeasureKind.RENEW:
        return
    on_evidence = measure.evidence and renewing.nobody_can_be_asked(measure.technology)
    if not on_evidence and renewing.standing_request(measure.technology) is None:
        raise DomainError(_("The holder has not said yet that the particulars still hold."))
    day_of_end(measure.valid_until, measure.technology, timezone.localdate(act.at))


def sign(measure: ListingMeasure, act: Act) -> tuple[str, ...]:
    measure.confirmed_by, measure.confirmed_at = act.actor, act.at
    act.details.update(technology=str(measure.technology_id), kind=measure.kind)
    return "confirmed_by", "confirmed_at"


def carry_out(measure: ListingMeasure, _act: Act) -> None:
    if not measure.at_once:
        take_step(measure)
        return
    # It holds already; what became of the listing since is not overwritten.
    technology = _locked(measure)
    if technology.status != TechnologyStatus.SUSPENDED:
        raise DomainError(TECHNOLOGIES.not_now(technology))
    measure_mails.suspension_confirmed(measure)


def take_step(measure: ListingMeasure) -> None:
    """Take the step of the technology that the measure is about."""
    TECHNOLOGIES.perform(
        measure.kind,
        measure.technology_id,
        actor=None,
        reason=measure.reason,
        statement=measure.statement,
        until=measure.valid_until,
        measure=measure.pk,
    )


def _locked(measure: ListingMeasure) -> Technology:
    return Technology.objects.select_for_update(no_key=True).get(pk=measure.technology_id)


def note_end(measure: ListingMeasure, act: Act) -> tuple[str, ...]:
    measure.dropped_because = act.reason
    return ("dropped_because",)


def lift(measure: ListingMeasure, act: Act) -> None:
    """List again what was suspended at once and is not confirmed; what ran out expires."""
    if not measure.at_once:
        return
    technology = _locked(measure)
    if technology.status != TechnologyStatus.SUSPENDED:
        return
    if technology.valid_until < timezone.localdate(act.at):
        TECHNOLOGIES.perform("expire", technology.pk, actor=None, measure=measure.pk)
        return
    with translation.override(settings.LANGUAGE_CODE):  # not that of whoever came last
        reason = str(NOT_CONFIRMED)
    TECHNOLOGIES.perform(
        "resume",
        measure.technology_id,
        actor=None,
        reason=reason,
        statement=NOT_CONFIRMED,
        measure=measure.pk,
    )


def tell_dropped(measure: ListingMeasure, _act: Act) -> None:
    measure_mails.dropped(measure)


def is_heard(measure: ListingMeasure, act: Act) -> None:
    if measure.due_on is None:
        raise DomainError(_("Nothing is asked of the holder here."))
    if measure.answered_at is not None:
        raise DomainError(_("This has been answered already."))
    if act.arrived_at >= end_of(measure.due_on):
        raise DomainError(_("The day until which this could be answered has passed."))


def keep_answer(measure: ListingMeasure, act: Act) -> tuple[str, ...]:
    text = str(act.inputs.get("answer") or "").strip()
    if not text:
        raise DomainError(_("Write the answer."), field="answer")
    if len(text) > LONGEST:
        said = _("The text is too long: at most %(most)d characters.") % {"most": LONGEST}
        raise DomainError(said, field="answer")
    measure.answer, measure.answered_by, measure.answered_at = text, act.actor, act.at
    return "answer", "answered_by", "answered_at"


def tell_answered(measure: ListingMeasure, _act: Act) -> None:
    measure_mails.answered(measure)


def time_is_over(measure: ListingMeasure, act: Act) -> None:
    if measure.lapses_at is None or act.at < measure.lapses_at:
        raise DomainError(_("There is still time to confirm it."))


MEASURES: Workflow[ListingMeasure] = Workflow(
    MEASURE,
    ListingMeasure,
    {
        "confirm": Step(
            guards=(officer_is_another, has_not_lapsed, holder_was_heard, particulars_hold),
            change=sign,
            after=(carry_out,),
        ),
        "send_back": Step(
            guards=(officer_is_another,), change=note_end, after=(lift, tell_dropped)
        ),
        "withdraw": Step(change=note_end, after=(lift, tell_dropped)),
        "answer": Step(guards=(is_heard,), change=keep_answer, after=(tell_answered,)),
        "lapse": Step(guards=(time_is_over,), after=(lift, tell_dropped)),
    },
    shown="hear",
)


def lapse_due() -> int:
    """End what holds at once and was not confirmed in time; return how many. Safe to run twice."""
    open_ones = ListingMeasure.objects.filter(status=MeasureStatus.PROPOSED)
    due = open_ones.filter(lapses_at__lte=database_now()).order_by("lapses_at", "pk")
    return each(
        due.values_list("pk", flat=True), lambda pk: MEASURES.perform("lapse", pk, actor=None)
    )
