"""An enquiry is sent by anybody, without an account; it goes to the holder once it is confirmed.

What is not confirmed costs nobody but the mailbox it names one mail; those are counted.
"""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.mailboxes import mailbox_of, one_at_a_time
from accounts.recording import check
from catalog.enquiries import mails
from catalog.enquiries.states import EnquiryStatus
from catalog.enquiries.workflow import require_listed, require_room, require_somebody, text_of
from catalog.models import Enquiry, EnquiryMessage, Technology
from core import audit
from core.clock import database_now
from core.errors import DomainError
from core.models import AuditEntry
from reference.models import Term
from reference.vocabularies import Vocabulary

MOST_A_DAY = 3  # mails that ask one mailbox to confirm, whatever they are about
MOST_FROM_ONE = 20  # enquiries of one mailbox in a day, confirmed ones among them
LOADED_AGAIN = dt.timedelta(minutes=1)
SHORTEST_NAME = 2
SPACE = 731021  # of the advisory locks of mailboxes
AGAIN = "enquiry.sent_again"
SAID = ("name", "unit", "country_id", "address", "kind")


@dataclass(frozen=True, slots=True)
class Said:
    """What the form of an enquiry holds."""

    name: str
    unit: str
    country: str
    address: str
    message: str
    kind: str = ""
    language: str = "en"


@transaction.atomic
def send(technology_id: UUID, said: Said) -> Enquiry:
    """Keep an enquiry and mail the link that confirms it; the holder learns of it then only.

    When too many wait for one mailbox it is returned as it is, not stored: whoever sends it
    learns nothing of what others sent with that address.
    """
    technology = Technology.objects.select_related("holder").get(pk=technology_id)
    now = database_now()
    require_listed(technology)
    require_somebody(technology)
    require_room(technology, now)
    message = text_of(said.message, "message", _("Write a message."))
    row = _row(technology, said, now)
    _is_complete(row)
    one_at_a_time(mailbox_of(row.address), SPACE)
    same = _sent_before(row, message)
    if _too_many(row, now):
        return same or row
    if same:
        _send_again(same, now)
        return same
    check(row)
    row.save(force_insert=True)
    EnquiryMessage.objects.create(
        enquiry=row, side=EnquiryMessage.Side.ASKER, text=message, written_at=now
    )
    # The chain is never rewritten: nothing of who asks, or of what they say, goes into it.
    audit.record(
        "enquiry.sent",
        audit.subject(row),
        actor=None,
        change=("", row.status),
        details={"technology": str(technology.pk)},
    )
    mails.sent(row)
    return row


def _row(technology: Technology, said: Said, now: dt.datetime) -> Enquiry:
    return Enquiry(
        technology=technology,
        name=" ".join(said.name.split()),
        unit=" ".join(said.unit.split()),
        address=said.address.strip().lower(),
        country_id=said.country,
        language=said.language,
        kind=said.kind,
        sent_at=now,
        last_at=now,
    )


def _is_complete(row: Enquiry) -> None:
    if sum(letter.isalpha() for letter in row.name) < SHORTEST_NAME:
        raise DomainError(_("Please give your name."), field="name")
    known = Term.objects.filter(vocabulary=Vocabulary.COOPERATION, code=row.kind)
    if row.kind and not known.exists():
        raise DomainError(_("Choose one of the list."), field="kind")


def _sent_before(row: Enquiry, message: str) -> Enquiry | None:
    """Return the very same enquiry, if it waits for its confirmation."""
    told = {name: getattr(row, name) for name in SAID}
    rows = Enquiry.objects.filter(technology=row.technology, status=EnquiryStatus.SENT, **told)
    return rows.filter(messages__text=message).select_related("technology__holder").first()


def _send_again(row: Enquiry, now: dt.datetime) -> None:
    """Mail the link again, for the one that may be lost; a page loaded twice gets no second."""
    if now < row.sent_at + LOADED_AGAIN:
        return
    details = {"technology": str(row.technology_id)}
    audit.record("enquiry.sent_again", audit.subject(row), actor=None, details=details)
    mails.sent(row)


def _too_many(row: Enquiry, now: dt.datetime) -> bool:
    """Count what was sent in a day from the same mailbox: each sent a mail there."""
    since = now - dt.timedelta(days=1)
    domain = row.address.rpartition("@")[2]
    rows = Enquiry.objects.filter(sent_at__gt=since, address__endswith=f"@{domain}")
    theirs = [
        one
        for one in rows.only("address", "status")
        if mailbox_of(one.address) == mailbox_of(row.address)
    ]
    keys = [str(one.pk) for one in theirs]
    again = AuditEntry.objects.filter(act=AGAIN, subject_id__in=keys, at__gt=since).count()
    waiting = sum(one.status == EnquiryStatus.SENT for one in theirs)
    return waiting + again >= MOST_A_DAY or len(theirs) >= MOST_FROM_ONE
