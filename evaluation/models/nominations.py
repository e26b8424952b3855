"""Nominations to the expert pool: what is kept of a person who was not asked yet."""

import uuid

import pgtrigger
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.models import MAIL_LANGUAGES, Organisation, User
from core.lifecycle import status_guard
from core.querysets import VisibleQuerySet
from evaluation.models.experts import Expert
from evaluation.pool.states import NOMINATION, NominationOutcome, NominationStatus, Unasked
from submissions.models.kept import fixed

NOT_ANSWERED = (NominationStatus.INVITED, NominationStatus.WITHDRAWN, NominationStatus.EXPIRED)


class Nomination(models.Model):
    """Somebody proposed as an expert, asked by mail whether they consent.

    Nothing else comes before the consent. Of the link only a hash is kept. Of who does not
    consent, nothing that tells who it was is kept for long (``forgotten_at``).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    status = models.CharField(
        _("state"),
        max_length=20,
        choices=NominationStatus.choices,
        default=NominationStatus.INVITED,
        editable=False,
    )
    name = models.CharField(_("name"), max_length=150, blank=True)
    address = models.EmailField(_("e-mail address"), blank=True)  # lower case
    language = models.CharField(_("language of the mail"), max_length=10, choices=MAIL_LANGUAGES)
    # The unit that recommends the person: a connection where one of its own is judged.
    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("nominating unit in the portal"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    unit = models.CharField(_("nominating unit"), max_length=200, blank=True)
    # Put forward by a member on the organisation's own page, not by an officer.
    by_organisation = models.BooleanField(
        _("put forward by the organisation itself"), default=False, editable=False
    )
    # Nobody learns by nominating who is in the pool: the row is kept, and lapses as any other.
    unasked = models.CharField(
        _("why nobody was asked"),
        max_length=20,
        choices=Unasked.choices,
        default="",
        blank=True,
        editable=False,
    )
    proposed = models.JSONField(default=dict, editable=False)
    nominated_by = models.ForeignKey(
        User,
        verbose_name=_("nominated by"),
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )
    nominated_at = models.DateTimeField(_("nominated"), editable=False)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    sent_at = models.DateTimeField(_("sent"), editable=False)
    times_sent = models.PositiveSmallIntegerField(default=1, editable=False)
    expires_at = models.DateTimeField(_("to be answered by"), editable=False)
    ended_at = models.DateTimeField(_("answered or ended"), null=True, editable=False)
    expert = models.ForeignKey(
        Expert,
        verbose_name=_("expert"),
        null=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="nominations",
    )
    # The first decision after the consent; what comes later is the expert's own.
    outcome = models.CharField(
        _("outcome"),
        max_length=20,
        choices=NominationOutcome.choices,
        default="",
        blank=True,
        editable=False,
    )
    decided_at = models.DateTimeField(_("decided"), null=True, editable=False)
    forgotten_at = models.DateTimeField(_("erased"), null=True, editable=False)

    objects = VisibleQuerySet["Nomination"].as_manager()

    class Meta:
        verbose_name = _("nomination")
        verbose_name_plural = _("nominations")
        ordering = ("-nominated_at", "id")
        indexes = (
            models.Index(fields=("status", "expires_at")),
            models.Index(fields=("organisation", "-nominated_at")),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("address",),
                condition=Q(status=NominationStatus.INVITED, unasked=""),
                name="evaluation_nomination_one_open",
            ),
            models.CheckConstraint(
                condition=~Q(status=NominationStatus.CONSENTED) | Q(expert__isnull=False),
                name="evaluation_nomination_of_whom",
            ),
            models.CheckConstraint(
                condition=Q(address=Lower("address")), name="evaluation_nomination_address_lower"
            ),
            models.CheckConstraint(
                condition=Q(by_organisation=False) | Q(organisation__isnull=False),
                name="evaluation_nomination_by_which",
            ),
            models.CheckConstraint(
                condition=Q(outcome="", decided_at=None)
                | Q(
                    outcome__in=NominationOutcome.values,
                    decided_at__isnull=False,
                    status=NominationStatus.CONSENTED,
                ),
                name="evaluation_nomination_decided",
            ),
            models.CheckConstraint(
                condition=Q(unasked="")
                | Q(
                    unasked__in=Unasked.values,
                    by_organisation=True,
                    expert=None,
                    status__in=NOT_ANSWERED,
                ),
                name="evaluation_nomination_unasked",
            ),
        )
        triggers = (
            status_guard(NOMINATION),
            fixed("asked_or_not_stays", "unasked"),
            fixed(
                "decided_stays",
                *("status", "expert_id", "outcome", "decided_at"),
                condition=pgtrigger.Q(old__decided_at__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return self.name or "–"
