"""The pages on which an officer confirms a step of a panel meeting: what it lacks, what follows."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from core.clock import database_now
from core.forms import StepForm
from evaluation.models import PanelItem, PanelMeeting
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


class AgendaStepForm(MeetingStepForm):
    """A step before which the agenda is looked through, as far as the officer sees it."""

    def notes(self) -> Facts:
        """Name the items on which too few members could vote, whoever comes."""
        lines = [
            _("Item %(number)d") % {"number": one.place} + _(":") + f" {self._seats.room(one)}"
            for one in self._agenda
            if one.pk in self._seen and self._too_few(one)
        ]
        shown: Facts = [(_("No vote is possible"), "\n".join(lines))] if lines else []
        if any(self._is_faulty(one) for one in self._agenda if one.pk not in self._seen):
            said = _("There is something with an item that you do not see. Ask another officer.")
            shown.append((_("Items without you"), said))
        return shown

    @cached_property
    def _agenda(self) -> list[PanelItem]:
        return readiness.agenda(self.obj)

    @cached_property
    def _seen(self) -> set[UUID]:
        mine = PanelItem.objects.visible_to(self.actor).filter(meeting=self.obj.pk)
        return set(mine.values_list("pk", flat=True))

    @cached_property
    def _seats(self) -> rooms.Seats:
        return rooms.seats(self.obj, self._agenda)

    def _is_faulty(self, item: PanelItem) -> bool:
        """Say whether there is something with an item; what it is, is not told of one unseen."""
        return self._too_few(item)

    def _too_few(self, item: PanelItem) -> bool:
        return bool(self._seats.experts) and not self._seats.room(item).is_enough


class AnnounceForm(AgendaStepForm):
    def missing(self) -> Iterator[str]:
        """Say what the guard would, of all items at once, without those that are not seen."""
        yield from readiness.of_meeting(self.obj, database_now())
        for item in self._agenda:
            if item.pk in self._seen:
                yield from self._lacks(item)

    def _is_faulty(self, item: PanelItem) -> bool:
        return super()._is_faulty(item) or any(self._lacks(item))

    def _lacks(self, item: PanelItem) -> Iterator[str]:
        return readiness.of_item(item, self._seats.may)

    def follows(self) -> Iterator[str]:
        yield self.mailed()
        yield _(
            "Members read the agenda and the papers. Members and agenda do not change any more."
        )


class OpenForm(AgendaStepForm):
    def missing(self) -> Iterator[str]:
        return readiness.to_open(self.obj)

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


STEPS: dict[str, type[StepForm]] = {
    "announce": AnnounceForm,
    "open": OpenForm,
    "close": CloseForm,
    "take_back": OffForm,
    "cancel": OffForm,
}
