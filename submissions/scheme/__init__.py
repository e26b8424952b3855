"""A declaration scheme: which fields a declaration carries, and what is missing in one. Pure.

``content`` is the document a declaration holds, by section and field:
``{"technology": {"title": "…"}, "performance": {"indicators": [{"name": "…"}]}}``. A field is
addressed as ``title`` within its section, a field of a row as ``indicators.0.name``.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from submissions.scheme.contradictions import Contradiction, Days, contradictions
from submissions.scheme.documents import read_sections
from submissions.scheme.fields import FieldSpec, Kind, Known
from submissions.scheme.sections import Finding, Missing, ProfileAsked, Recommended, Section


@dataclass(frozen=True, slots=True)
class Scheme:
    """All sections of a declaration."""

    sections: tuple[Section, ...]

    def section(self, key: str) -> Section:
        """Return the section called ``key``; KeyError when there is none."""
        for section in self.sections:
            if section.key == key:
                return section
        raise KeyError(key)

    def missing(self, content: Any) -> list[Missing]:
        content = content if isinstance(content, dict) else {}
        return [one for s in self.sections for one in s.missing(content.get(s.key))]

    def recommended(self, content: Any) -> list[Recommended]:
        """List what is wished for and not there; none of it keeps from filing."""
        content = content if isinstance(content, dict) else {}
        return [one for s in self.sections for one in s.recommended(content.get(s.key))]

    def faults(self, content: Any, known: Known) -> list[Finding]:
        """List what cannot be taken; a text that is too long is among the contradictions."""
        if not isinstance(content, dict):
            return [Finding("", "", _("This is not a declaration."))]
        found = [
            one
            for s in self.sections
            for one in s.faults(content.get(s.key, {}), known, limits=False)
        ]
        unknown = sorted(set(content) - {section.key for section in self.sections})
        message = _("The scheme has no section %(key)s.")
        return found + [Finding(key, "", message % {"key": key}) for key in unknown]

    def contradictions(self, content: Any, days: Days) -> list[Contradiction]:
        content = content if isinstance(content, dict) else {}
        return [one for s in self.sections for one in contradictions(s, content.get(s.key), days)]

    def withheld(self, content: Any) -> frozenset[str]:
        """Name the sections that the applicant keeps from being published."""
        content = content if isinstance(content, dict) else {}
        offered = {section.key for section in self.sections if section.withholdable}
        return frozenset(offered & _named_to_withhold(self.sections, content))

    def public_keys(self, content: Any) -> frozenset[str]:
        """Name the fields the world may read: ``technology.title``, ``cases.cases.name``."""
        withheld = self.withheld(content)
        return frozenset(
            f"{section.key}.{at}{field.key}"
            for section in self.sections
            if section.key not in withheld
            for at, fields in _tables(section)
            for field in fields
            if field.public
        )

    @property
    def profile(self) -> ProfileAsked:
        """Whether the profile of the organisation is filed too."""
        asked = {section.profile for section in self.sections}
        strictest = (ProfileAsked.REQUIRED, ProfileAsked.OPTIONAL)
        return next((one for one in strictest if one in asked), ProfileAsked.NOT)

    def translatable(self) -> list[tuple[Section, FieldSpec]]:
        return [(s, field) for s in self.sections for field in s.fields if field.translatable]


def load(sections: Any) -> Scheme:
    """Read a scheme document; SchemeError names everything that is unsound in it."""
    return Scheme(read_sections(sections))


def _named_to_withhold(sections: tuple[Section, ...], content: dict[str, Any]) -> set[str]:
    """Return what the fields for it name."""
    named: set[str] = set()
    for section in sections:
        found = content.get(section.key)
        values = found if isinstance(found, dict) else {}
        for field in section.fields:
            chosen = values.get(field.key) if field.kind is Kind.SECTIONS else None
            named |= {str(one) for one in chosen} if isinstance(chosen, list) else set()
    return named


def _tables(section: Section) -> Iterator[tuple[str, tuple[FieldSpec, ...]]]:
    yield "", section.fields
    for table in section.rows:
        yield f"{table.key}.", table.fields
