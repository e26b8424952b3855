"""What was decided about a case, and who released it."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.querysets import VisibleQuerySet
from evaluation.models.cases import Case


class DecisionQuerySet(VisibleQuerySet["Decision"]):
    def standing(self) -> "DecisionQuerySet":
        """Those not sent back; a case has one at most."""
        return self.filter(sent_back_at=None)


class Decision(models.Model):
    """What was decided about a case; a second officer releases it."""

    class Outcome(models.TextChoices):
        INCLUDED = "included", _("included")
        NOT_INCLUDED = "not_included", _("not included")
        DEFERRED = "deferred", _("deferred")

    case = models.ForeignKey(
        Case, verbose_name=_("case"), on_delete=models.PROTECT, related_name="decisions"
    )
    outcome = models.CharField(_("outcome"), max_length=20, choices=Outcome.choices)
    statement = models.TextField(_("statement to the enterprise"))
    total = models.DecimalField(_("total"), max_digits=5, decimal_places=2)  # 0-100
    # The figures the decision rests on, with the method that made them.
    result = models.JSONField(default=dict)
    decided_by = models.ForeignKey(
        User, verbose_name=_("decided by"), on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided"))
    released_by = models.ForeignKey(
        User, verbose_name=_("released by"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    signed_at = models.DateTimeField(_("signed"), null=True)
    co_released_by = models.ForeignKey(
        User,
        verbose_name=_("signed for CAEPI by"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    co_released_at = models.DateTimeField(_("signed for CAEPI"), null=True)
    # When it was made known; from then on the enterprise reads it.
    released_at = models.DateTimeField(_("released"), null=True)
    sent_back_at = models.DateTimeField(_("sent back"), null=True)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ("-decided_at", "-id")
        constraints = (
            models.CheckConstraint(
                condition=Q(released_by=None) | ~Q(released_by=F("decided_by")),
                name="evaluation_decision_two_officers",
            ),
            models.CheckConstraint(
                condition=Q(released_by=None, signed_at=None, released_at=None, co_released_at=None)
                | Q(released_by__isnull=False, signed_at__isnull=False),
                name="evaluation_decision_signed_or_not",
            ),
            models.CheckConstraint(
                condition=Q(released_at=None) | Q(sent_back_at=None),
                name="evaluation_decision_released_or_not",
            ),
            models.CheckConstraint(
                condition=Q(co_released_by=None, co_released_at=None)
                | Q(co_released_by__isnull=False, co_released_at__isnull=False)
                & ~Q(co_released_by=F("decided_by"))
                & ~Q(co_released_by=F("released_by")),
                name="evaluation_decision_third_officer",
            ),
            models.UniqueConstraint(
                fields=("case",),
                condition=Q(sent_back_at=None),
                name="evaluation_decision_one_standing",
            ),
        )
        triggers = (
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
            # What was decided stays as it was decided; it is released or sent back once.
            pgtrigger.Trigger(
                name="sealed",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func="""
                    IF OLD.released_at IS NOT NULL OR OLD.sent_back_at IS NOT NULL
                        OR (NEW.case_id, NEW.outcome, NEW.statement, NEW.total, NEW.result,
                            NEW.decided_by_id, NEW.decided_at)
                        IS DISTINCT FROM
                           (OLD.case_id, OLD.outcome, OLD.statement, OLD.total, OLD.result,
                            OLD.decided_by_id, OLD.decided_at)
                        OR OLD.signed_at IS NOT NULL AND (NEW.released_by_id, NEW.signed_at)
                        IS DISTINCT FROM (OLD.released_by_id, OLD.signed_at)
                        OR OLD.co_released_at IS NOT NULL
                        AND (NEW.co_released_by_id, NEW.co_released_at)
                        IS DISTINCT FROM (OLD.co_released_by_id, OLD.co_released_at) THEN
                        RAISE EXCEPTION 'decision: it is sealed' USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        )

    def __str__(self) -> str:
        return f"{self.case}: {self.get_outcome_display()}"
