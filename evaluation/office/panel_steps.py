"""The pages on which an officer confirms a step of a panel meeting: what it lacks, what follows."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from core.clock import database_now
from core.forms import StepForm
from evaluation.models import PanelMeeting
from evaluation.panel import mails, readiness, rooms

Facts = list[tuple[Any, Any]]


class MeetingStepForm(StepForm):
    """A step that says before the button what happens, and what is missing."""

    obj: PanelMeeting

    def facts(self) -> Facts:
        missing = list(self.missing())
        shown: Facts = []
        if missing:
            shown.append((_("Still missing"), "\n".join(missing)))
        return [*shown, *self.notes(), (_("What follows"), "\n".join(self.follows()))]

    def missing(self) -> Iterator[str]:
        """Say for what the step would be refused now."""
        yield from ()

    def notes(self) -> Facts:
        return []

    def follows(self) -> Iterator[str]:
        yield from ()

    def mailed(self) -> str:
        """Say who gets a mail."""
        people = ", ".join(str(one) for one in mails.told(self.obj))
        if not people:
            return _("Nobody gets a mail.")
        return _("A mail goes to %(people)s.") % {"people": people}


class AnnounceForm(MeetingStepForm):
    def missing(self) -> Iterator[str]:
        return readiness.to_announce(self.obj, database_now())

    def notes(self) -> Facts:
        return _too_few(self.obj)

    def follows(self) -> Iterator[str]:
        yield self.mailed()
        yield _(
            "Members read the agenda and the papers. Members and agenda do not change any more."
        )


class OpenForm(MeetingStepForm):
    def missing(self) -> Iterator[str]:
        return readiness.to_open(self.obj)

    def notes(self) -> Facts:
        return _too_few(self.obj)

    def follows(self) -> Iterator[str]:
        yield _("Nobody gets a mail.")
        yield _("The items can be run one by one: notes, conclusion, vote.")


class CloseForm(MeetingStepForm):
    def follows(self) -> Iterator[str]:
        yield _("Nobody gets a mail.")
        yield _("The minutes are sealed and do not change any more.")


class OffForm(MeetingStepForm):
    """The meeting is not held as it was announced."""

    def follows(self) -> Iterator[str]:
        yield self.mailed() if self.obj.announced_at else _("Nobody gets a mail.")


def _too_few(meeting: PanelMeeting) -> Facts:
    """Name the items on which too few members could vote, whoever comes."""
    items = list(meeting.items.select_related("case__declaration").order_by("place"))
    found = rooms.of(meeting, items)
    lines = [
        _("Item %(number)d") % {"number": one.place} + _(":") + f" {found[one.pk]}"
        for one in items
        if one.pk in found and not found[one.pk].is_enough
    ]
    return [(_("No vote is possible"), "\n".join(lines))] if lines else []


STEPS: dict[str, type[StepForm]] = {
    "announce": AnnounceForm,
    "open": OpenForm,
    "close": CloseForm,
    "take_back": OffForm,
    "cancel": OffForm,
}
