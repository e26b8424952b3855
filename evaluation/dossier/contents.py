"""The first pages of the one file: whose it is, for whom it was made, and what is in it where."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _

from submissions.filed import title_of
from submissions.models import DeclarationVersion
from submissions.printing.filed import breakable
from submissions.printing.paper import Line, Paper, Part


@dataclass(frozen=True, slots=True)
class Piece:
    """One file of evidence: on ``pages`` pages, or attached under ``name``, or left out."""

    title: str
    file_name: str
    pages: int = 0
    name: str = ""
    why: str = ""  # why it is not on pages


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom it was made, and on which day."""

    name: str
    day: dt.date


def paper_of(
    filed: DeclarationVersion,
    received: str,
    reader: Reader,
    printed: int,
    pieces: Sequence[Piece],
    own: int,
) -> Paper:
    """Lay out the contents; ``printed``, ``own``: pages of the declaration's print and of this."""
    only = _("For %(name)s only, %(day)s. Confidential: not to be handed on.") % {
        "name": reader.name,
        "day": reader.day.isoformat(),
    }
    number = filed.declaration.number or ""
    return Paper(
        language=get_language() or "en",
        rtl=get_language_bidi(),
        banner=only,
        kicker=_("Declaration with its evidence, as one file"),
        title=title_of(filed),
        title_lang=filed.content["language"],
        facts=[
            Line(_("Made for"), only),
            Line(_("Number"), number),
            Line(_("Version"), str(filed.number)),
            Line(_("Received"), received),
            Line("SHA-256", breakable(filed.content_hash)),
        ],
        parts=[one for one in _parts(printed, pieces, own) if one.lines],
        seal_heading="",
        seal_lines=[],
        footer=f"{number} · v{filed.number} · {reader.name} · {reader.day.isoformat()}",
        page_word=_("Contents, page"),
    )


def _parts(printed: int, pieces: Sequence[Piece], own: int) -> list[Part]:
    bound = [Line(_span(own + 1, printed), _("The declaration as filed"))]
    first = own + printed + 1
    for one in pieces:
        if one.pages:
            bound.append(Line(_span(first, one.pages), _named(one)))
            first += one.pages
    attached = [Line(one.name, f"{_named(one)} – {one.why}") for one in pieces if one.name]
    left = [Line("–", f"{_named(one)} – {one.why}") for one in pieces if _is_left_out(one)]
    return [
        Part(_("Contents, by page of this file"), bound, [], [], []),
        Part(_("Files attached inside this file"), attached, [], [], []),
        Part(_("Not in this file"), left, [], [], []),
    ]


def _is_left_out(piece: Piece) -> bool:
    return not piece.pages and not piece.name


def _named(piece: Piece) -> str:
    return f"{piece.title} ({piece.file_name})"


def _span(first: int, count: int) -> str:
    last = first + count - 1
    return str(first) if last == first else f"{first}–{last}"
