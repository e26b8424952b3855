"""When the particulars of a listing were last confirmed, and on which occasion. In one place.

What counts as a confirmation: the listing itself (experts judged it, two officers decided), the
holder's word that the particulars still hold, and a renewal two officers agreed on.
"""

import datetime as dt
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog import attesting
from catalog.models import Technology


class Occasion(TextChoices):
    LISTING = "listing", gettext_lazy("by experts and officers, with the listing")
    HOLDER = "holder", gettext_lazy("by the holder, who said that they still hold")
    EARLIER = "earlier", gettext_lazy("by officers, as the earlier list states them")
    RENEWAL = "renewal", gettext_lazy("by officers, with the renewal")
    COUNTED = "counted", gettext_lazy("as counted when the yearly confirmation began")


@dataclass(frozen=True, slots=True)
class Verified:
    """The day, Beijing, and what was done on it."""

    on: dt.date
    occasion: Occasion

    def __str__(self) -> str:
        words = {"day": date_format(self.on, "DATE_FORMAT"), "by": self.occasion.label}
        return _("Particulars last confirmed on %(day)s %(by)s.") % words


def last(technology: Technology) -> Verified:
    """Return the latest confirmation there is; one question, none where it is the listing."""
    found = attesting.last_confirmed(technology)
    occasion = Occasion(found.occasion)
    if occasion is Occasion.LISTING and technology.case_id is None:
        occasion = Occasion.EARLIER
    return Verified(found.on, occasion)
