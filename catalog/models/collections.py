"""Collections of technologies, for readers who look for a purpose rather than a word."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.collecting.states import COLLECTION, CollectionStatus
from core.lifecycle import status_guard
from core.querysets import VisibleQuerySet
from reference.names import in_language


class Collection(models.Model):
    """Technologies by their numbers, in an order; or those a list leads to (``rule``)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.SlugField(_("code"), max_length=60, unique=True)
    title_en = models.CharField(_("title in English"), max_length=200)
    title_zh = models.CharField(_("title in Chinese"), max_length=200)
    introduction_en = models.TextField(_("introduction in English"), max_length=4000)
    introduction_zh = models.TextField(_("introduction in Chinese"), max_length=4000)
    # Numbers of technologies: they never change, and none is given twice.
    numbers = ArrayField(
        models.CharField(max_length=40), verbose_name=_("technologies"), default=list, blank=True
    )
    # As catalog.browsing.addresses writes it.
    rule = models.CharField(_("address of a list"), max_length=2000, blank=True)
    status = models.CharField(
        _("state"),
        max_length=20,
        choices=CollectionStatus.choices,
        default=CollectionStatus.DRAFT,
        editable=False,
    )
    published_at = models.DateTimeField(_("published on"), null=True, blank=True, editable=False)

    objects = VisibleQuerySet["Collection"].as_manager()

    class Meta:
        verbose_name = _("collection")
        verbose_name_plural = _("collections")
        ordering = ("-published_at", "code")
        constraints = (
            models.CheckConstraint(
                condition=Q(numbers=[]) & ~Q(rule="") | ~Q(numbers=[]) & Q(rule=""),
                name="catalog_collection_one_kind",
            ),
            models.CheckConstraint(
                condition=~Q(status=CollectionStatus.PUBLISHED) | Q(published_at__isnull=False),
                name="catalog_collection_published",
            ),
        )
        triggers = (status_guard(COLLECTION),)

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return in_language({"en": self.title_en, "zh-hans": self.title_zh})

    @property
    def introduction(self) -> str:
        return in_language({"en": self.introduction_en, "zh-hans": self.introduction_zh})
