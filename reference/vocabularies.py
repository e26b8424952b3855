"""The lists of choices that are data: which there are. Their terms are rows of ``Term``."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Vocabulary(TextChoices):
    FORM = "form", _("form of technology")
    MATRIX = "matrix", _("matrix")
    POLLUTANT = "pollutant", _("pollutant or parameter")
    COOPERATION = "cooperation", _("mode of cooperation")
    MATURITY = "maturity", _("maturity")
    CURRENCY = "currency", _("currency")
    INDUSTRY = "industry", _("industry")
    LANGUAGE = "language", _("language of services")
    RETURN_REASON = "return_reason", _("reason for a correction")
    REJECTION_REASON = "rejection_reason", _("reason for a rejection")
