"""What is kept of a file that was looked into and scanned before anything was stored."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from submissions.files.states import ScanStatus


class ShelvedFile(models.Model):
    """A file officers open; each kind says what it belongs to, and in which folder it lies."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    file = models.FileField()
    file_name = models.CharField(_("file name"), max_length=255)
    media_type = models.CharField(_("media type"), max_length=100)
    size = models.PositiveIntegerField(_("size in bytes"))
    sha256 = models.CharField(_("checksum"), max_length=64)
    # Looked at as it came; what waits for a scanner is not taken at all.
    scan = models.CharField(_("malware scan"), max_length=20, choices=ScanStatus.choices)

    class Meta:
        abstract = True
        constraints: ClassVar[tuple[models.BaseConstraint, ...]] = (
            models.CheckConstraint(
                condition=Q(scan__in=(ScanStatus.CLEAN, ScanStatus.NOT_SCANNED)),
                name="%(app_label)s_%(class)s_scanned",
            ),
        )

    def __str__(self) -> str:
        return self.file_name
