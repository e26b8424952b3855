"""What an officer compares before an organisation is verified or merged, as it was shown.

A page lies open while its reader telephones; the owner goes on editing. What was shown comes
back with the form as a hash, and the step is refused when it is another one by then.
"""

from collections.abc import Iterator

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.models import Membership, Organisation
from accounts.states import IDENTITY
from core import audit
from core.canonical import content_hash
from core.errors import DomainError
from core.workflow import Act

Fact = tuple[str | Promise, str]
SHOWN = ("name_en", "name_zh", "country", "registration_number")


def print_of(*organisations: Organisation, members: bool = False) -> str:
    """Return a hash of who these organisations say they are, and of who acts for them."""
    shown: list[object] = []
    for one in organisations:
        shown.append([str(one.pk), one.status, audit.values(one, sorted(IDENTITY))])
        if members:
            shown.append([[str(row.user_id), row.level] for row in _members(one)])
    return content_hash(shown)


def as_shown(organisation: Organisation, act: Act) -> None:
    """Refuse a judgement of particulars that are no longer those that were on the page."""
    seen = act.inputs.get("seen")
    if seen is not None and seen != print_of(organisation):
        raise DomainError(_("The particulars changed while the page was open. Compare them again."))


def particulars(organisation: Organisation) -> Iterator[Fact]:
    for name in SHOWN:
        value = getattr(organisation, name)
        if value:
            yield _label(name), str(value)


def members_in_lines(organisation: Organisation) -> str:
    lines = [
        f"{row.user} <{row.user.email}>: {row.get_level_display()}"
        for row in _members(organisation)
    ]
    return "\n".join(lines) or "–"


def _members(organisation: Organisation) -> list[Membership]:
    return list(organisation.memberships.select_related("user").order_by("since", "pk"))


def _label(field: str) -> str:
    return capfirst(str(Organisation._meta.get_field(field).verbose_name))  # type: ignore[union-attr]  # a field of our own
