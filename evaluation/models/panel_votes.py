"""Who takes no part in an item of a panel, who voted, and what was voted."""

import uuid
from typing import Any

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.immutable import append_only
from core.querysets import VisibleQuerySet
from evaluation.models.panel import PanelItem, PanelMember
from evaluation.panel.states import Choice


class PanelRecusal(models.Model):
    """A member who takes no part in an item: said by themselves, or noted by an officer."""

    item = models.ForeignKey(
        PanelItem, verbose_name=_("item"), on_delete=models.PROTECT, related_name="recusals"
    )
    member = models.ForeignKey(
        PanelMember, verbose_name=_("member"), on_delete=models.PROTECT, related_name="recusals"
    )
    reason = models.TextField(_("reason"), max_length=4000)
    recorded_by = models.ForeignKey(
        User, verbose_name=_("recorded by"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField(_("recorded"))

    objects = VisibleQuerySet["PanelRecusal"].as_manager()

    class Meta:
        verbose_name = _("recusal from an item")
        verbose_name_plural = _("recusals from items")
        constraints = (
            models.UniqueConstraint(fields=("item", "member"), name="evaluation_panelrecusal_once"),
        )
        triggers = (append_only(),)

    def __str__(self) -> str:
        return f"{self.item}: {self.member}"


def _while_voting(name: str, *, secret: bool | None = None) -> Any:
    """Return the trigger: in only while the vote is open, out only when it is annulled."""
    asked = "" if secret is None else f"AND meeting.secret = {str(secret).lower()}"
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Delete | pgtrigger.Update,
        func=f"""
            IF TG_OP = 'UPDATE' OR NOT EXISTS (
                SELECT 1 FROM evaluation_panelitem item
                  JOIN evaluation_panelmeeting meeting ON meeting.id = item.meeting_id
                WHERE item.id = COALESCE(NEW.item_id, OLD.item_id)
                  AND meeting.status = 'in_session' {asked}
                  AND (item.status = 'voting' OR TG_OP = 'DELETE' AND item.status = 'voted')
            ) THEN
                RAISE EXCEPTION 'panel vote: it is not open' USING ERRCODE = 'check_violation';
            END IF;
            IF TG_OP = 'DELETE' THEN
                RETURN OLD;
            END IF;
            RETURN NEW;
        """,  # noqa: S608 -- words of our own models
    )


class PanelVoter(models.Model):
    """That a member has voted; by open ballot, also what. No time, and a key that tells none."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    item = models.ForeignKey(
        PanelItem, verbose_name=_("item"), on_delete=models.PROTECT, related_name="voters"
    )
    member = models.ForeignKey(
        PanelMember, verbose_name=_("member"), on_delete=models.PROTECT, related_name="votes"
    )
    # Empty where the ballot is secret.
    choice = models.CharField(_("vote"), max_length=20, choices=Choice.choices, blank=True)

    objects = VisibleQuerySet["PanelVoter"].as_manager()

    class Meta:
        verbose_name = _("member who voted")
        verbose_name_plural = _("members who voted")
        constraints = (
            models.UniqueConstraint(fields=("item", "member"), name="evaluation_panelvoter_once"),
        )
        triggers = (
            _while_voting("while_open"),
            pgtrigger.Trigger(
                name="as_agreed",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                    IF NOT EXISTS (
                        SELECT 1 FROM evaluation_panelitem item
                          JOIN evaluation_panelmeeting meeting ON meeting.id = item.meeting_id
                          JOIN evaluation_panelmember member ON member.meeting_id = meeting.id
                        WHERE item.id = NEW.item_id AND member.id = NEW.member_id
                          AND meeting.secret = (NEW.choice = '')
                          AND member.presence = 'present'
                    ) OR EXISTS (
                        SELECT 1 FROM evaluation_panelrecusal recusal
                        WHERE recusal.item_id = NEW.item_id AND recusal.member_id = NEW.member_id
                    ) THEN
                        RAISE EXCEPTION 'panel vote: not by this member, or not this way'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        )

    def __str__(self) -> str:
        return f"{self.item}: {self.member}"


class PanelBallot(models.Model):
    """One vote of a secret ballot: nobody's. All of an item are written anew with each vote."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    item = models.ForeignKey(
        PanelItem, verbose_name=_("item"), on_delete=models.PROTECT, related_name="ballots"
    )
    choice = models.CharField(_("vote"), max_length=20, choices=Choice.choices)

    objects = VisibleQuerySet["PanelBallot"].as_manager()

    class Meta:
        verbose_name = _("ballot")
        verbose_name_plural = _("ballots")
        triggers = (_while_voting("while_open", secret=True),)

    def __str__(self) -> str:
        return str(self.get_choice_display())
