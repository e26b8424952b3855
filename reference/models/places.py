"""The countries of the world, and what sources say about them and the Belt and Road."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reference.models.edition import counted
from reference.models.named import Listed, code_has_shape
from reference.names import english_is_there

FIRST_SIGNATURE = 2013  # the year in which the initiative was proposed


class Country(Listed):
    """A country or region of ISO 3166-1, with what sources say about the Belt and Road.

    No flag means that no source read says so, not that it is untrue.
    """

    class Signatory(models.TextChoices):
        LISTED = "listed", _("on a public list")
        UNCLEAR = "unclear", _("unclear")

    code = models.CharField(_("code"), primary_key=True, max_length=2)
    alpha3 = models.CharField(_("three-letter code"), max_length=3, unique=True)
    numeric = models.CharField(_("numeric code"), max_length=3, unique=True)
    on_65_list = models.BooleanField(_("on the list of 65 countries"), default=False)
    on_65_list_source = models.TextField(_("source of the list of 65"), blank=True)
    signatory = models.CharField(
        _("memorandum"),
        max_length=7,
        choices=Signatory.choices,
        blank=True,
        help_text=_("As public lists of 2021 and 2022 have it; later withdrawals are not tracked."),
    )
    signatory_source = models.TextField(_("source of the memorandum"), blank=True)
    signed_year = models.PositiveSmallIntegerField(_("year of signature"), null=True, blank=True)
    signed_source = models.TextField(_("source of the year"), blank=True)
    signed_note = models.TextField(_("note on the signature"), blank=True)

    class Meta(Listed.Meta):
        verbose_name = _("country or region")
        verbose_name_plural = _("countries and regions")
        constraints = (
            english_is_there(),
            code_has_shape(r"^[A-Z]{2}$"),
            models.CheckConstraint(
                name="reference_country_other_codes",
                condition=Q(alpha3__regex=r"^[A-Z]{3}$", numeric__regex=r"^[0-9]{3}$"),
            ),
            models.CheckConstraint(
                name="reference_country_list_has_source",
                condition=Q(on_65_list=False) | ~Q(on_65_list_source=""),
                violation_error_message=_("A flag needs its source."),
            ),
            models.CheckConstraint(
                name="reference_country_signatory_has_source",
                condition=Q(signatory="")
                | Q(signatory__in=("listed", "unclear")) & ~Q(signatory_source=""),
                violation_error_message=_("A flag needs its source."),
            ),
            models.CheckConstraint(
                name="reference_country_year_has_source",
                condition=Q(signed_year=None)
                | Q(signatory="listed", signed_year__gte=FIRST_SIGNATURE) & ~Q(signed_source=""),
                violation_error_message=_("A year of signature needs a listing and its source."),
            ),
        )


class Corridor(Listed):
    """One of the economic corridors."""

    code = models.CharField(_("code"), primary_key=True, max_length=6)

    class Meta(Listed.Meta):
        verbose_name = _("corridor")
        verbose_name_plural = _("corridors")
        constraints = (english_is_there(), code_has_shape(r"^[A-Z]{4,6}$"))


class CorridorMembership(models.Model):
    """One public list counts one country to one corridor. The lists differ."""

    class List(models.TextChoices):
        NARROW = "narrow", _("narrow list")
        WIDE = "wide", _("wide list")
        SOURCED = "sourced", _("named in cited pages")

    corridor = models.ForeignKey(
        Corridor,
        verbose_name=_("corridor"),
        on_delete=models.CASCADE,
        related_name="memberships",
    )
    country = models.ForeignKey(
        Country,
        verbose_name=_("country or region"),
        on_delete=models.CASCADE,
        related_name="memberships",
    )
    list = models.CharField(_("according to list"), max_length=7, choices=List.choices)
    source = models.TextField(_("source"))

    class Meta:
        verbose_name = _("corridor membership")
        verbose_name_plural = _("corridor memberships")
        ordering = ("corridor__order", "list", "country__order")
        triggers = (counted(),)
        constraints = (
            models.UniqueConstraint(
                name="reference_membership_once", fields=("corridor", "country", "list")
            ),
            models.CheckConstraint(
                name="reference_membership_list",
                condition=Q(list__in=("narrow", "wide", "sourced")) & ~Q(source=""),
            ),
        )

    def __str__(self) -> str:
        return f"{self.corridor_id} {self.country_id} ({self.list})"
