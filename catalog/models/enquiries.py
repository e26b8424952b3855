"""What anybody asks the holder of a listed technology, and what is answered."""

import uuid

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from accounts.models import MAIL_LANGUAGES, User
from catalog.enquiries.states import ENQUIRY, KNOWN, ClosedBy, EnquiryStatus
from catalog.models.catalogue import Technology
from core.lifecycle import status_guard
from core.querysets import VisibleQuerySet
from reference.models import Country
from submissions.models.kept import fixed

NOT_CLOSED = sorted(KNOWN - {EnquiryStatus.CLOSED})


class Enquiry(models.Model):
    """One enquiry of one person. Who it is, and what was written, is blanked after a time.

    The holder reads name and organisation, never the address; the officers read neither, and
    the messages only of what the holder reported. The link of the asker is signed, not stored.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    technology = models.ForeignKey(
        Technology,
        verbose_name=_("technology"),
        on_delete=models.PROTECT,
        related_name="enquiries",
    )
    status = models.CharField(
        _("state"),
        max_length=20,
        choices=EnquiryStatus.choices,
        default=EnquiryStatus.SENT,
        editable=False,
    )
    name = models.CharField(_("name"), max_length=150, blank=True)
    unit = models.CharField(_("organisation"), max_length=200, blank=True)
    address = models.EmailField(_("e-mail address"), blank=True)  # lower case
    country = models.ForeignKey(
        Country, verbose_name=_("country or region"), on_delete=models.PROTECT, related_name="+"
    )
    language = models.CharField(_("language of the mail"), max_length=10, choices=MAIL_LANGUAGES)
    # A mode of cooperation of reference; empty: a general question.
    kind = models.CharField(_("kind of interest"), max_length=40, blank=True)
    sent_at = models.DateTimeField(_("sent"))
    received_at = models.DateTimeField(_("received"), null=True, blank=True)
    # Since when the holder is to answer; none while nothing waits.
    waits_since = models.DateTimeField(_("waits since"), null=True, blank=True)
    last_at = models.DateTimeField(_("last message"))
    reported_at = models.DateTimeField(_("reported"), null=True, blank=True)
    reported_because = models.TextField(_("why it was reported"), blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    closed_by = models.CharField(
        _("who closed it"), max_length=20, choices=ClosedBy.choices, blank=True
    )
    forgotten_at = models.DateTimeField(_("identity erased"), null=True, blank=True, editable=False)

    objects = VisibleQuerySet["Enquiry"].as_manager()

    class Meta:
        verbose_name = _("enquiry")
        verbose_name_plural = _("enquiries")
        ordering = ("-sent_at", "id")
        indexes = (
            models.Index(fields=("technology", "-sent_at", "id")),
            models.Index(fields=("status", "last_at")),
            models.Index(fields=("address", "sent_at")),
            models.Index(fields=("-sent_at", "id")),
        )
        constraints = (
            models.CheckConstraint(
                condition=~Q(status__in=NOT_CLOSED) | Q(received_at__isnull=False),
                name="catalog_enquiry_received",
            ),
            models.CheckConstraint(
                condition=Q(status=EnquiryStatus.CLOSED, closed_at__isnull=False) & ~Q(closed_by="")
                | ~Q(status=EnquiryStatus.CLOSED) & Q(closed_at=None, closed_by=""),
                name="catalog_enquiry_closed",
            ),
            models.CheckConstraint(
                condition=Q(forgotten_at=None) & ~Q(name="") & ~Q(address="")
                | Q(forgotten_at__isnull=False, name="", unit="", address="", reported_because=""),
                name="catalog_enquiry_somebody",
            ),
        )
        triggers = (
            status_guard(ENQUIRY),
            # What nobody confirmed is no enquiry; of all else it stays that there was one.
            pgtrigger.Protect(
                name="kept",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Q(old__received_at__isnull=False),
            ),
            fixed("asked_stays", *("technology_id", "country_id", "kind", "sent_at")),
            fixed(
                "received_stays",
                "received_at",
                condition=pgtrigger.Q(old__received_at__isnull=False),
            ),
        )

    def __str__(self) -> str:
        """Name the technology, never who asks."""
        return f"{self.technology.number} {localdate(self.sent_at)}"


class EnquiryMessage(models.Model):
    """What one side wrote. Never changed; its text is blanked with the enquiry."""

    class Side(models.TextChoices):
        ASKER = "asker", _("who asked")
        HOLDER = "holder", _("the holder")

    enquiry = models.ForeignKey(Enquiry, on_delete=models.CASCADE, related_name="messages")
    side = models.CharField(_("written by"), max_length=10, choices=Side.choices)
    text = models.TextField(_("message"), blank=True)
    written_at = models.DateTimeField(_("written"))
    # Of the holder's: which of its members. The other side is not told.
    written_by = models.ForeignKey(
        User,
        verbose_name=_("member"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    objects = VisibleQuerySet["EnquiryMessage"].as_manager()

    class Meta:
        verbose_name = _("message of an enquiry")
        verbose_name_plural = _("messages of enquiries")
        ordering = ("enquiry", "written_at", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(side="holder", written_by__isnull=False)
                | Q(side="asker", written_by=None),
                name="catalog_enquirymessage_side",
            ),
        )
        triggers = (
            fixed("written_stays", *("enquiry_id", "side", "written_at", "written_by_id")),
            pgtrigger.Protect(
                name="text_stays",
                operation=pgtrigger.UpdateOf("text"),
                condition=~pgtrigger.Q(new__text=""),
            ),
            pgtrigger.Trigger(
                name="open_only",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Delete,
                func="""
                    IF TG_OP = 'DELETE' THEN
                        IF EXISTS (
                            SELECT 1 FROM catalog_enquiry
                            WHERE id = OLD.enquiry_id AND received_at IS NOT NULL
                        ) THEN
                            RAISE EXCEPTION 'enquiry: what was received stays'
                                USING ERRCODE = 'check_violation';
                        END IF;
                        RETURN OLD;
                    END IF;
                    IF EXISTS (
                        SELECT 1 FROM catalog_enquiry
                        WHERE id = NEW.enquiry_id AND status IN ('closed', 'reported')
                    ) THEN
                        RAISE EXCEPTION 'enquiry: nothing is written in a closed one'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        )

    def __str__(self) -> str:
        return f"{self.enquiry_id} {self.side}"
