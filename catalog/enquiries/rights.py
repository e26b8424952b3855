"""Rows of the table of rights: enquiries to holders.

The holder holds no "read": the page of officers counts them. The asker has no account; what they
do by the link of the mail the portal does.
"""

from typing import Any

from django.db.models import Q

from accounts.relations import granted, member
from accounts.roles import Role
from catalog.enquiries.states import ENQUIRY, KNOWN, OPEN
from catalog.models import Enquiry, EnquiryMessage
from core.rights import ACCOUNT, PUBLIC, Address, Bar, ObjectRights, rule, staff
from evaluation.relations import THEIRS, conflicting

OWN = "enquiries to one’s own organisation"
HOLDER = "technology__holder"


def reported(user: Any) -> Q | None:
    """Name the messages an officer may read: those of an enquiry the holder reported."""
    officer = granted(Role.OFFICER)(user)
    return None if officer is None else Q(enquiry__reported_at__isnull=False)


OBJECTS = (
    ObjectRights(
        "enquiry",
        Enquiry,
        relations={
            Role.EDITOR: member(Role.EDITOR, HOLDER),
            Role.OFFICER: granted(Role.OFFICER),
        },
        rules=[
            rule(Role.EDITOR, "hear", KNOWN),
            rule(Role.EDITOR, "answer", OPEN),
            rule(Role.OFFICER, "read", KNOWN),
            rule(Role.OFFICER, "stop", ENQUIRY.step("stop").sources),
            rule(Role.PORTAL, "read ask"),
            rule(Role.PORTAL, "lapse", ENQUIRY.step("lapse").sources),
        ],
        bars=[
            Bar(frozenset({Role.OFFICER}), member(Role.VIEWER, HOLDER), OWN),
            Bar(frozenset({Role.OFFICER}), conflicting(HOLDER), THEIRS),
        ],
    ),
    ObjectRights(
        "enquiry message",
        EnquiryMessage,
        relations={
            Role.EDITOR: member(Role.EDITOR, f"enquiry__{HOLDER}"),
            Role.OFFICER: reported,
        },
        rules=[rule(Role.EDITOR, "read"), rule(Role.OFFICER, "read"), rule(Role.PORTAL, "read")],
        state_field="",
        bars=[
            Bar(frozenset({Role.OFFICER}), member(Role.VIEWER, f"enquiry__{HOLDER}"), OWN),
            Bar(frozenset({Role.OFFICER}), conflicting(f"enquiry__{HOLDER}"), THEIRS),
        ],
    ),
)

ADDRESSES: dict[str, Address] = {
    "catalog:enquiry-form": PUBLIC,
    # What the link of a mail opens.
    "catalog:enquiry": PUBLIC,
    "catalog:enquiry-step": PUBLIC,
    "catalog:holder-enquiries": ACCOUNT,
    "catalog:holder-enquiry": ACCOUNT,
    "catalog:holder-enquiry-step": ACCOUNT,
    "admin:catalog_enquiry_*": staff(Role.OFFICER),
}
