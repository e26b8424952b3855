"""What a technology is called and measured in."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from reference.models.named import SLUG, Listed, code_has_shape
from reference.names import english_is_there


class Field(Listed):
    """One of the fields in which the pool collects technologies."""

    code = models.CharField(_("code"), primary_key=True, max_length=3)

    class Meta(Listed.Meta):
        verbose_name = _("field")
        verbose_name_plural = _("fields")
        constraints = (english_is_there(), code_has_shape(r"^[A-Z]{3}$"))


class SubcategoryQuerySet(models.QuerySet["Subcategory"]):
    def active(self) -> Self:
        return self.filter(active=True)


class Subcategory(Listed):
    """A kind of technology within a field. One that is no longer offered is set inactive."""

    code = models.CharField(_("code"), primary_key=True, max_length=6)
    field = models.ForeignKey(
        Field, verbose_name=_("field"), on_delete=models.PROTECT, related_name="subcategories"
    )
    active = models.BooleanField(_("can be chosen"), default=True)

    objects = SubcategoryQuerySet.as_manager()

    class Meta(Listed.Meta):
        verbose_name = _("sub-category")
        verbose_name_plural = _("sub-categories")
        ordering = ["field__order", "order", "pk"]
        constraints = (
            english_is_there(),
            code_has_shape(r"^[A-Z]{3}-[0-9]{2}$"),
            models.CheckConstraint(
                name="reference_subcategory_code_begins_with_field",
                condition=Q(code__startswith=F("field_id")),
                violation_error_message=_("The code begins with the code of the field."),
            ),
        )


class Quantity(Listed):
    """What a unit measures."""

    code = models.CharField(_("code"), primary_key=True, max_length=30)

    class Meta(Listed.Meta):
        verbose_name = _("quantity")
        verbose_name_plural = _("quantities")
        constraints = (english_is_there(), code_has_shape(SLUG))


class Unit(Listed):
    """A unit of measurement: the code is plain ASCII; ``reference.units`` says what is printed."""

    code = models.CharField(_("code"), primary_key=True, max_length=20)
    symbol = models.CharField(_("symbol"), max_length=20)
    quantity = models.ForeignKey(
        Quantity, verbose_name=_("quantity"), on_delete=models.PROTECT, related_name="units"
    )

    class Meta(Listed.Meta):
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        constraints = (english_is_there(), code_has_shape(r"^[A-Za-z0-9%/().]+$"))


class Indicator(Listed):
    """A figure by which technologies of a field are compared. Without units it is a text."""

    class Direction(models.TextChoices):
        LOWER = "lower", _("lower is better")
        HIGHER = "higher", _("higher is better")

    code = models.CharField(_("code"), primary_key=True, max_length=40)
    field = models.ForeignKey(
        Field, verbose_name=_("field"), on_delete=models.PROTECT, related_name="indicators"
    )
    units = models.ManyToManyField(
        Unit, verbose_name=_("units"), related_name="indicators", blank=True
    )
    direction = models.CharField(
        _("direction"), max_length=6, choices=Direction.choices, blank=True
    )

    class Meta(Listed.Meta):
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        ordering = ["field__order", "order", "pk"]
        constraints = (
            english_is_there(),
            code_has_shape(SLUG),
            models.CheckConstraint(
                name="reference_indicator_direction",
                condition=Q(direction__in=("", "lower", "higher")),
            ),
        )
