"""What belongs to the notice of an activity: annexes, supporters, demand themes, changed dates."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.immutable import append_only
from core.querysets import VisibleQuerySet
from reference.models import Country
from reference.names import in_language
from submissions.models.activities import Activity


class Annex(models.Model):
    """A file of the notice: a form, a guide, a list; fetched by everybody once it is open."""

    activity = models.ForeignKey(
        Activity, verbose_name=_("activity"), on_delete=models.PROTECT, related_name="annexes"
    )
    titles = models.JSONField(_("title"))
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    shown = models.BooleanField(_("shown"), default=True)
    file = models.FileField(_("file"), upload_to="annexes/")
    file_name = models.CharField(_("file name"), max_length=200, editable=False)
    media_type = models.CharField(max_length=100, editable=False)
    size = models.PositiveIntegerField(editable=False)  # bytes
    sha256 = models.CharField(_("checksum"), max_length=64, editable=False)
    uploaded_at = models.DateTimeField(_("stored"), auto_now_add=True)

    objects = VisibleQuerySet["Annex"].as_manager()

    class Meta:
        verbose_name = _("annex of a notice")
        verbose_name_plural = _("annexes of notices")
        ordering = ("activity", "order", "id")

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return in_language(self.titles)


class Supporter(models.Model):
    """A body that supports an activity and is named on its page."""

    activity = models.ForeignKey(
        Activity, verbose_name=_("activity"), on_delete=models.PROTECT, related_name="supporters"
    )
    names = models.JSONField(_("name"))
    url = models.URLField(_("web page"), blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    shown = models.BooleanField(_("shown"), default=True)
    logo = models.FileField(_("logo"), upload_to="logos/", blank=True)
    logo_type = models.CharField(max_length=20, blank=True, editable=False)

    objects = VisibleQuerySet["Supporter"].as_manager()

    class Meta:
        verbose_name = _("supporter")
        verbose_name_plural = _("supporters")
        ordering = ("activity", "order", "id")

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return in_language(self.names)


class DemandTheme(models.Model):
    """What is looked for in an activity: a need, in words, perhaps of certain countries."""

    activity = models.ForeignKey(
        Activity, verbose_name=_("activity"), on_delete=models.PROTECT, related_name="themes"
    )
    titles = models.JSONField(_("title"))
    texts = models.JSONField(_("text"), default=dict)
    countries = models.ManyToManyField(
        Country, verbose_name=_("countries and regions"), blank=True, related_name="+"
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    shown = models.BooleanField(_("shown"), default=True)

    objects = VisibleQuerySet["DemandTheme"].as_manager()

    class Meta:
        verbose_name = _("demand theme")
        verbose_name_plural = _("demand themes")
        ordering = ("activity", "order", "id")

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return in_language(self.titles)

    @property
    def text(self) -> str:
        return in_language(self.texts)


class ClosingChange(models.Model):
    """The closing of an open activity was moved: from when to when, and why. Kept for good."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="closing_changes")
    before = models.DateTimeField()
    after = models.DateTimeField()
    grace_before = models.PositiveSmallIntegerField(default=0, db_default=0)  # minutes
    grace_after = models.PositiveSmallIntegerField(default=0, db_default=0)
    reason = models.TextField()
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    objects = VisibleQuerySet["ClosingChange"].as_manager()

    class Meta:
        verbose_name = _("change of a closing time")
        verbose_name_plural = _("changes of closing times")
        ordering = ("-changed_at", "id")
        triggers = (append_only(),)

    def __str__(self) -> str:
        return f"{self.activity_id} {self.after}"

    @property
    def is_of_grace(self) -> bool:
        return self.grace_before != self.grace_after
