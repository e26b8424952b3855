"""The meeting of the panel: who sits, what is on the agenda, what was said and voted."""

import uuid
from typing import Any

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from core.lifecycle import status_guard
from core.querysets import VisibleQuerySet
from evaluation.models.cases import Case
from evaluation.models.experts import Expert
from evaluation.panel.states import (
    ITEM,
    MEETING,
    ItemStatus,
    MeetingStatus,
    Presence,
    Proposal,
    Seat,
)
from submissions.models import Activity
from submissions.models.kept import fixed, kept

FIXED = frozenset(set(MeetingStatus) - {MeetingStatus.PREPARED})
OVER = frozenset({MeetingStatus.CLOSED, MeetingStatus.CANCELLED})


def _in_meeting(name: str, operation: Any, refused: str, *, path: str, said: str) -> Any:
    """Return the trigger that refuses a change of a part while its meeting is in ``refused``."""
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=operation,
        func=f"""
            IF EXISTS (
                SELECT 1 FROM evaluation_panelmeeting meeting
                WHERE meeting.id = {path} AND meeting.status IN ({refused})
            ) THEN
                RAISE EXCEPTION '{said}' USING ERRCODE = 'check_violation';
            END IF;
            IF TG_OP = 'DELETE' THEN
                RETURN OLD;
            END IF;
            RETURN NEW;
        """,  # noqa: S608 -- words of our own models
    )


def _listed(states: frozenset[Any]) -> str:
    return ", ".join(f"'{state.value}'" for state in sorted(states))


def _announced(name: str, *columns: str, said: str) -> Any:
    """Let there be what was announced: no more, no less, and not another."""
    operation = pgtrigger.Insert | pgtrigger.Delete | pgtrigger.UpdateOf(*columns)
    path = "COALESCE(NEW.meeting_id, OLD.meeting_id)"
    return _in_meeting(name, operation, _listed(FIXED), path=path, said=said)


def _held(name: str, *, said: str) -> Any:
    """Let nothing be written once the meeting is over."""
    return _in_meeting(name, pgtrigger.Update, _listed(OVER), path="OLD.meeting_id", said=said)


class PanelMeeting(models.Model):
    """A meeting of a panel of experts about declarations of an activity that are scored."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    activity = models.ForeignKey(
        Activity, verbose_name=_("activity"), on_delete=models.PROTECT, related_name="panels"
    )
    number = models.PositiveSmallIntegerField(_("number"), editable=False)
    title = models.CharField(_("title of the meeting"), max_length=120)
    starts_at = models.DateTimeField(_("begins"))
    place = models.CharField(
        _("place of the meeting"),
        max_length=300,
        help_text=_("A room, or the address of a call. Members read it."),
    )
    secret = models.BooleanField(
        _("secret ballot"),
        default=True,
        help_text=_("Who voted is kept, and what was voted; nobody can say who voted what."),
    )
    status = models.CharField(
        _("state"),
        max_length=20,
        choices=MeetingStatus.choices,
        default=MeetingStatus.PREPARED,
        editable=False,
    )
    prepared_by = models.ForeignKey(
        User, verbose_name=_("prepared by"), on_delete=models.PROTECT, related_name="+"
    )
    prepared_at = models.DateTimeField(_("prepared on"))
    announced_at = models.DateTimeField(_("announced on"), null=True)
    opened_at = models.DateTimeField(_("opened on"), null=True)
    closed_at = models.DateTimeField(pgettext_lazy("of a meeting", "closed on"), null=True)
    reason = models.TextField(_("reason"), blank=True)
    # Everything that the minutes say, people by their ids; written when the meeting is closed.
    minutes = models.JSONField(_("minutes"), default=dict, editable=False)
    minutes_hash = models.CharField(_("SHA-256 of the minutes"), max_length=64, editable=False)

    objects = VisibleQuerySet["PanelMeeting"].as_manager()

    class Meta:
        verbose_name = _("panel meeting")
        verbose_name_plural = _("panel meetings")
        ordering = ("-starts_at", "id")
        indexes = (models.Index(fields=("-starts_at", "id")),)
        constraints = (
            models.UniqueConstraint(
                fields=("activity", "number"), name="evaluation_panelmeeting_number"
            ),
            models.CheckConstraint(
                condition=~Q(status=MeetingStatus.CLOSED)
                | Q(closed_at__isnull=False) & ~Q(minutes_hash=""),
                name="evaluation_panelmeeting_sealed",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=(MeetingStatus.IN_SESSION, MeetingStatus.CLOSED))
                | Q(opened_at__isnull=False),
                name="evaluation_panelmeeting_opened",
            ),
        )
        triggers = (
            status_guard(MEETING),
            kept(),
            pgtrigger.Protect(
                name="over_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__status__in=sorted(OVER)),
            ),
            pgtrigger.Protect(
                name="announced_stays",
                operation=pgtrigger.UpdateOf(
                    "activity_id", "number", "title", "starts_at", "place", "secret"
                ),
                condition=pgtrigger.Q(old__status__in=sorted(FIXED)),
            ),
        )

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"


class PanelMember(models.Model):
    """One expert on the panel of one meeting, and whether they attended."""

    meeting = models.ForeignKey(
        PanelMeeting, verbose_name=_("meeting"), on_delete=models.PROTECT, related_name="members"
    )
    expert = models.ForeignKey(
        Expert, verbose_name=_("expert"), on_delete=models.PROTECT, related_name="panels"
    )
    seat = models.CharField(_("seat"), max_length=20, choices=Seat.choices, default=Seat.MEMBER)
    presence = models.CharField(
        _("attendance"), max_length=20, choices=Presence.choices, blank=True
    )
    present_from = models.DateTimeField(_("present from"), null=True)
    left_at = models.DateTimeField(_("left at"), null=True)

    objects = VisibleQuerySet["PanelMember"].as_manager()

    class Meta:
        verbose_name = _("member of a panel")
        verbose_name_plural = _("members of panels")
        ordering = ("meeting", "seat", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("meeting", "expert"), name="evaluation_panelmember_once"
            ),
            models.UniqueConstraint(
                fields=("meeting",),
                condition=Q(seat=Seat.CHAIR),
                name="evaluation_panelmember_one_chair",
            ),
            models.CheckConstraint(
                condition=~Q(presence__in=(Presence.PRESENT, Presence.LEFT))
                | Q(present_from__isnull=False),
                name="evaluation_panelmember_present_from",
            ),
            models.CheckConstraint(
                condition=Q(left_at=None) | Q(left_at__gte=F("present_from")),
                name="evaluation_panelmember_left_later",
            ),
        )
        triggers = (
            _announced(
                *("members_stay", "expert_id", "seat"), said="panel member: the members are fixed"
            ),
            _held("attendance_stays", said="panel member: the meeting is over"),
            fixed("meeting_stays", "meeting_id"),
        )

    def __str__(self) -> str:
        return str(self.expert)


class PanelItem(models.Model):
    """One declaration on the agenda: who presents it, what was said, what the vote came to."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    meeting = models.ForeignKey(
        PanelMeeting, verbose_name=_("meeting"), on_delete=models.PROTECT, related_name="items"
    )
    place = models.PositiveSmallIntegerField(_("item"))
    case = models.ForeignKey(
        Case, verbose_name=_("case"), on_delete=models.PROTECT, related_name="panel_items"
    )
    lead = models.ForeignKey(
        PanelMember,
        verbose_name=_("lead reviewer"),
        null=True,
        on_delete=models.PROTECT,
        related_name="leads",
    )
    status = models.CharField(
        _("state"),
        max_length=20,
        choices=ItemStatus.choices,
        default=ItemStatus.WAITING,
        editable=False,
    )
    notes = models.TextField(_("notes of the discussion"), blank=True, max_length=8000)
    conclusion = models.TextField(_("conclusion of the lead reviewer"), blank=True, max_length=4000)
    # When the vote was closed: how many of each, and how many might have voted and were there.
    counts = models.JSONField(_("votes"), default=dict)
    proposal = models.CharField(
        _("proposal of the panel"), max_length=20, choices=Proposal.choices, blank=True
    )
    # Ids of the members who took no part because of a conflict; of those who did, and were there.
    away = models.JSONField(default=list)
    voters_possible = models.PositiveSmallIntegerField(default=0)
    voters_present = models.PositiveSmallIntegerField(default=0)
    # SHA-256 of the result that is voted on; {"at", "reason"} of each vote that was annulled.
    figures_hash = models.CharField(max_length=64, blank=True, editable=False)
    annulled = models.JSONField(default=list, editable=False)

    objects = VisibleQuerySet["PanelItem"].as_manager()

    class Meta:
        verbose_name = _("item of an agenda")
        verbose_name_plural = _("items of agendas")
        ordering = ("meeting", "place")
        indexes = (models.Index(fields=("case", "status")),)
        constraints = (
            models.UniqueConstraint(
                fields=("meeting", "place"),
                name="evaluation_panelitem_place",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.UniqueConstraint(fields=("meeting", "case"), name="evaluation_panelitem_once"),
            models.CheckConstraint(
                condition=Q(status=ItemStatus.VOTED) & ~Q(proposal="")
                | ~Q(status=ItemStatus.VOTED) & Q(proposal=""),
                name="evaluation_panelitem_proposal",
            ),
        )
        triggers = (
            status_guard(ITEM),
            _announced(
                *("agenda_stays", "case_id", "place"), said="panel item: the agenda is fixed"
            ),
            _held("minutes_stay", said="panel item: the meeting is over"),
            fixed("meeting_stays", "meeting_id"),
            pgtrigger.Trigger(
                name="votes_stay",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func="""
                    IF NEW.status = OLD.status AND ROW(
                        NEW.counts, NEW.proposal, NEW.away, NEW.voters_possible,
                        NEW.voters_present, NEW.figures_hash, NEW.annulled
                    ) IS DISTINCT FROM ROW(
                        OLD.counts, OLD.proposal, OLD.away, OLD.voters_possible,
                        OLD.voters_present, OLD.figures_hash, OLD.annulled
                    ) OR NEW.status <> OLD.status
                        AND (NEW.figures_hash = '') <> (NEW.status = 'waiting')
                    THEN
                        RAISE EXCEPTION 'panel item: the vote is counted once'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        )

    def __str__(self) -> str:
        return f"{self.place}. {self.case}"
