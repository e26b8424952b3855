"""Two enquiries to the holder of an invented technology: one answered, one that waits."""

from catalog.acting import members_of
from catalog.enquiries import asking
from catalog.enquiries.asking import Said
from catalog.enquiries.states import EnquiryStatus
from catalog.enquiries.workflow import ENQUIRIES
from catalog.models import Enquiry, Technology
from core.errors import DomainError
from demo import people
from demo.plan import IN_DOUBT, key_of

ANSWER = (
    "Yes: the membrane is rated for 40 °C, and for three years between two changes. Invented for "
    "the demonstration."
)
ANSWERED = Said(
    name="Lea Marram (demo)",
    unit="Water works of the coast (invented)",
    country="KE",
    address=f"asker1@{people.DOMAIN}",
    kind="pilot",
    message="Does it work in water of 38 °C? We look for a pilot. Invented for the demonstration.",
)
WAITING = Said(
    name="Timur Sand (demo)",
    unit="Engineers of the steppe (invented)",
    country="KZ",
    address=f"asker2@{people.DOMAIN}",
    kind="technology-transfer",
    message="Would you let a workshop in our region build it? Invented for the demonstration.",
)


def bring() -> None:
    """Go on where an earlier load stopped; what a visitor did meanwhile is theirs."""
    rows = Technology.objects.listed().filter(case__declaration__start_key=key_of(IN_DOUBT))
    technology = rows.first()
    if technology is None:
        return
    try:
        _received(technology, WAITING)
        row = _received(technology, ANSWERED)
        if row.status == EnquiryStatus.RECEIVED:
            member = members_of(technology)[0]
            ENQUIRIES.perform("answer", row.pk, actor=member, message=ANSWER)
    except DomainError:
        return  # a visitor was quicker


def _received(technology: Technology, said: Said) -> Enquiry:
    row = Enquiry.objects.filter(technology=technology, address=said.address).first()
    row = row or asking.send(technology.pk, said)
    if row.status == EnquiryStatus.SENT:
        row = ENQUIRIES.perform("confirm", row.pk, actor=None)
    return row
