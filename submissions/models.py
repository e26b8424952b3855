"""What an enterprise filed, in which activity, under which scheme."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from accounts.relations import member
from accounts.roles import Role
from core import rights
from core.immutable import append_only
from core.lifecycle import status_guard
from reference.models import Field, Subcategory
from reference.names import in_language
from submissions.scheme import Scheme, load
from submissions.states import ACTIVITY, DECLARATION, ActivityStatus, Status

LANGUAGE_CHOICES = [(code, name) for code, name in settings.LANGUAGES]


class DeclarationScheme(models.Model):
    """Which fields a declaration carries: data, versioned, never changed once an activity is open.

    ``sections`` is read by ``submissions.scheme``; ``content_hash`` is taken over it.
    """

    code = models.SlugField(_("code"), max_length=40)
    version = models.PositiveSmallIntegerField(_("version"))
    names = models.JSONField(_("names"))
    sections = models.JSONField(_("sections"))
    content_hash = models.CharField(max_length=64, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("declaration scheme")
        verbose_name_plural = _("declaration schemes")
        constraints = (
            models.UniqueConstraint(fields=("code", "version"), name="submissions_scheme_once"),
        )
        triggers = (append_only(),)

    def __str__(self) -> str:
        return f"{in_language(self.names)} ({self.code} {self.version})"

    def load(self) -> Scheme:
        """Return the scheme to work with; SchemeError when the document is unsound."""
        return load(self.sections)


class ActivityQuerySet(models.QuerySet["Activity"]):
    def visible_to(self, user: Any) -> "ActivityQuerySet":
        return rights.visible(self, user)


class Activity(models.Model):
    """One collection round: what is asked for, under which scheme, from when until when."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.SlugField(_("code"), max_length=30, unique=True)
    status = models.CharField(
        _("state"),
        max_length=20,
        choices=ActivityStatus.choices,
        default=ActivityStatus.PREPARED,
        editable=False,
    )
    titles = models.JSONField(_("title"), help_text=_("By language."))
    notices = models.JSONField(_("notice"), help_text=_("By language; paragraphs of plain text."))
    fields = models.ManyToManyField(Field, verbose_name=_("fields of technology"))
    scheme = models.ForeignKey(
        DeclarationScheme, verbose_name=_("declaration scheme"), on_delete=models.PROTECT
    )
    opens_at = models.DateTimeField(_("opens"))
    closes_at = models.DateTimeField(_("closes"))
    publicity_days = models.PositiveSmallIntegerField(
        _("days of publicity"), default=7, help_text=_("Calendar days; 0: cleared at once.")
    )
    contact = models.CharField(_("contact"), max_length=200, blank=True)

    objects = ActivityQuerySet.as_manager()

    class Meta:
        verbose_name = _("collection activity")
        verbose_name_plural = _("collection activities")
        ordering = ("-opens_at", "code")
        constraints = (
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")), name="submissions_activity_span"
            ),
        )
        triggers = (status_guard(ACTIVITY),)

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return in_language(self.titles)

    @property
    def notice(self) -> str:
        return in_language(self.notices)


class DeclarationQuerySet(models.QuerySet["Declaration"]):
    def visible_to(self, user: Any) -> "DeclarationQuerySet":
        return rights.visible(self, user)

    def with_right(self, user: Any, right: str) -> "DeclarationQuerySet":
        return rights.with_right(self, user, right)

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


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def visible_to(self, user: Any) -> "AttachmentQuerySet":
        """Those of declarations the person may see; what was never filed, only to the applicant."""
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

    class Meta:
        verbose_name = _("correction asked for")
        verbose_name_plural = _("corrections asked for")
        ordering = ("id",)
        triggers = (append_only(),)

    def __str__(self) -> str:
        return f"{self.section}.{self.field}" if self.field else self.section
