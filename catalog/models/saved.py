"""Searches that readers keep, to be told what is new."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import MAIL_LANGUAGES
from core.querysets import VisibleQuerySet


class SavedSearch(models.Model):
    """A list somebody wants to be told about by mail, once they confirmed the address.

    It is deleted, not ended: of who wants no more mails no address is kept.
    """

    class Frequency(models.TextChoices):
        DAILY = "daily", _("every day")
        WEEKLY = "weekly", _("every week")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    address = models.EmailField(_("e-mail address"))
    mailbox = models.EmailField(editable=False)  # the address without what follows a plus
    language = models.CharField(_("language"), max_length=10, choices=MAIL_LANGUAGES)
    # As catalog.browsing.addresses writes it: the same list has one address.
    query = models.CharField(_("search"), max_length=2000)
    frequency = models.CharField(_("how often"), max_length=10, choices=Frequency.choices)
    asked_at = models.DateTimeField(_("asked on"))  # for the first time
    # When the link was mailed, in the last day before the last of them.
    mailed_at = ArrayField(models.DateTimeField(), default=list, editable=False)
    confirmed_at = models.DateTimeField(_("confirmed on"), null=True)
    seen = models.BigIntegerField(default=0)  # the number of the last change that was looked at
    next_at = models.DateTimeField(_("next mail"), null=True)

    objects = VisibleQuerySet["SavedSearch"].as_manager()

    class Meta:
        verbose_name = _("saved search")
        verbose_name_plural = _("saved searches")
        ordering = ("asked_at", "id")
        indexes = (
            models.Index(fields=("next_at", "id")),
            models.Index(fields=("address",)),
        )
        constraints = (
            models.UniqueConstraint(fields=("mailbox", "query"), name="catalog_savedsearch_once"),
            models.CheckConstraint(
                condition=Q(confirmed_at=None, next_at=None)
                | Q(confirmed_at__isnull=False, next_at__isnull=False),
                name="catalog_savedsearch_confirmed",
            ),
        )

    def __str__(self) -> str:
        return str(self.pk)
