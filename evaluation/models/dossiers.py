"""The declaration with its evidence as one file, made for one expert."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.querysets import VisibleQuerySet
from evaluation.models.cases import Assignment
from submissions.models import DeclarationVersion


class Dossier(models.Model):
    """One file to read offline; a copy that can be made again, so its row may be deleted.

    ``file`` is empty while it is being made, and where it could not be (``failed_at``).
    """

    assignment = models.OneToOneField(
        Assignment,
        verbose_name=_("assignment"),
        primary_key=True,
        on_delete=models.PROTECT,
        related_name="dossier",
    )
    version = models.ForeignKey(DeclarationVersion, on_delete=models.PROTECT, related_name="+")
    language = models.CharField(max_length=10)  # of headings and labels
    asked_at = models.DateTimeField()
    begun_at = models.DateTimeField(null=True)  # by a worker, last
    tries = models.PositiveSmallIntegerField(default=0)
    done = models.PositiveSmallIntegerField(default=0)  # files put in, of ``total``
    total = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    file = models.FileField(upload_to="dossiers/", blank=True)
    size = models.PositiveBigIntegerField(default=0)
    # The attachments inside: one in which malware is found later takes the whole file back.
    holds = models.JSONField(default=list)

    objects = VisibleQuerySet["Dossier"].as_manager()

    class Meta:
        verbose_name = _("declaration as one file")
        verbose_name_plural = _("declarations as one file")
        ordering = ("asked_at", "assignment")
        indexes = (
            models.Index(
                name="evaluation_dossier_waiting",
                fields=("asked_at",),
                condition=Q(made_at=None, failed_at=None),
            ),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(made_at=None, file="")
                | Q(made_at__isnull=False, failed_at=None) & ~Q(file=""),
                name="evaluation_dossier_made",
            ),
            models.CheckConstraint(
                condition=Q(done__lte=F("total")), name="evaluation_dossier_done"
            ),
        )

    def __str__(self) -> str:
        return str(self.assignment_id)

    @property
    def is_waiting(self) -> bool:
        return self.made_at is None and self.failed_at is None
