"""What stands for the texts of a filed version, so that those that are alike are found."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.querysets import VisibleQuerySet
from submissions.models.declarations import LANGUAGE_CHOICES, DeclarationVersion


class Fingerprint(models.Model):
    """The hashes of a filed version in one language: of its own text, or of a translation of it.

    Made of the text and nothing else (``submissions.checks.look_alikes``); a translation that
    is confirmed anew replaces that of its language.
    """

    version = models.ForeignKey(
        DeclarationVersion, on_delete=models.PROTECT, related_name="fingerprints"
    )
    language = models.CharField(max_length=10, choices=LANGUAGE_CHOICES)
    hashes = ArrayField(models.BigIntegerField())
    count = models.PositiveIntegerField()  # of the hashes

    objects = VisibleQuerySet["Fingerprint"].as_manager()

    class Meta:
        verbose_name = _("fingerprint of a text")
        verbose_name_plural = _("fingerprints of texts")
        constraints = (
            models.UniqueConstraint(
                fields=("version", "language"), name="submissions_fingerprint_once"
            ),
        )
        indexes = (
            # Each hash is looked for by itself: a list of what is not yet in order would be
            # read through every time.
            GinIndex(name="submissions_fingerprint_hashes", fields=("hashes",), fastupdate=False),
        )

    def __str__(self) -> str:
        return f"{self.version_id} {self.language}"
