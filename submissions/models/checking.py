"""What officers write down in the formal check: marks, corrections asked for, rejections."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.immutable import append_only
from core.querysets import VisibleQuerySet
from submissions.models.attachments import Attachment
from submissions.models.declarations import Declaration, DeclarationVersion
from submissions.models.kept import fixed, kept, of_one_declaration


class Correction(models.Model):
    """One thing to correct, named when a declaration was returned.

    A field or table of a section, the whole section, or a file: one that was filed
    (``attachment``), or each of a ``kind``.
    """

    version = models.ForeignKey(
        DeclarationVersion, on_delete=models.PROTECT, related_name="corrections"
    )
    section = models.CharField(_("section"), max_length=40)
    field = models.CharField(_("form field"), max_length=40, blank=True)
    kind = models.CharField(_("kind of file"), max_length=20, blank=True, db_default="")
    attachment = models.ForeignKey(
        Attachment, verbose_name=_("file"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    code = models.CharField(_("reason code"), max_length=40, blank=True, db_default="")
    reason = models.TextField(_("what to correct"))
    # A text the officer would write there; the applicant takes it over or not.
    proposal = models.TextField(_("proposed wording"), blank=True, db_default="")
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    due_on = models.DateField(_("due"), null=True)

    objects = VisibleQuerySet["Correction"].as_manager()

    class Meta:
        verbose_name = _("correction asked for")
        verbose_name_plural = _("corrections asked for")
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(attachment=None) | ~Q(kind=""), name="submissions_correction_of_file"
            ),
            models.CheckConstraint(
                condition=Q(kind="") | Q(field=""), name="submissions_correction_one_place"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="submissions_correction_reasoned"),
        )
        triggers = (append_only(),)

    def __str__(self) -> str:
        return f"{self.section}.{self.field or self.kind}".rstrip(".")


class ProposalAnswer(models.Model):
    """Whether the applicant took over the wording that was proposed."""

    correction = models.OneToOneField(
        Correction, on_delete=models.PROTECT, related_name="proposal_answer"
    )
    taken = models.BooleanField(_("taken over"))
    note = models.CharField(_("why not"), max_length=1000, blank=True)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(auto_now_add=True)

    objects = VisibleQuerySet["ProposalAnswer"].as_manager()

    class Meta:
        verbose_name = _("answer to a proposed wording")
        verbose_name_plural = _("answers to proposed wordings")
        triggers = (append_only(),)

    def __str__(self) -> str:
        return f"{self.correction_id}: {self.taken}"


class CheckMark(models.Model):
    """What an officer found on one item of the checklist of one version; the latest counts.

    An item is a rule that remarked something, or one that is looked at by eye (``manual``).
    """

    class Verdict(models.TextChoices):
        STANDS = "stands", _("may stand as it is")
        DOES_NOT_STAND = "does_not_stand", _("may not stand")
        MET = "met", _("met")
        NOT_MET = "not_met", _("not met")
        NOT_APPLICABLE = "not_applicable", _("does not apply")

    version = models.ForeignKey(DeclarationVersion, on_delete=models.PROTECT, related_name="marks")
    item = models.CharField(_("item"), max_length=60)
    verdict = models.CharField(_("finding"), max_length=20, choices=Verdict.choices)
    reason = models.CharField(_("reason"), max_length=1000, blank=True)
    # What was looked at, as it was: the places the rule remarked, of an item by eye files and
    # sections. What is another by now is not covered.
    covers = models.JSONField(default=list)
    marked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    marked_at = models.DateTimeField(auto_now_add=True)

    objects = VisibleQuerySet["CheckMark"].as_manager()

    class Meta:
        verbose_name = _("mark of the formal check")
        verbose_name_plural = _("marks of the formal check")
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                condition=~Q(verdict="stands") | ~Q(reason=""), name="submissions_mark_reasoned"
            ),
        )
        triggers = (append_only(),)

    def __str__(self) -> str:
        return f"{self.item}: {self.verdict}"


class Rejection(models.Model):
    """A rejection in the formal check, and what became of it when it was contested.

    Each version's may be contested once: what was lifted and corrected is another matter.
    """

    declaration = models.ForeignKey(
        Declaration, on_delete=models.PROTECT, related_name="rejections"
    )
    version = models.ForeignKey(DeclarationVersion, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(_("reason code"), max_length=40, blank=True)
    reason = models.TextField(_("reason"))
    rejected_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    rejected_at = models.DateTimeField(_("rejected"))
    contest_until = models.DateField(_("may be contested until"))
    statement = models.TextField(_("why it is contested"), blank=True)
    contested_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    contested_at = models.DateTimeField(_("contested"), null=True)
    answer = models.TextField(_("answer"), blank=True)
    upheld = models.BooleanField(_("upheld"), null=True)
    answered_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(_("answered"), null=True)

    objects = VisibleQuerySet["Rejection"].as_manager()

    class Meta:
        verbose_name = _("rejection")
        verbose_name_plural = _("rejections")
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=("version",),
                condition=Q(contested_at__isnull=False),
                name="submissions_contested_once",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="submissions_rejection_reasoned"),
            models.CheckConstraint(
                condition=Q(contested_at=None, contested_by=None)
                | Q(contested_at__isnull=False, contested_by__isnull=False) & ~Q(statement=""),
                name="submissions_contest_whole",
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None, answered_by=None, upheld=None)
                | Q(
                    contested_at__isnull=False,
                    answered_at__isnull=False,
                    answered_by__isnull=False,
                    upheld__isnull=False,
                )
                & ~Q(answer=""),
                name="submissions_contest_answered",
            ),
            # Nobody judges over what they did themselves.
            models.CheckConstraint(
                condition=Q(answered_by=None) | ~Q(answered_by=F("rejected_by")),
                name="submissions_contest_another_officer",
            ),
        )
        triggers = (
            kept(),
            of_one_declaration(),
            fixed(
                "rejected_stays",
                *("declaration_id", "version_id", "code", "reason"),
                *("rejected_by_id", "rejected_at", "contest_until"),
            ),
            fixed(
                "contested_stays",
                *("statement", "contested_by_id", "contested_at"),
                condition=pgtrigger.Q(old__contested_at__isnull=False),
            ),
            pgtrigger.Protect(
                name="answered_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__answered_at__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.declaration_id} {self.rejected_at:%Y-%m-%d}"
