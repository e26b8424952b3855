"""Who is mailed what about an enquiry. Neither side learns the address of the other by it."""

from typing import Any

from django.utils import translation

from accounts.holders import officers_with
from accounts.notifications import address
from catalog.acting import members_of
from catalog.enquiries import links
from catalog.models import Enquiry, EnquiryMessage
from catalog.naming import holder_name
from core import mail

TO_ASKER = ("enquiry_sent", "enquiry_answered", "enquiry_closed")
KEPT_UNCONFIRMED = 7  # days


def sent(enquiry: Enquiry) -> None:
    """Send the link; it lets in, so no member of staff reads the mail."""
    _to_asker("enquiry_sent", enquiry, days=KEPT_UNCONFIRMED)


def waits(enquiry: Enquiry) -> None:
    """Tell the holder that something is to be answered; what, and by whom, is in the portal."""
    for person in members_of(enquiry.technology):
        link = holder_link(enquiry, person.language)
        _write("enquiry_waits", person, enquiry, link=link)


def answered(enquiry: Enquiry) -> None:
    rows = enquiry.messages.filter(side=EnquiryMessage.Side.HOLDER)
    newest = rows.order_by("-written_at", "-pk")[0]
    _to_asker("enquiry_answered", enquiry, message=newest.text)


def closed(enquiry: Enquiry, *, reason: str = "") -> None:
    _to_asker("enquiry_closed", enquiry, reason=reason)


def reported(enquiry: Enquiry) -> None:
    for officer in officers_with("stop", enquiry):
        name = "admin:catalog_enquiry_change"
        link = address(name, enquiry.pk, language=officer.language)
        _write("enquiry_reported", officer, enquiry, link=link)


def holder_link(enquiry: Enquiry, language: str) -> str:
    return address("catalog:holder-enquiry", enquiry.technology_id, enquiry.pk, language=language)


def _to_asker(template: str, enquiry: Enquiry, **context: Any) -> None:
    """Write to who may have been erased meanwhile; then there is nobody to write to."""
    if not enquiry.address:
        return
    technology, house = enquiry.technology, enquiry.technology.holder
    with translation.override(enquiry.language):  # not that of who acted
        holder = holder_name({"name_en": house.name_en, "name_zh": house.name_zh})
    mail.write(
        template,
        to=enquiry.address,
        language=enquiry.language,
        context={
            "reader": enquiry.name,
            "technology": technology,
            "holder": holder,
            "enquiry": enquiry,
            "link": links.link_of(enquiry),
            **context,
        },
        secret=True,
    )


def _write(template: str, to: Any, enquiry: Enquiry, **context: Any) -> None:
    values = {"reader": to.name, "technology": enquiry.technology, **context}
    mail.write(template, to=to.email, language=to.language, context=values)
