"""Defences and on-site verifications: who comes where to see what, and what was found."""

import uuid
from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.lifecycle import status_guard
from core.querysets import VisibleQuerySet
from evaluation.models.cases import Case
from evaluation.models.experts import Expert
from evaluation.models.shelved import ShelvedFile
from evaluation.verifications.states import VERIFICATION, Answer, Kind, VerificationStatus
from submissions.models.kept import fixed, kept

# The report is locked while a file is laid or taken: none slips in beside the act that seals it.
SEALED_WITH_REPORT = f"""
    SELECT status INTO found FROM evaluation_verification
        WHERE id = COALESCE(NEW.verification_id, OLD.verification_id) FOR SHARE;
    IF found <> '{VerificationStatus.ARRANGED}' THEN
        RAISE EXCEPTION 'file of a report: the report is handed in or cancelled'
            USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
"""  # noqa: S608 -- the one value put in is a constant of ours


class Verification(models.Model):
    """One appointment about one case, and its report.

    The enterprise reads kind, time, place and what to prepare; all else is the officers'.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(
        Case, verbose_name=_("case"), on_delete=models.PROTECT, related_name="verifications"
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    status = models.CharField(
        _("state"),
        max_length=20,
        choices=VerificationStatus.choices,
        default=VerificationStatus.ARRANGED,
        editable=False,
    )
    held_at = models.DateTimeField(_("date and time"))
    place = models.CharField(_("place or link"), max_length=400)
    prepare = models.TextField(_("what the enterprise prepares"))
    points = models.JSONField(_("what is verified"))  # texts
    experts = models.ManyToManyField(
        Expert, verbose_name=_("experts taking part"), related_name="verifications", blank=True
    )
    officers = models.ManyToManyField(
        User, verbose_name=_("officers taking part"), related_name="+", blank=True
    )
    arranged_by = models.ForeignKey(
        User, verbose_name=_("arranged by"), on_delete=models.PROTECT, related_name="+"
    )
    arranged_at = models.DateTimeField(_("arranged on"))
    answer = models.CharField(
        _("answer of the enterprise"), max_length=20, choices=Answer.choices, blank=True
    )
    answer_reason = models.TextField(_("reason for another date"), blank=True)
    answered_by = models.ForeignKey(
        User, verbose_name=_("answered by"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(_("answered on"), null=True)
    findings = models.TextField(_("findings"), blank=True)
    results = models.JSONField(default=list)  # [{"point", "result", "note"}] as the points
    reported_by = models.ForeignKey(
        User, verbose_name=_("reported by"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    reported_at = models.DateTimeField(_("reported on"), null=True)
    # SHA-256 of the canonical JSON of the report (evaluation.verifying.document_of).
    content_hash = models.CharField(_("seal"), max_length=64, blank=True)
    reason = models.TextField(_("why it was cancelled"), blank=True)

    objects = VisibleQuerySet["Verification"].as_manager()

    class Meta:
        verbose_name = _("verification")
        verbose_name_plural = _("defences and on-site verifications")
        ordering = ("-held_at", "id")
        indexes = (models.Index(fields=("-held_at", "id")),)
        constraints = (
            models.UniqueConstraint(
                fields=("case", "kind"),
                condition=Q(status=VerificationStatus.ARRANGED),
                name="evaluation_verification_one_arranged",
            ),
            models.CheckConstraint(
                condition=Q(
                    status=VerificationStatus.REPORTED,
                    reported_by__isnull=False,
                    reported_at__isnull=False,
                )
                & ~Q(findings="")
                & ~Q(content_hash="")
                | ~Q(status=VerificationStatus.REPORTED)
                & Q(reported_by=None, reported_at=None, findings="", content_hash=""),
                name="evaluation_verification_reported",
            ),
            models.CheckConstraint(
                condition=Q(status=VerificationStatus.CANCELLED) & ~Q(reason="")
                | ~Q(status=VerificationStatus.CANCELLED) & Q(reason=""),
                name="evaluation_verification_cancelled",
            ),
            models.CheckConstraint(
                condition=Q(answer="", answer_reason="", answered_by=None, answered_at=None)
                | Q(answered_by__isnull=False, answered_at__isnull=False) & ~Q(answer=""),
                name="evaluation_verification_answered",
            ),
        )
        triggers = (
            status_guard(VERIFICATION),
            kept(),
            fixed(
                "arranged_stays",
                *("case_id", "kind", "held_at", "place", "prepare", "points", "arranged_by_id"),
                "arranged_at",
            ),
            fixed(
                "answered_stays",
                *("answer", "answer_reason", "answered_by_id", "answered_at"),
                condition=pgtrigger.Q(old__answered_at__isnull=False),
            ),
            pgtrigger.Protect(
                name="ended_stays",
                operation=pgtrigger.Update,
                condition=~pgtrigger.Q(old__status=VerificationStatus.ARRANGED),
            ),
        )

    def __str__(self) -> str:
        return f"{self.case}: {self.get_kind_display()}"


class VerificationFile(ShelvedFile):
    """A file of a report: a photograph, the signed record. Sealed with it by name and checksum."""

    verification = models.ForeignKey(Verification, on_delete=models.PROTECT, related_name="files")
    file = models.FileField(upload_to="verifications/")
    added_by = models.ForeignKey(
        User, verbose_name=_("added by"), on_delete=models.PROTECT, related_name="+"
    )
    added_at = models.DateTimeField(_("added on"))

    objects = VisibleQuerySet["VerificationFile"].as_manager()

    class Meta(ShelvedFile.Meta):
        verbose_name = _("file of a report")
        verbose_name_plural = _("files of reports")
        ordering = ("verification", "file_name", "id")
        constraints: ClassVar[tuple[models.BaseConstraint, ...]] = (
            *ShelvedFile.Meta.constraints,
            models.CheckConstraint(
                condition=Q(size__gt=0), name="evaluation_verificationfile_size"
            ),
            models.UniqueConstraint(
                fields=("verification", "sha256"), name="evaluation_verificationfile_once"
            ),
        )
        triggers = (
            pgtrigger.Protect(name="file_stays", operation=pgtrigger.Update),
            pgtrigger.Trigger(
                name="sealed_with_report",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Delete,
                declare=[("found", "text")],
                func=SEALED_WITH_REPORT,
            ),
        )

    def sealed(self) -> dict[str, str]:
        """Return what the report is sealed with of it."""
        return {"name": self.file_name, "sha256": self.sha256}
