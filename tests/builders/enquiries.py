"""Enquiries in each state, brought there by the steps a person takes."""

import datetime as dt
from itertools import count
from typing import Any

from django.utils import timezone

from accounts.models import Membership, User
from catalog.enquiries import asking, links
from catalog.enquiries.asking import Said
from catalog.enquiries.states import EnquiryStatus
from catalog.enquiries.workflow import ENQUIRIES
from catalog.models import Enquiry, Technology
from tests.builders import accounts, catalog
from tests.forcing import force

_numbers = count(1)


def said(**given: Any) -> Said:
    """Return what a form holds."""
    return Said(
        **{
            "name": "Amina Otieno",
            "unit": "City of Nairobi",
            "country": "KE",
            "address": f"asker{next(_numbers)}@example.org",
            "message": "Does it work at 40 °C?",
            "kind": "technology-transfer",
            **given,
        }
    )


def posted(**given: Any) -> dict[str, Any]:
    """Return what a browser sends of the form."""
    told = said(**given)
    names = ("name", "unit", "country", "address", "message", "kind")
    return {name: getattr(told, name) for name in names} | {"consent": "on"}


def sent(technology: Technology | None = None, **given: Any) -> Enquiry:
    """Return an enquiry nobody has confirmed."""
    about = technology or catalog.owned()
    return asking.send(about.pk, said(**given))


def confirm(row: Enquiry) -> Enquiry:
    return ENQUIRIES.perform("confirm", row.pk, actor=None)


def received(technology: Technology | None = None, **given: Any) -> Enquiry:
    return confirm(sent(technology, **given))


def open_it(row: Enquiry) -> Enquiry:
    return ENQUIRIES.perform("open", row.pk, actor=owner_of(row))


def answer(row: Enquiry, text: str = "Up to 45 °C.", *, actor: User | None = None) -> Enquiry:
    return ENQUIRIES.perform("answer", row.pk, actor=actor or owner_of(row), message=text)


def write(row: Enquiry, text: str = "And at 50 °C?") -> Enquiry:
    return ENQUIRIES.perform("write", row.pk, actor=None, message=text)


def close(row: Enquiry) -> Enquiry:
    return ENQUIRIES.perform("close", row.pk, actor=owner_of(row))


def end(row: Enquiry) -> Enquiry:
    return ENQUIRIES.perform("end", row.pk, actor=None)


def report(row: Enquiry, why: str = "Advertising.") -> Enquiry:
    return ENQUIRIES.perform("report", row.pk, actor=owner_of(row), why=why)


def stop(row: Enquiry, *, actor: User | None = None) -> Enquiry:
    officer = actor or accounts.officer()
    return ENQUIRIES.perform("stop", row.pk, actor=officer, reason="Advertising.")


def owner_of(row: Enquiry) -> User:
    return accounts.owner_of(row.technology.holder)


def leave(technology: Technology) -> None:
    """Let all who acted for the holder have left it."""
    Membership.objects.filter(organisation=technology.holder).delete()


def enquiry(state: str, technology: Technology | None = None) -> Enquiry:
    """Return one in any state."""
    if state == EnquiryStatus.SENT:
        return sent(technology)
    row = received(technology)
    steps = {
        EnquiryStatus.READ: open_it,
        EnquiryStatus.ANSWERED: answer,
        EnquiryStatus.REPORTED: report,
        EnquiryStatus.CLOSED: close,
    }
    step = steps.get(EnquiryStatus(state))
    return step(row) if step else row


def token_of(row: Enquiry) -> str:
    return links.token_of(row)


def long_ago(row: Enquiry, days: int, **columns: Any) -> Enquiry:
    """Let what happened have happened days ago."""
    then = timezone.now() - dt.timedelta(days=days)
    Enquiry.objects.filter(pk=row.pk).update(**dict.fromkeys(columns or ("last_at",), then))
    return Enquiry.objects.get(pk=row.pk)


def many_enquiries() -> None:
    """Insert fifty enquiries about one technology."""
    technology, now = catalog.owned(), timezone.now()
    Enquiry.objects.bulk_create(
        Enquiry(
            technology=technology,
            name="Row",
            unit="Row",
            address=f"row{number}@example.org",
            country_id="KE",
            language="en",
            sent_at=now - dt.timedelta(minutes=number),
            last_at=now,
            received_at=now,
        )
        for number in range(50)
    )
    # Past the door, which counts them.
    for row in Enquiry.objects.all():
        force(ENQUIRIES, row.pk, EnquiryStatus.RECEIVED)
