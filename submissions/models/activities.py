"""What is asked for: schemes, and the collection activities that use them."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.immutable import append_only
from core.lifecycle import status_guard
from core.querysets import VisibleQuerySet
from reference.models import Field
from reference.names import in_language
from submissions.scheme import Scheme, load
from submissions.states import ACTIVITY, ActivityStatus


class DeclarationScheme(models.Model):
    """Which fields a declaration carries: data, versioned, never changed once an activity is open.

    ``sections`` is read by ``submissions.scheme``; ``content_hash`` is taken over it.
    """

    code = models.SlugField(_("code"), max_length=40)
    version = models.PositiveSmallIntegerField(_("version"))
    names = models.JSONField(_("names"))
    sections = models.JSONField(_("sections"))
    content_hash = models.CharField(_("checksum"), max_length=64, editable=False)
    created_at = models.DateTimeField(_("stored"), auto_now_add=True)

    objects = VisibleQuerySet["DeclarationScheme"].as_manager()

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

    objects = VisibleQuerySet["Activity"].as_manager()

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
