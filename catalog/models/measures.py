"""What officers do to a listing, and what its holder asks."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from catalog.measure_states import HEARD, MEASURE, MeasureKind, MeasureStatus
from catalog.models.catalogue import Technology
from core.immutable import append_only
from core.lifecycle import status_guard
from core.querysets import VisibleQuerySet
from submissions.models.kept import fixed, kept

PROPOSED = (
    *("technology_id", "kind", "reason", "statement", "evidence", "valid_until"),
    *("at_once", "lapses_at", "due_on", "proposed_by_id", "proposed_at"),
)


class ListingMeasure(models.Model):
    """A step of a technology that one officer proposes and another confirms.

    ``statement`` is what the holder reads; ``reason`` and ``evidence`` are the officers'.
    """

    technology = models.ForeignKey(
        Technology,
        verbose_name=_("technology"),
        on_delete=models.PROTECT,
        related_name="measures",
    )
    kind = models.CharField(_("measure"), max_length=20, choices=MeasureKind.choices)
    status = models.CharField(
        _("state"),
        max_length=20,
        choices=MeasureStatus.choices,
        default=MeasureStatus.PROPOSED,
        editable=False,
    )
    reason = models.TextField(_("reason, for officers"))
    statement = models.TextField(_("statement to the holder"))
    evidence = models.TextField(_("evidence"), blank=True)
    valid_until = models.DateField(_("renewed until"), null=True, blank=True)
    # A suspension that holds from its proposal on; it lapses unless it is confirmed.
    at_once = models.BooleanField(_("at once"), default=False)
    lapses_at = models.DateTimeField(_("lapses unless confirmed before"), null=True, blank=True)
    due_on = models.DateField(_("the holder can answer until the end of"), null=True, blank=True)
    answer = models.TextField(_("answer of the holder"), blank=True)
    answered_by = models.ForeignKey(
        User,
        verbose_name=_("answered by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    answered_at = models.DateTimeField(_("answered on"), null=True, blank=True)
    proposed_by = models.ForeignKey(
        User, verbose_name=_("proposed by"), on_delete=models.PROTECT, related_name="+"
    )
    proposed_at = models.DateTimeField(_("proposed on"))
    confirmed_by = models.ForeignKey(
        User,
        verbose_name=_("confirmed by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    confirmed_at = models.DateTimeField(_("confirmed on"), null=True, blank=True)
    dropped_because = models.TextField(_("why it was not carried out"), blank=True)

    objects = VisibleQuerySet["ListingMeasure"].as_manager()

    class Meta:
        verbose_name = _("measure on a listing")
        verbose_name_plural = _("measures on listings")
        ordering = ("-proposed_at", "-pk")
        indexes = (
            models.Index(fields=("-proposed_at", "-id")),
            models.Index(fields=("status", "lapses_at")),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("technology",),
                condition=Q(status=MeasureStatus.PROPOSED),
                name="catalog_listingmeasure_one_open",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("proposed_by")),
                name="catalog_listingmeasure_two_officers",
            ),
            models.CheckConstraint(
                condition=Q(status=MeasureStatus.CONFIRMED)
                & Q(confirmed_by__isnull=False, confirmed_at__isnull=False)
                | ~Q(status=MeasureStatus.CONFIRMED) & Q(confirmed_by=None, confirmed_at=None),
                name="catalog_listingmeasure_confirmed",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=HEARD, due_on__isnull=False)
                | ~Q(kind__in=HEARD) & Q(due_on=None, answer=""),
                name="catalog_listingmeasure_heard",
            ),
            models.CheckConstraint(
                condition=Q(kind=MeasureKind.RENEW, valid_until__isnull=False)
                | ~Q(kind=MeasureKind.RENEW) & Q(valid_until=None),
                name="catalog_listingmeasure_renewed",
            ),
            models.CheckConstraint(
                condition=Q(at_once=True, kind=MeasureKind.SUSPEND, lapses_at__isnull=False)
                | Q(at_once=False, lapses_at=None),
                name="catalog_listingmeasure_at_once",
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None, answered_by=None)
                | ~Q(answer="") & Q(answered_at__isnull=False, answered_by__isnull=False),
                name="catalog_listingmeasure_answered",
            ),
            models.CheckConstraint(
                condition=~Q(reason="") & ~Q(statement=""), name="catalog_listingmeasure_said"
            ),
        )
        triggers = (
            status_guard(MEASURE),
            kept(),
            fixed("proposed_stays", *PROPOSED),
            fixed(
                "answer_stays",
                *("answer", "answered_by_id", "answered_at"),
                condition=~pgtrigger.Q(old__answer=""),
            ),
            fixed(
                "confirmed_stays",
                *("confirmed_by_id", "confirmed_at"),
                condition=pgtrigger.Q(old__confirmed_at__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.technology.number}: {self.get_kind_display()}"


class RenewalRequest(models.Model):
    """The holder asks that a listing be renewed, and says that its particulars still hold."""

    technology = models.ForeignKey(
        Technology,
        verbose_name=_("technology"),
        on_delete=models.PROTECT,
        related_name="renewal_requests",
    )
    asked_by = models.ForeignKey(
        User, verbose_name=_("asked by"), on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField(_("asked on"))
    # What was public at that moment: it is this that still holds.
    content_hash = models.CharField(_("checksum"), max_length=64)

    objects = VisibleQuerySet["RenewalRequest"].as_manager()

    class Meta:
        verbose_name = _("request for renewal")
        verbose_name_plural = _("requests for renewal")
        ordering = ("-asked_at", "-pk")
        triggers = (append_only(),)

    def __str__(self) -> str:
        return self.technology.number


class Attestation(models.Model):
    """The holder confirms that the particulars of a listing still hold."""

    technology = models.ForeignKey(
        Technology,
        verbose_name=_("technology"),
        on_delete=models.PROTECT,
        related_name="attestations",
    )
    by = models.ForeignKey(
        User, verbose_name=_("confirmed by"), on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField(_("confirmed on"))
    # What was public at that moment: it is this that still holds.
    content_hash = models.CharField(_("checksum"), max_length=64)

    objects = VisibleQuerySet["Attestation"].as_manager()

    class Meta:
        verbose_name = _("confirmation of the particulars")
        verbose_name_plural = _("confirmations of the particulars")
        ordering = ("-at", "-pk")
        constraints = (
            models.UniqueConstraint(fields=("technology", "at"), name="catalog_attestation_once"),
        )
        triggers = (append_only(),)

    def __str__(self) -> str:
        return self.technology.number
