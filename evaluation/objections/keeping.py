"""How long it is kept who objected: erased by the clock, and on request; what was ruled stays."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet

from accounts.addresses import addresses_of
from accounts.models import User
from accounts.personal import Records
from core.clock import PortalNow, database_now
from core.models import StoredMail
from evaluation.models import Objection, ObjectionFile
from evaluation.objections import mails
from evaluation.objections.states import OPEN, SETTLED, ObjectionStatus
from evaluation.objections.workflow import OBJECTIONS
from evaluation.pool.profiles import each
from evaluation.shelf import delete_bytes


def prune() -> int:
    """Delete what nobody confirmed, blank who objected long ago; return how many."""
    return each(_unconfirmed(), _delete) + each(_long_settled(), _forget)


def _unconfirmed() -> QuerySet[Any, Any]:
    before = PortalNow() - dt.timedelta(days=mails.KEPT_UNCONFIRMED)
    # As long as the publicity goes on what was sent can be confirmed.
    over = Q(case__publicity_ends_at=None) | Q(case__publicity_ends_at__lte=PortalNow())
    never = Q(status=ObjectionStatus.WITHDRAWN) | Q(status=ObjectionStatus.SENT) & over
    rows = Objection.objects.filter(never, received_at=None, sent_at__lt=before)
    return rows.order_by("sent_at", "pk").values_list("pk", flat=True)


def _long_settled() -> QuerySet[Any, Any]:
    before = PortalNow() - dt.timedelta(days=settings.OBJECTIONS_KEEP_DAYS)
    rows = Objection.objects.filter(status__in=SETTLED, forgotten_at=None)
    rows = rows.filter(received_at__isnull=False, settled_at__lt=before)
    return rows.order_by("settled_at", "pk").values_list("pk", flat=True)


@transaction.atomic
def _delete(pk: UUID) -> None:
    rows = Objection.objects.select_for_update(no_key=True).filter(received_at=None)
    row = rows.filter(pk=pk).first()
    if row is not None:
        _erase_mails(row)
        delete_bytes(row.files.values_list("file", flat=True))
        row.delete()


@transaction.atomic
def _forget(pk: UUID) -> None:
    blank(Objection.objects.select_for_update(no_key=True).get(pk=pk))


def blank(row: Objection) -> None:
    """Take out of an objection, its files and its mails who sent it; statement and ruling stay."""
    if row.forgotten_at is not None:
        return
    _erase_mails(row)
    delete_bytes(row.files.values_list("file", flat=True))
    ObjectionFile.objects.filter(objection=row).delete()
    row.name, row.unit, row.address, row.phone = "", "", "", ""
    row.forgotten_at = database_now()
    row.save(update_fields=["name", "unit", "address", "phone", "forgotten_at"])


def _erase_mails(row: Objection) -> None:
    """Erase the mails to an address, but for those about others that stand there still."""
    others = Objection.objects.filter(address=row.address).exclude(pk=row.pk)
    if not others.exists():
        sent = StoredMail.objects.filter(recipient=row.address, template__in=mails.TO_OBJECTOR)
        sent.update(recipient=f"{row.pk}@erased.invalid", subject="", body="")


# What is held about a person who has an account ------------------------------------------


def _of(user: User) -> QuerySet[Objection]:
    return Objection.objects.filter(address__in=addresses_of(user)).order_by("sent_at", "pk")


def _sent(user: User) -> list[Any]:
    names = ("status", "name", "unit", "address", "phone", "protected", "sent_at", "received_at")
    texts = ("proposed_kind", "statement", "evidence", "evidence_told", "reason", "ruling")
    return list(_of(user).values("case__declaration__number", *names, *texts))


def _forget_sent(user: User) -> None:
    """An objection without a name is none: what is open is withdrawn with the erasure."""
    for row in _of(user):
        if row.status in {ObjectionStatus.SENT, *OPEN}:
            OBJECTIONS.perform("withdraw", row.pk, actor=None)
            row.refresh_from_db()
        blank(row)


def _answers(user: User) -> list[Any]:
    """List what the person answered for an applicant; it stays, under the id alone."""
    rows = Objection.objects.filter(responded_by=user.pk).order_by("responded_at", "pk")
    return list(rows.values("case__declaration__number", "response", "responded_at"))


RECORDS = (
    Records("objections", _sent, erase=_forget_sent),
    Records("objection_answers", _answers),
)
