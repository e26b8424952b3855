"""What lies beside a declaration: files, and what officers asked to correct."""

import uuid
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.relations import member
from accounts.roles import Role
from core.immutable import append_only
from core.querysets import VisibleQuerySet
from submissions.models.declarations import Declaration, DeclarationVersion


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def visible_to(self, user: Any) -> "AttachmentQuerySet":
        """Those of declarations the person may see; what was never filed, only to the applicant.

        Not by the table: to be filed is no state of the file, and differs from file to file.
        """
        shown = self.filter(declaration__in=Declaration.objects.visible_to(user).values("pk"))
        filed = Q(filed_with__isnull=False)
        own = member(Role.VIEWER, "declaration__organisation")(user)
        return shown.filter(filed if own is None else filed | own & Q(removed_at=None))

    def standing(self) -> "AttachmentQuerySet":
        """Those that belong to the working copy."""
        return self.filter(removed_at=None)


class Attachment(models.Model):
    """A file laid beside a declaration; kept as long as a version names it."""

    class Kind(models.TextChoices):
        TEST_REPORT = "test_report", _("test or monitoring report")
        FLOW_DIAGRAM = "flow_diagram", _("flow diagram")
        ACCEPTANCE = "acceptance", _("acceptance report")
        CERTIFICATE = "certificate", _("patent or certificate")
        USER_OPINION = "user_opinion", _("opinion of a user")
        OTHER = "other", _("other")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    declaration = models.ForeignKey(
        Declaration, on_delete=models.PROTECT, related_name="attachments"
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    title = models.CharField(_("title"), max_length=200)
    file = models.FileField(upload_to="attachments/")
    file_name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()  # bytes
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(auto_now_add=True)
    removed_at = models.DateTimeField(null=True)
    # The first version that names it. From then on the file is kept, removed or not.
    filed_with = models.ForeignKey(
        DeclarationVersion, null=True, on_delete=models.PROTECT, related_name="attachments"
    )

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ("uploaded_at", "id")

    def __str__(self) -> str:
        return self.title


class Correction(models.Model):
    """One thing to correct, named when a declaration was returned."""

    version = models.ForeignKey(
        DeclarationVersion, on_delete=models.PROTECT, related_name="corrections"
    )
    section = models.CharField(_("section"), max_length=40)
    field = models.CharField(_("form field"), max_length=40, blank=True)
    reason = models.TextField(_("what to correct"))
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    due_on = models.DateField(_("due"), null=True)

    objects = VisibleQuerySet["Correction"].as_manager()

    class Meta:
        verbose_name = _("correction asked for")
        verbose_name_plural = _("corrections asked for")
        ordering = ("id",)
        triggers = (append_only(),)

    def __str__(self) -> str:
        return f"{self.section}.{self.field}" if self.field else self.section
