"""What an enterprise filed: declarations, their versions and their translations."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from core.immutable import append_only
from core.lifecycle import status_guard
from core.querysets import VisibleQuerySet
from reference.models import Subcategory
from submissions.models.activities import Activity
from submissions.states import DECLARATION, Status

LANGUAGE_CHOICES = [(code, name) for code, name in settings.LANGUAGES]


class DeclarationQuerySet(VisibleQuerySet["Declaration"]):
    def own(self, user: Any) -> "DeclarationQuerySet":
        """Those of the organisations the person belongs to: what the enterprise's pages show."""
        mine = Organisation.objects.of_member(user)
        return self.visible_to(user).filter(organisation__in=mine.values("pk"))


class Declaration(models.Model):
    """One technology declared in one activity by one organisation.

    ``content`` is the working copy, a document shaped by the scheme (docs/adr/0004); what was
    filed lies in the versions and never changes. ``title`` and ``subcategory`` are read out of
    it for lists.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(  # noqa: DJ001 -- no number yet is no number, and unique
        _("number"), max_length=40, unique=True, null=True, editable=False
    )
    activity = models.ForeignKey(
        Activity, verbose_name=_("activity"), on_delete=models.PROTECT, related_name="declarations"
    )
    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("organisation"),
        on_delete=models.PROTECT,
        related_name="declarations",
    )
    status = models.CharField(
        _("state"), max_length=20, choices=Status.choices, default=Status.DRAFT, editable=False
    )
    language = models.CharField(_("language of the text"), max_length=10, choices=LANGUAGE_CHOICES)
    content = models.JSONField(default=dict)
    # Counts the saves. A save that began before the last save of the same section is refused,
    # and both texts are shown; two people may work on two sections.
    revision = models.PositiveIntegerField(default=0)
    section_revisions = models.JSONField(default=dict)  # {"technology": 7}
    title = models.CharField(_("title"), max_length=200, blank=True)
    subcategory = models.ForeignKey(
        Subcategory,
        verbose_name=_("sub-category"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    # One press of "start" makes one declaration, however often it is sent.
    start_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    submitted_at = models.DateTimeField(_("submitted"), null=True)
    checked_by = models.ForeignKey(
        User, verbose_name=_("checked by"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    # Since when it is in its state; how often it was returned.
    state_since = models.DateTimeField(_("in this state since"), db_default=Now(), editable=False)
    returns = models.PositiveSmallIntegerField(_("returns"), default=0, db_default=0)
    # The day that binds while it is returned; a correction keeps the one it was asked for.
    corrections_due_on = models.DateField(_("corrections due"), null=True, editable=False)
    copied_from = models.ForeignKey(
        "self",
        verbose_name=_("copied from"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
    )
    # What did not fit when it was copied: see submissions.scheme.carrying.LeftOut.
    left_out = models.JSONField(default=list, editable=False)
    version = models.ForeignKey(
        "DeclarationVersion",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("The version now in force."),
    )

    objects = DeclarationQuerySet.as_manager()

    class Meta:
        verbose_name = _("declaration")
        verbose_name_plural = _("declarations")
        ordering = ("-updated_at", "id")
        indexes = (
            models.Index(fields=("activity", "status", "submitted_at")),
            models.Index(fields=("organisation", "-updated_at")),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(status=Status.DRAFT)
                | Q(status=Status.WITHDRAWN)
                | Q(version__isnull=False, number__isnull=False, submitted_at__isnull=False),
                name="submissions_declaration_filed",
            ),
        )
        triggers = (status_guard(DECLARATION),)

    def __str__(self) -> str:
        return self.title or str(_("Untitled declaration"))


class DeclarationVersion(models.Model):
    """What was filed at one moment, exactly. Never changed."""

    declaration = models.ForeignKey(Declaration, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    # See submissions.document for what it holds.
    content = models.JSONField()
    content_hash = models.CharField(max_length=64)
    submitted_at = models.DateTimeField(_("submitted"))
    submitted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    objects = VisibleQuerySet["DeclarationVersion"].as_manager()

    class Meta:
        verbose_name = _("version of a declaration")
        verbose_name_plural = _("versions of declarations")
        ordering = ("declaration", "number")
        constraints = (
            models.UniqueConstraint(
                fields=("declaration", "number"), name="submissions_version_once"
            ),
        )
        triggers = (append_only(),)

    def __str__(self) -> str:
        return f"{self.declaration_id} v{self.number}"


class Translation(models.Model):
    """The text of a declaration in one more language; it counts once the applicant confirmed it."""

    declaration = models.ForeignKey(
        Declaration, on_delete=models.PROTECT, related_name="translations"
    )
    language = models.CharField(max_length=10, choices=LANGUAGE_CHOICES)
    texts = models.JSONField(default=dict)  # {"technology.title": "..."}
    revision = models.PositiveIntegerField(default=0)
    updated_at = models.DateTimeField(auto_now=True)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    objects = VisibleQuerySet["Translation"].as_manager()

    class Meta:
        verbose_name = _("translation")
        verbose_name_plural = _("translations")
        constraints = (
            models.UniqueConstraint(
                fields=("declaration", "language"), name="submissions_translation_once"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None, confirmed_by=None)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
                name="submissions_translation_confirmed",
            ),
        )

    def __str__(self) -> str:
        return f"{self.declaration_id} {self.language}"


class TranslationVersion(models.Model):
    """A text as the applicant confirmed it, beside the version that was filed. Never changed."""

    version = models.ForeignKey(
        DeclarationVersion, on_delete=models.PROTECT, related_name="translations"
    )
    language = models.CharField(max_length=10, choices=LANGUAGE_CHOICES)
    number = models.PositiveSmallIntegerField(_("version"))
    texts = models.JSONField()  # {"technology.title": "..."}
    content_hash = models.CharField(max_length=64)
    confirmed_at = models.DateTimeField(_("confirmed"))
    confirmed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    objects = VisibleQuerySet["TranslationVersion"].as_manager()

    class Meta:
        verbose_name = _("confirmed translation")
        verbose_name_plural = _("confirmed translations")
        ordering = ("version", "language", "number")
        constraints = (
            models.UniqueConstraint(
                fields=("version", "language", "number"),
                name="submissions_translation_version_once",
            ),
        )
        triggers = (append_only(),)

    def __str__(self) -> str:
        return f"{self.version_id} {self.language} v{self.number}"
