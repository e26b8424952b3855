"""What of a returned declaration may be changed: what officers named, and what filing asks for.

A draft is open everywhere. A return opens the fields, tables and sections it names and nothing
else - but for what would keep the declaration from being filed again (a correction may make
something else wrong): that opens as long as it is wrong.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from core.errors import DomainError
from submissions.models import Declaration
from submissions.scheme.sections import Finding
from submissions.states import Status


@dataclass(frozen=True, slots=True)
class Unlocked:
    """The places that may be changed; ``everything``: no place is closed."""

    everything: bool
    places: frozenset[tuple[str, str]]  # (section, field or table); ("technology", ""): all of it

    def member(self, section: str, key: str) -> bool:
        return self.everything or bool(self.places & {(section, ""), (section, key)})

    def section(self, section: str) -> bool:
        """Say whether anything in the section may be changed."""
        return self.everything or any(place == section for place, _key in self.places)

    def require(self, section: str, key: str, label: str) -> None:
        if not self.member(section, key):
            message = _("%(field)s: not part of what was returned for correction.")
            raise DomainError(message % {"field": label}, field=key)


EVERYTHING = Unlocked(everything=True, places=frozenset())


def unlocked(
    declaration: Declaration, asked: list[dict[str, str]], findings: list[Finding]
) -> Unlocked:
    """Say what may be changed now.

    ``asked`` are the corrections asked for (section, field); a return that named none, as an
    older one may, closes nothing. ``findings`` are what keeps the declaration from being filed.
    """
    if declaration.status != Status.RETURNED or not asked:
        return EVERYTHING
    named = {(one["section"], one["field"]) for one in asked}
    wrong = {(one.section, one.field.partition(".")[0]) for one in findings}
    return Unlocked(everything=False, places=frozenset(named | wrong))
