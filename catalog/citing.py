"""How to cite a record of the catalogue: as a sentence, as BibTeX, as RIS.

What is cited is a version on a day: the address stays, what it shows may change.
"""

import datetime as dt
import re
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.notifications import address
from catalog import record
from catalog.models import Technology
from catalog.naming import holder_name, title_of

AUTHORITY = "FECO, CAEPI"
POOL = "Technology Pool of the Green Belt and Road"
# What BibTeX reads as its own, and how it is written to be read as itself.
ESCAPED = {
    **{sign: f"\\{sign}" for sign in "{}%$&#_"},
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}


@dataclass(frozen=True, slots=True)
class Citation:
    """What names one version of a record, in the reader's language."""

    number: str
    version: int
    on: dt.date
    title: str
    language: str  # of the title
    holder: str
    address: str
    note: str

    @property
    def key(self) -> str:
        return f"{self.number}-v{self.version}"

    def text(self) -> str:
        return _(
            "%(holder)s: %(title)s. Technology Pool of the Green Belt and Road (FECO and CAEPI), "
            "%(number)s, version %(version)d of %(day)s. %(address)s"
        ) % {
            "holder": self.holder,
            "title": self.title,
            "number": self.number,
            "version": self.version,
            "day": date_format(self.on, "DATE_FORMAT"),
            "address": self.address,
        }

    def bibtex(self) -> str:
        fields = {
            "title": f"{{{_escaped(self.title)}}}",
            "author": f"{{{_escaped(self.holder)}}}",
            "year": str(self.on.year),
            "month": str(self.on.month),
            "howpublished": POOL,
            "publisher": AUTHORITY,
            "number": f"{self.number}, version {self.version}",
            "url": self.address,
            "language": self.language,
            "note": _escaped(self.note),
        }
        lines = (f"  {name} = {{{value}}}," for name, value in fields.items())
        return "\n".join((f"@misc{{{self.key},", *lines, "}", ""))

    def ris(self) -> str:
        lines = (
            ("TY", "GEN"),
            ("ID", self.key),
            ("AU", self.holder),
            ("TI", self.title),
            ("T2", POOL),
            ("PB", AUTHORITY),
            ("PY", str(self.on.year)),
            ("DA", f"{self.on:%Y/%m/%d}"),
            ("ET", str(self.version)),
            ("AN", self.number),
            ("LA", self.language),
            ("UR", self.address),
            ("N1", self.note),
            ("ER", ""),
        )
        return "".join(f"{tag}  - {_line(value)}\r\n" for tag, value in lines)


def citation(one: Technology, version: int, at: dt.datetime) -> Citation:
    """Return how the present version is cited; ``at``: when it was published."""
    language, title = title_of(one)
    told = one.content
    return Citation(
        number=one.number,
        version=version,
        on=localdate(at),
        title=_line(title),
        language=language,
        holder=_line(holder_name(told["holder"])),
        address=address_of(one),
        note=f"{record.NOTE} {told.get('notice', '')}".strip(),
    )


def address_of(one: Technology) -> str:
    """Return the whole address of the page, in the reader's language."""
    return address("catalog:technology-detail", one.pk, language=get_language() or "en")


def _line(text: str) -> str:
    return " ".join(text.split())


def _escaped(text: str) -> str:
    return re.sub(r"[{}%$&#_\\~^]", lambda sign: ESCAPED[sign.group()], _line(text))
