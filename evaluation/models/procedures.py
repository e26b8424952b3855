"""What lies, in an activity, between the score sheets and the listing."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.querysets import VisibleQuerySet
from submissions.models import Activity


class Procedure(models.Model):
    """The steps an activity takes beside the short road, and the timetable it announced.

    An activity without a row takes the short road: sheets, decision, release, publicity; its
    row is written when it opens. From then on the steps are fixed; the dates may move, with a
    reason.
    """

    class Verified(models.TextChoices):
        """For which declarations something is held before they are decided on."""

        NONE = "none", _("for none")
        ARRANGED = "arranged", _("where an officer arranges it")
        EVERY = "every", _("for every declaration")

    activity = models.OneToOneField(
        Activity,
        verbose_name=_("activity"),
        primary_key=True,
        on_delete=models.PROTECT,
        related_name="procedure",
    )
    panel = models.BooleanField(
        _("panel meeting"),
        default=False,
        help_text=_("A panel discusses and votes before officers decide."),
    )
    defence = models.CharField(
        _("defence"), max_length=10, choices=Verified.choices, default=Verified.NONE
    )
    site_visit = models.CharField(
        _("on-site verification"), max_length=10, choices=Verified.choices, default=Verified.NONE
    )
    working_days = models.BooleanField(
        _("publicity in working days"),
        default=False,
        help_text=_("Otherwise its days are calendar days."),
    )
    co_release = models.BooleanField(
        _("released together"),
        default=False,
        help_text=_("A third officer, for CAEPI, signs before decisions are released."),
    )
    co_releaser = models.ForeignKey(
        User,
        verbose_name=_("who signs for CAEPI"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    review_until = models.DateField(_("reviews are to end on"), null=True, blank=True)
    release_at = models.DateTimeField(
        _("decisions are to be released on"),
        null=True,
        blank=True,
        help_text=_("Signed decisions wait for this moment. Empty: each is released when signed."),
    )

    objects = VisibleQuerySet["Procedure"].as_manager()

    class Meta:
        verbose_name = _("procedure of an activity")
        verbose_name_plural = _("procedures of activities")
        ordering = ("activity",)
        constraints = (
            models.CheckConstraint(
                condition=Q(co_release=True, co_releaser__isnull=False)
                | Q(co_release=False, co_releaser=None),
                name="evaluation_procedure_co_releaser",
                violation_error_message=_("Say who signs for CAEPI, where somebody is to sign."),
            ),
        )
        triggers = (
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
            # What was announced when the activity opened holds for everyone who declared. Of one
            # of which nothing was said, the short road can be written down at any time.
            pgtrigger.Trigger(
                name="fixed_by_opening",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    IF EXISTS (
                        SELECT 1 FROM submissions_activity
                        WHERE id = NEW.activity_id AND status <> 'prepared'
                    ) AND (TG_OP = 'INSERT' AND (
                        NEW.panel, NEW.defence, NEW.site_visit, NEW.working_days, NEW.co_release
                    ) IS DISTINCT FROM (
                        false, 'none', 'none', false, false
                    ) OR TG_OP = 'UPDATE' AND (
                        NEW.panel, NEW.defence, NEW.site_visit, NEW.working_days, NEW.co_release
                    ) IS DISTINCT FROM (
                        OLD.panel, OLD.defence, OLD.site_visit, OLD.working_days, OLD.co_release
                    )) THEN
                        RAISE EXCEPTION 'procedure: the activity has been opened'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        )

    def __str__(self) -> str:
        return str(self.activity)
