"""The files that lie beside a declaration."""

import uuid
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.relations import member
from accounts.roles import Role
from core.lifecycle import status_guard
from submissions.files.states import ATTACHMENT, SERVED, ScanStatus
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

    def served_to(self, user: Any) -> "AttachmentQuerySet":
        """Those the person may see and is handed: nothing a scanner has still to look at."""
        return self.visible_to(user).filter(status__in=SERVED)

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
        MONITORING = "monitoring", _("monitoring report")
        OPERATING_LOG = "operating_log", _("operating log")
        PHOTO = "photo", _("photograph")
        OWNERSHIP = "ownership", _("proof of ownership or licence")
        JOINT_PROOF = "joint_proof", _("proof of a joint declaration")
        APPRAISAL = "appraisal", _("appraisal of the technology")
        NOVELTY_SEARCH = "novelty_search", _("novelty search report")
        AWARD = "award", _("proof of a listing, award or funding")
        RECOMMENDATION = "recommendation", _("stamped recommendation")
        COMMITMENT = "commitment", _("stamped commitment")
        OTHER = "other", _("other")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    declaration = models.ForeignKey(
        Declaration, on_delete=models.PROTECT, related_name="attachments"
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    title = models.CharField(_("title"), max_length=200)
    file = models.FileField(upload_to="attachments/")
    file_name = models.CharField(_("file name"), max_length=255)
    media_type = models.CharField(_("media type"), max_length=100)
    size = models.PositiveIntegerField(_("size in bytes"))
    sha256 = models.CharField(_("checksum"), max_length=64)
    uploaded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(_("stored"), auto_now_add=True)
    removed_at = models.DateTimeField(null=True)
    status = models.CharField(
        _("malware scan"),
        max_length=20,
        choices=ScanStatus.choices,
        default=ScanStatus.NOT_SCANNED,
        editable=False,
    )
    scanned_at = models.DateTimeField(_("scanned"), null=True)
    finding = models.CharField(_("malware"), max_length=200, blank=True)  # as the scanner calls it
    # The first version that names it. From then on the file is kept, removed or not.
    filed_with = models.ForeignKey(
        DeclarationVersion, null=True, on_delete=models.PROTECT, related_name="attachments"
    )

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ("uploaded_at", "id")
        triggers = (status_guard(ATTACHMENT),)

    def __str__(self) -> str:
        return self.title

    @property
    def is_served(self) -> bool:
        """Say whether who may see it is also handed it."""
        return self.status in SERVED

    @property
    def scan_label(self) -> str:
        """Say why it is not handed out."""
        return "" if self.is_served else self.get_status_display()
