"""The expert pool."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from core.querysets import VisibleQuerySet
from reference.models import Field, Subcategory


class Expert(models.Model):
    """A person of the expert pool."""

    user = models.OneToOneField(
        User,
        verbose_name=_("account"),
        primary_key=True,
        on_delete=models.PROTECT,
        related_name="expert",
    )
    title = models.CharField(_("professional title"), max_length=100, blank=True)
    employer = models.ForeignKey(
        Organisation,
        verbose_name=_("employer in the portal"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    employer_name = models.CharField(_("employer"), max_length=200)
    fields = models.ManyToManyField(Field, verbose_name=_("fields of technology"))
    subcategories = models.ManyToManyField(
        Subcategory, verbose_name=_("sub-categories"), blank=True
    )
    languages = models.JSONField(_("languages"), default=list)
    active = models.BooleanField(_("available"), default=True)

    objects = VisibleQuerySet["Expert"].as_manager()

    class Meta:
        verbose_name = _("expert")
        verbose_name_plural = _("experts")
        ordering = ("user__name", "user")

    def __str__(self) -> str:
        return str(self.user)
