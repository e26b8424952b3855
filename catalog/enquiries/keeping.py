"""How long it is kept who asked and what was written: blanked by the clock, and on request."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from accounts.addresses import addresses_of
from accounts.models import User
from accounts.personal import Records
from catalog.enquiries import mails
from catalog.enquiries.states import EnquiryStatus
from catalog.enquiries.workflow import ENQUIRIES, lapse_due
from catalog.models import Enquiry, EnquiryMessage
from core.clock import PortalNow, database_now
from core.models import StoredMail
from evaluation.pool.profiles import each


def prune() -> int:
    """Close what nobody writes in, delete what nobody confirmed, blank what is long closed."""
    return lapse_due() + each(_unconfirmed(), _delete) + each(_long_closed(), _forget)


def _unconfirmed() -> QuerySet[Any, Any]:
    before = PortalNow() - dt.timedelta(days=mails.KEPT_UNCONFIRMED)
    rows = Enquiry.objects.filter(received_at=None, sent_at__lt=before)
    return rows.order_by("sent_at", "pk").values_list("pk", flat=True)


def _long_closed() -> QuerySet[Any, Any]:
    before = PortalNow() - dt.timedelta(days=settings.ENQUIRIES_KEEP_DAYS)
    rows = Enquiry.objects.filter(status=EnquiryStatus.CLOSED, forgotten_at=None)
    rows = rows.filter(received_at__isnull=False, closed_at__lt=before)
    return rows.order_by("closed_at", "pk").values_list("pk", flat=True)


@transaction.atomic
def _delete(pk: UUID) -> None:
    rows = Enquiry.objects.select_for_update(no_key=True).filter(received_at=None)
    row = rows.filter(pk=pk).first()
    if row is not None:
        _erase_mails(row)
        row.delete()


@transaction.atomic
def _forget(pk: UUID) -> None:
    blank(Enquiry.objects.select_for_update(no_key=True).get(pk=pk))


def blank(row: Enquiry) -> None:
    """Take out of an enquiry who asked and what was written; that there was one stays."""
    if row.forgotten_at is not None:
        return
    _erase_mails(row)
    row.messages.exclude(text="").update(text="")
    row.name, row.unit, row.address, row.reported_because = "", "", "", ""
    row.forgotten_at = database_now()
    row.save(update_fields=["name", "unit", "address", "reported_because", "forgotten_at"])


def _erase_mails(row: Enquiry) -> None:
    """Erase the mails to an address, but for those about others that stand there still."""
    others = Enquiry.objects.filter(address=row.address).exclude(pk=row.pk)
    if not others.exists():
        sent = StoredMail.objects.filter(recipient=row.address, template__in=mails.TO_ASKER)
        sent.update(recipient=f"{row.pk}@erased.invalid", subject="", body="")


# What is held about a person who has an account ------------------------------------------


def _of(user: User) -> QuerySet[Enquiry]:
    return Enquiry.objects.filter(address__in=addresses_of(user)).order_by("sent_at", "pk")


def _sent(user: User) -> list[Any]:
    names = ("status", "name", "unit", "address", "country_id", "kind", "sent_at", "received_at")
    return [
        {
            "technology": row.technology.number,
            **{name: getattr(row, name) for name in names},
            "messages": list(row.messages.values("side", "text", "written_at")),
        }
        for row in _of(user).select_related("technology").prefetch_related("messages")
    ]


def _forget_sent(user: User) -> None:
    """An enquiry without an address reaches nobody: what is open is taken back."""
    for row in _of(user):
        if row.status != EnquiryStatus.CLOSED:
            ENQUIRIES.perform("end", row.pk, actor=None)
            row.refresh_from_db()
        blank(row)


def _answers(user: User) -> list[Any]:
    """List what the person wrote for a holder; it stays with the enquiry, under the id alone."""
    rows = EnquiryMessage.objects.filter(written_by=user.pk).order_by("written_at", "pk")
    return list(rows.values("enquiry__technology__number", "text", "written_at"))


RECORDS = (
    Records("enquiries", _sent, erase=_forget_sent),
    Records("enquiry_answers", _answers),
)
