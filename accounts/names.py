"""Names that are no messages: mails of the portal carry them to strangers."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

LINKS = ("://", "www.")


def no_link(name: str) -> None:
    """Refuse a name by which somebody would send their address to others under our letterhead."""
    if any(one in name.lower() for one in LINKS):
        raise ValidationError(_("A name contains no web address."))
