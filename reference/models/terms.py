"""The choices of a declaration that are data."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from reference.models.named import SLUG, Listed
from reference.names import english_is_there
from reference.vocabularies import Vocabulary

CURRENCY = r"^[A-Z]{3}$"


class TermQuerySet(models.QuerySet["Term"]):
    def of(self, vocabulary: Vocabulary) -> Self:
        return self.filter(vocabulary=vocabulary)

    def active(self) -> Self:
        return self.filter(active=True)


class Term(Listed):
    """A choice in one of the vocabularies. One that is no longer offered is set inactive."""

    vocabulary = models.CharField(_("vocabulary"), max_length=20, choices=Vocabulary.choices)
    code = models.CharField(_("code"), max_length=40)
    active = models.BooleanField(_("can be chosen"), default=True)
    trl_from = models.PositiveSmallIntegerField(
        _("lowest technology readiness level"), null=True, blank=True
    )
    trl_to = models.PositiveSmallIntegerField(
        _("highest technology readiness level"), null=True, blank=True
    )

    objects = TermQuerySet.as_manager()

    class Meta(Listed.Meta):
        verbose_name = _("term")
        verbose_name_plural = _("terms")
        ordering = ["vocabulary", "order", "code"]
        constraints = (
            english_is_there(),
            models.UniqueConstraint(name="reference_term_once", fields=("vocabulary", "code")),
            models.CheckConstraint(
                name="reference_term_code_shape",
                condition=Q(vocabulary="currency", code__regex=CURRENCY)
                | ~Q(vocabulary="currency") & Q(code__regex=SLUG),
                violation_error_message=_("The code does not have the right shape."),
            ),
            models.CheckConstraint(
                name="reference_term_readiness",
                condition=Q(vocabulary="maturity", trl_from__isnull=False, trl_to__isnull=False)
                & Q(trl_from__gte=1, trl_to__gte=F("trl_from"), trl_to__lte=9)
                | ~Q(vocabulary="maturity") & Q(trl_from=None, trl_to=None),
                violation_error_message=_(
                    "A stage of maturity, and nothing else, has readiness levels from 1 to 9."
                ),
            ),
        )
