"""The evaluation of a declaration, and who was asked to score it."""

import datetime as dt
import uuid

import pgtrigger
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.lifecycle import status_guard
from core.models import AuditEntry
from core.querysets import VisibleQuerySet
from evaluation.models.criteria import CriteriaSet, Dimension
from evaluation.models.experts import Expert
from evaluation.planning.states import PlanStatus
from evaluation.states import (
    ASSIGNMENT,
    CASE,
    HANDED_IN,
    STANDING,
    AssignmentStatus,
    CaseStatus,
    SheetStatus,
)
from reference.models import Field
from submissions.models import Declaration, DeclarationVersion


class CaseQuerySet(VisibleQuerySet["Case"]):
    def with_sheets_in(self) -> "CaseQuerySet":
        """Add ``sheets_in``: how many score sheets were submitted."""
        submitted = Q(assignments__sheet__status=SheetStatus.SUBMITTED)
        return self.annotate(sheets_in=models.Count("assignments", filter=submitted))


class Case(models.Model):
    """The evaluation of one accepted declaration, on one of its versions."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    declaration = models.OneToOneField(
        Declaration, verbose_name=_("declaration"), on_delete=models.PROTECT, related_name="case"
    )
    version = models.ForeignKey(
        DeclarationVersion, verbose_name=_("version"), on_delete=models.PROTECT, related_name="+"
    )
    criteria_set = models.ForeignKey(
        CriteriaSet, verbose_name=_("criteria set"), on_delete=models.PROTECT, related_name="+"
    )
    # Another version that asks the same, by whose weights and gates the scores count since a
    # change of the criteria; None: those of the set itself.
    weighed_by = models.ForeignKey(
        CriteriaSet,
        verbose_name=_("weighed by"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    # Which indicators of the set are asked; None where the declaration names no sub-category.
    field = models.ForeignKey(
        Field,
        verbose_name=_("field of technology"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    experts_wanted = models.PositiveSmallIntegerField(_("experts wanted"))
    status = models.CharField(
        _("state"),
        max_length=20,
        choices=CaseStatus.choices,
        default=CaseStatus.AWAITING,
        editable=False,
    )
    opened_at = models.DateTimeField(_("opened"), auto_now_add=True)
    publicity_began_at = models.DateTimeField(_("publicity began"), null=True)
    publicity_ends_at = models.DateTimeField(_("publicity ends"), null=True)
    # How the end was counted out: {"days", "working", "skipped", "years_not_loaded"}.
    publicity_count = models.JSONField(default=dict, editable=False)

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        ordering = ("-opened_at", "id")
        indexes = (
            models.Index(fields=("status", "publicity_ends_at")),
            models.Index(fields=("-opened_at", "id")),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(publicity_began_at=None, publicity_ends_at=None)
                | Q(publicity_ends_at__gte=F("publicity_began_at")),
                name="evaluation_case_publicity",
            ),
            models.CheckConstraint(
                condition=Q(experts_wanted__gte=1), name="evaluation_case_wanted"
            ),
        )
        triggers = (
            status_guard(CASE),
            # Four eyes, for raw SQL too: a case is released only through a decision that
            # somebody else than its author released; and CAEPI, where it releases too.
            pgtrigger.Trigger(
                name="second_officer",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("status"),
                condition=pgtrigger.Q(new__status=CaseStatus.RELEASED),
                func="""
                    IF NOT EXISTS (
                        SELECT 1 FROM evaluation_decision
                        WHERE case_id = NEW.id AND sent_back_at IS NULL
                            AND released_by_id <> decided_by_id
                            AND (co_released_at IS NOT NULL OR NOT EXISTS (
                                SELECT 1 FROM evaluation_procedure procedure
                                  JOIN submissions_declaration declaration
                                    ON declaration.activity_id = procedure.activity_id
                                WHERE declaration.id = NEW.declaration_id
                                    AND procedure.co_release
                            ))
                    ) THEN
                        RAISE EXCEPTION 'case: released by no second officer'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
            # The stay: what somebody objects to is not listed; what leaves, leaves for a ruling.
            pgtrigger.Trigger(
                name="objections_are_settled",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("status"),
                condition=pgtrigger.Q(old__status=CaseStatus.PUBLICITY)
                & ~pgtrigger.Q(new__status=CaseStatus.PUBLICITY),
                func="""
                    IF NEW.status = 'cleared' AND EXISTS (
                        SELECT 1 FROM evaluation_objection
                        WHERE case_id = NEW.id AND status IN ('received', 'admitted', 'upheld')
                    ) THEN
                        RAISE EXCEPTION 'case: cleared in spite of an objection'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    IF NEW.status = 'not_included' AND NOT EXISTS (
                        SELECT 1 FROM evaluation_objection
                        WHERE case_id = NEW.id AND status = 'upheld'
                    ) THEN
                        RAISE EXCEPTION 'case: removed though no objection was upheld'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        )

    def __str__(self) -> str:
        return f"{self.declaration.number} {self.declaration}"

    def asked(self) -> list[Dimension]:
        """Return the dimensions and indicators this declaration is judged by.

        Each has the weight that counts, which since a change is that of another version.
        """
        asked = self.criteria_set.asked_in(self.field_id)
        if self.weighed_by is not None:
            _weigh(asked, self.weighed_by.asked_in(self.field_id))
        return asked

    @property
    def weights(self) -> CriteriaSet:
        """Return the set by whose weights and gates the scores of this case count."""
        return self.weighed_by or self.criteria_set

    @property
    def last_day_of_publicity(self) -> dt.date | None:
        """The day (Beijing) until whose end objections are taken; None before the publicity."""
        if self.publicity_ends_at is None:
            return None
        last_moment = self.publicity_ends_at - dt.timedelta(microseconds=1)
        return timezone.localtime(last_moment, timezone.get_default_timezone()).date()


def _weigh(asked: list[Dimension], by: list[Dimension]) -> None:
    """Give dimensions and indicators, not to be stored, the weights of another version."""
    weights = {(one.code, ""): one.weight for one in by}
    weights |= {(d.code, one.code): one.weight for d in by for one in d.indicators.all()}
    for dimension in asked:
        dimension.weight = weights[dimension.code, ""]
        for one in dimension.indicators.all():
            one.weight = weights[dimension.code, one.code]


class AssignmentQuerySet(VisibleQuerySet["Assignment"]):
    def standing(self) -> "AssignmentQuerySet":
        """Those that hold a seat: neither given back, nor of a sheet that counts no more."""
        return self.filter(status__in=STANDING).exclude(sheet__status=SheetStatus.EXCLUDED)

    def binding(self) -> "AssignmentQuerySet":
        """Those after which no draw asks the expert anew; not what a plan undone had asked."""
        return self.exclude(
            status=AssignmentStatus.CANCELLED, planned__plan__status=PlanStatus.UNDONE
        )

    def answered_or_open(self) -> "AssignmentQuerySet":
        """Those after which an officer cannot ask the expert anew; a draw asks for ``binding``.

        Who was let go when enough sheets were in has neither refused nor been found unfit.
        """
        let_go = AuditEntry.objects.filter(
            act="assignment.cancel",
            subject_type="assignment",
            subject_id=Cast(OuterRef("pk"), models.CharField()),
            actor=None,
        )
        return self.binding().exclude(Exists(let_go), status=AssignmentStatus.CANCELLED)

    def unfinished(self) -> "AssignmentQuerySet":
        """Those still standing whose score sheet is not in."""
        return self.standing().exclude(sheet__status__in=HANDED_IN)


class Assignment(models.Model):
    """One expert asked to score one case."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(
        Case, verbose_name=_("case"), on_delete=models.PROTECT, related_name="assignments"
    )
    expert = models.ForeignKey(
        Expert, verbose_name=_("expert"), on_delete=models.PROTECT, related_name="assignments"
    )
    status = models.CharField(
        _("state"),
        max_length=20,
        choices=AssignmentStatus.choices,
        default=AssignmentStatus.INVITED,
        editable=False,
    )
    invited_by = models.ForeignKey(
        User, verbose_name=_("invited by"), on_delete=models.PROTECT, related_name="+"
    )
    invited_at = models.DateTimeField(_("invited"), auto_now_add=True)
    answered_at = models.DateTimeField(_("answered"), null=True)
    # When it was stated that there is no conflict of interest and that all is kept in confidence.
    committed_at = models.DateTimeField(_("commitment made"), null=True)
    due_at = models.DateTimeField(_("due"), null=True)
    reason = models.TextField(_("reason"), blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        ordering = ("-invited_at", "id")
        indexes = (models.Index(fields=("expert", "-invited_at", "id")),)
        constraints = (
            # What was cancelled can be asked anew: a plan that was undone, and published again.
            models.UniqueConstraint(
                fields=("case", "expert"),
                condition=~Q(status=AssignmentStatus.CANCELLED),
                name="evaluation_assignment_once",
            ),
            models.CheckConstraint(
                condition=~Q(status=AssignmentStatus.ACCEPTED) | Q(committed_at__isnull=False),
                name="evaluation_assignment_committed",
            ),
        )
        triggers = (
            status_guard(ASSIGNMENT),
            # The content opens to nobody who has not answered and promised, by raw SQL either.
            pgtrigger.Trigger(
                name="asked_for_conflicts",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("status"),
                condition=pgtrigger.Q(new__status=AssignmentStatus.ACCEPTED)
                & ~pgtrigger.Q(old__status=AssignmentStatus.ACCEPTED),
                func="""
                    IF NOT EXISTS (
                        SELECT 1 FROM evaluation_conflictcheck
                        WHERE assignment_id = NEW.id AND answer = 'none'
                    ) OR NOT EXISTS (
                        SELECT 1 FROM evaluation_commitment promise
                          JOIN submissions_declaration declaration
                            ON declaration.activity_id = promise.activity_id
                          JOIN evaluation_case own ON own.declaration_id = declaration.id
                        WHERE own.id = NEW.case_id AND promise.person_id = NEW.expert_id
                    ) THEN
                        RAISE EXCEPTION 'assignment: accepted before it was answered'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        )

    def __str__(self) -> str:
        return f"{self.case} – {self.expert}"
