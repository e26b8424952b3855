"""What all of the vocabulary shares: names in the languages of the portal, and codes."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reference.models.edition import counted
from reference.names import in_language, validate_names

SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"


def code_has_shape(pattern: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        name="%(app_label)s_%(class)s_code_shape",
        condition=Q(code__regex=pattern),
        violation_error_message=_("The code does not have the right shape."),
    )


class Named(models.Model):
    """Something with a name in each language."""

    names = models.JSONField(
        _("names"),
        validators=[validate_names],
        help_text=_("One name per language of the portal; English is required."),
    )

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return in_language(self.names)


class Listed(Named):
    """Something with a name and a place in the list."""

    order = models.PositiveSmallIntegerField(_("place in the list"), default=0)

    class Meta:
        abstract = True
        ordering = ["order", "pk"]
        triggers = (counted(),)
