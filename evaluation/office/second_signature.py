"""The page of the second signature: what was decided, and what follows, before the button."""

import datetime as dt
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from core.clock import database_now
from core.forms import StepForm
from core.moments import written
from evaluation import procedures
from evaluation.letters.forms import facts_of
from evaluation.letters.states import COUNTING
from evaluation.models import Case, Decision, FeedbackLetter
from evaluation.office import still_missing
from evaluation.panel import deciding
from evaluation.publicity import ending as publicity


class SecondSignatureForm(StepForm):
    """Shows the second officer what is to be released, or sent back."""

    def facts(self) -> list[tuple[Any, Any]]:
        decision = Decision.objects.standing().select_related("decided_by").get(case=self.obj)
        return [
            *still_missing.facts(self),
            (_("Outcome"), decision.get_outcome_display()),
            (_("Total"), decision.total),
            (_("Decided by"), decision.decided_by),
            (_("Statement to the enterprise"), decision.statement),
            *self._panel(decision),
            *self._calendar(),
            *self._letter(),
            *self._follows(decision),
        ]

    def _panel(self, decision: Decision) -> list[tuple[Any, Any]]:
        """Show what the panel proposed when it was decided, and why that was not followed."""
        told = deciding.told_of(decision)
        if told is None:
            return []
        proposal, reason = told
        shown = [(_("Proposal of the panel"), capfirst(str(proposal.label)))]
        return [*shown, (_("Reason for deciding otherwise"), reason)] if reason else shown

    def _calendar(self) -> list[tuple[Any, Any]]:
        """Say so before it is fixed that an end is counted out without a calendar."""
        said = publicity.warning(self.obj.declaration.activity, database_now())
        return [(_("Publicity"), said)] if said else []

    def _follows(self, decision: Decision) -> list[tuple[Any, Any]]:
        if self.transition.name == "send_back":
            return []
        for_caepi = self.transition.name == "co_release"
        said = _what_follows(self.obj, decision, database_now(), for_caepi=for_caepi)
        return [(_("What follows"), said)]

    def _letter(self) -> list[tuple[Any, Any]]:
        letter = FeedbackLetter.objects.filter(case=self.obj, status__in=COUNTING).first()
        if letter is None:
            return []
        return [(_("Feedback letter"), letter.get_status_display()), *facts_of(letter)]


def _what_follows(case: Case, decision: Decision, now: dt.datetime, *, for_caepi: bool) -> str:
    """Say what comes of the signature: what is waited for, or the mail, publicity and listing."""
    how = procedures.of(case.declaration.activity)
    waits = []
    if how.co_release and not for_caepi and decision.co_released_at is None:
        waits.append(_("The decision waits for the signature for CAEPI."))
    if how.release_at is not None and how.release_at > now:
        said = _("The decision waits for the moment of the release: %(moment)s.")
        waits.append(said % {"moment": written(how.release_at)})
    mailed = _("Then the enterprise gets a mail.") if waits else _("The enterprise gets a mail.")
    lines = [*waits, mailed]
    if decision.outcome == Decision.Outcome.INCLUDED:
        lines.append(_to_the_listing(case, None if waits else now))
    return "\n".join(lines)


def _to_the_listing(case: Case, begins: dt.datetime | None) -> str:
    """Say how it goes on; ``begins``: when the publicity does, where that is known."""
    activity = case.declaration.activity
    if activity.publicity_days == 0:
        return _("This activity has no publicity: the technology is listed at once.")
    if begins is None:
        return _("After that it is in publicity, and then listed.")
    day = timezone.localtime(begins, timezone.get_default_timezone()).date()
    said = _(
        "It is in publicity until the end of %(day)s and then listed, "
        "unless an objection is upheld."
    )
    last = publicity.counted_from(activity, day).last
    return said % {"day": date_format(last, "DATE_FORMAT")}
