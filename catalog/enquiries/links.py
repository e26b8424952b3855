"""The link by which who asked comes back: signed, so that nothing of it is stored.

Each mail of an enquiry carries it anew; whoever holds it confirms, follows, writes, takes back.
"""

from uuid import UUID

from django.core.signing import BadSignature, Signer

from accounts.notifications import address
from catalog.models import Enquiry

_SIGNER = Signer(salt="catalog.enquiry", sep=".")


def token_of(enquiry: Enquiry) -> str:
    return _SIGNER.sign(str(enquiry.pk))


def link_of(enquiry: Enquiry) -> str:
    return address("catalog:enquiry", token_of(enquiry), language=enquiry.language)


def by_token(token: str) -> Enquiry | None:
    """Return what the link of a mail leads to; None when it leads nowhere."""
    try:
        key = UUID(_SIGNER.unsign(token))
    except (BadSignature, ValueError):
        return None
    rows = Enquiry.objects.select_related("technology__holder", "country")
    return rows.filter(pk=key, forgotten_at=None).first()
