"""Writing a declaration: each text that was saved, and who has which page open."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.querysets import VisibleQuerySet
from submissions.models.declarations import Declaration


class SavedValue(models.Model):
    """What one person saved for one field or table, at one moment. Its text never changes.

    What was saved is either in the working copy, or was seen by whoever saved after it, or waits
    here beside the working copy until its writer chooses between the two.
    """

    class State(models.TextChoices):
        APPLIED = "applied", _("saved")
        ASIDE = "aside", _("set aside")
        SETTLED = "settled", _("chosen from")

    declaration = models.ForeignKey(
        Declaration, on_delete=models.PROTECT, related_name="saved_values"
    )
    section = models.CharField(max_length=40)
    member = models.CharField(max_length=40)  # the field or table within the section
    value = models.JSONField(null=True)  # null: it was emptied
    revision = models.PositiveIntegerField()  # of the declaration, after this save
    state = models.CharField(max_length=10, choices=State.choices)
    # What its page was begun from, as submissions.scheme.differences writes it; applied: by
    # which page ("name:mark"), so that the page knows its own text again.
    begun = models.TextField(blank=True)
    saved_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()

    objects = VisibleQuerySet["SavedValue"].as_manager()

    class Meta:
        verbose_name = _("saved text")
        verbose_name_plural = _("saved texts")
        ordering = ("-id",)
        indexes = (
            models.Index(fields=("declaration", "section", "-id")),
            models.Index(
                name="submissions_saved_aside",
                fields=("declaration", "saved_by"),
                condition=Q(state="aside"),
            ),
        )
        triggers = (
            pgtrigger.Protect(
                name="text_stays",
                operation=pgtrigger.UpdateOf(
                    "declaration_id", "section", "member", "value", "saved_by_id", "saved_at"
                ),
            ),
        )

    def __str__(self) -> str:
        return f"{self.declaration_id} {self.section}.{self.member} r{self.revision}"


class Presence(models.Model):
    """A person has a page of a declaration open: told to colleagues, and soon forgotten."""

    declaration = models.ForeignKey(Declaration, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    section = models.CharField(max_length=40)
    seen_at = models.DateTimeField(db_index=True)

    objects = VisibleQuerySet["Presence"].as_manager()

    class Meta:
        verbose_name = _("presence")
        verbose_name_plural = _("presences")
        constraints = (
            models.UniqueConstraint(
                fields=("declaration", "person"), name="submissions_presence_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.person_id} {self.section}"
