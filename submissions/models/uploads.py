"""Files on their way: sent in parts, over a line that may break."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.querysets import VisibleQuerySet
from submissions.models.attachments import Attachment
from submissions.models.declarations import Declaration


class PartialUpload(models.Model):
    """A file of which some parts have come. When all have, it becomes an attachment.

    ``parts`` are names in the storage, in order; a row that is finished has none left and stays
    for a while, to tell who missed the last answer that all is well.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    declaration = models.ForeignKey(Declaration, on_delete=models.PROTECT, related_name="uploads")
    section = models.CharField(max_length=40)
    kind = models.CharField(max_length=20, choices=Attachment.Kind.choices)
    title = models.CharField(max_length=200, blank=True)
    file_name = models.CharField(max_length=255)
    size = models.PositiveIntegerField()  # bytes, as announced
    offset = models.PositiveIntegerField(default=0)  # bytes that have come
    parts = ArrayField(models.CharField(max_length=120), default=list, blank=True)
    begun_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField(auto_now_add=True)
    touched_at = models.DateTimeField(auto_now_add=True)
    attachment = models.ForeignKey(
        Attachment, null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = VisibleQuerySet["PartialUpload"].as_manager()

    class Meta:
        verbose_name = _("file on its way")
        verbose_name_plural = _("files on their way")
        ordering = ("begun_at", "id")
        indexes = (models.Index(fields=("touched_at",)),)
        constraints = (
            models.CheckConstraint(
                condition=Q(offset__lte=F("size")), name="submissions_upload_not_too_long"
            ),
        )

    def __str__(self) -> str:
        return f"{self.file_name} {self.offset}/{self.size}"
