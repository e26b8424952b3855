"""Questions of experts to the enterprise, and what it answered."""

import uuid

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.lifecycle import status_guard
from core.querysets import VisibleQuerySet
from evaluation.clarifications.states import CLARIFICATION, SHOWN, ClarificationStatus
from evaluation.models.cases import Assignment
from submissions.models.kept import fixed, kept

ANSWERED = pgtrigger.Q(old__status=ClarificationStatus.ANSWERED)


class Clarification(models.Model):
    """One question about one declaration, asked by an expert, put to the enterprise by an officer.

    ``question`` is what the expert wrote; officers and the expert alone read it. ``wording`` is
    what the enterprise and all experts of the case read. The answer is no part of the declaration.
    """

    # Given by the form, so that one press makes one question, however often it is sent.
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assignment = models.ForeignKey(
        Assignment,
        verbose_name=_("assignment"),
        on_delete=models.PROTECT,
        related_name="clarifications",
    )
    status = models.CharField(
        _("state"),
        max_length=20,
        choices=ClarificationStatus.choices,
        default=ClarificationStatus.ASKED,
        editable=False,
    )
    # What it is about; both empty: the declaration as a whole.
    section = models.CharField(max_length=40, blank=True)
    field = models.CharField(max_length=60, blank=True)  # a field or table of the section
    question = models.TextField(_("question of the expert"))
    asked_at = models.DateTimeField(_("question asked"))
    wording = models.TextField(_("question to the enterprise"), blank=True)
    passed_on_at = models.DateTimeField(_("passed on"), null=True)
    due_on = models.DateField(_("to be answered until the end of"), null=True)
    reason = models.TextField(_("why it was not passed on"), blank=True)
    answer = models.TextField(_("answer of the enterprise"), blank=True)
    answered_at = models.DateTimeField(_("answer given"), null=True)

    objects = VisibleQuerySet["Clarification"].as_manager()

    class Meta:
        verbose_name = _("question to an enterprise")
        verbose_name_plural = _("questions to enterprises")
        ordering = ("-asked_at", "id")
        indexes = (
            models.Index(fields=("status", "due_on")),
            models.Index(fields=("-asked_at", "id")),
        )
        constraints = (
            models.CheckConstraint(
                condition=~Q(question="") & (~Q(section="") | Q(field="")),
                name="evaluation_clarification_asks",
            ),
            models.CheckConstraint(
                condition=Q(status__in=SHOWN, passed_on_at__isnull=False, due_on__isnull=False)
                & ~Q(wording="")
                | ~Q(status__in=SHOWN) & Q(passed_on_at=None, due_on=None, wording=""),
                name="evaluation_clarification_passed_on",
            ),
            models.CheckConstraint(
                condition=Q(status=ClarificationStatus.ANSWERED, answered_at__isnull=False)
                & ~Q(answer="")
                | ~Q(status=ClarificationStatus.ANSWERED) & Q(answered_at=None, answer=""),
                name="evaluation_clarification_answered",
            ),
        )
        triggers = (
            status_guard(CLARIFICATION),
            kept(),
            fixed("asked_stays", "assignment_id", "section", "field", "question", "asked_at"),
            fixed(
                "passed_on_stays",
                *("wording", "passed_on_at", "due_on"),
                condition=~pgtrigger.Q(old__status=ClarificationStatus.ASKED),
            ),
            fixed("answered_stays", "answer", "answered_at", condition=ANSWERED),
        )

    def __str__(self) -> str:
        return str(self.assignment.case)
