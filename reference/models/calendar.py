"""The days on which a country departs from the ordinary working week."""

import datetime as dt

from django.db import models
from django.utils.translation import gettext_lazy as _

from reference.models.named import Named
from reference.models.places import Country
from reference.names import english_is_there


class WorkingDayExceptionQuerySet(models.QuerySet["WorkingDayException"]):
    def of(self, country: str) -> dict[dt.date, bool]:
        """Return what ``reference.calendars`` needs to count the working days of a country."""
        return dict(self.filter(country=country).values_list("date", "is_working"))


class WorkingDayException(Named):
    """A day that a country's notice makes a holiday, or a working day at a weekend."""

    country = models.ForeignKey(
        Country, verbose_name=_("country or region"), on_delete=models.PROTECT, related_name="+"
    )
    date = models.DateField(_("day"))
    is_working = models.BooleanField(_("working day"))
    source = models.TextField(_("source"))

    objects = WorkingDayExceptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("exception of the calendar")
        verbose_name_plural = _("exceptions of the calendar")
        ordering = ("country", "date")
        constraints = (
            english_is_there(),
            models.UniqueConstraint(name="reference_day_once", fields=("country", "date")),
            models.CheckConstraint(name="reference_day_has_source", condition=~models.Q(source="")),
        )
