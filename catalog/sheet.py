"""The sheet of a technology: what its page says, on paper, in the reader's language.

Printing takes a processor for a tenth of a second, and anybody may ask for it. So one process
prints one sheet at a time, and the last ones are kept in its memory by what is in them.
"""

import threading
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _

from catalog import detail_page, labels, verified
from catalog.citing import Citation
from catalog.models import Technology
from catalog.naming import holder_name, title_of
from catalog.record import was_earlier
from catalog.vocabulary import Vocabulary
from core.templatetags.components import exact
from submissions.printing.filed import breakable
from submissions.printing.paper import Line, Paper, part_of
from submissions.printing.pdf import pdf_of

KEPT = 32  # sheets, of some 50 kB each
WAIT = 2.0  # seconds for the sheet before; a request is a thread, and there are few
RETRY_AFTER = 5  # seconds

_printing = threading.Lock()
_next = threading.Lock()  # of whoever waits
_keeping = threading.Lock()
_kept: OrderedDict[str, bytes] = OrderedDict()


class BusyError(Exception):
    """Another sheet is being printed here, and the next one waits or waited long enough."""


def printed(paper: Paper, key: str) -> bytes:
    """Return the PDF; ``key`` says what is in it. Raises BusyError."""
    if made := _known(key):
        return made
    _take_turn()
    try:
        return _known(key) or _keep(key, pdf_of(paper))
    finally:
        _printing.release()


def _take_turn() -> None:
    """Take the lock of the printer. One waits for it: the others would hold every thread."""
    if _printing.acquire(blocking=False):
        return
    if not _next.acquire(blocking=False):
        raise BusyError
    try:
        if not _printing.acquire(timeout=WAIT):
            raise BusyError
    finally:
        _next.release()


def _known(key: str) -> bytes | None:
    with _keeping:
        if key in _kept:
            _kept.move_to_end(key)
        return _kept.get(key)


def _keep(key: str, made: bytes) -> bytes:
    with _keeping:
        _kept[key] = made
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return made


# What is printed --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Table:
    label: str
    columns: list[dict[str, Any]]
    rows: list[list[dict[str, str]]]


@dataclass(frozen=True, slots=True)
class _Section:
    """A part of the page, as ``paper.part_of`` takes it."""

    label: str
    facts: list[dict[str, Any]] = field(default_factory=list)
    tables: list[_Table] = field(default_factory=list)
    attachments: tuple[()] = ()


def paper_of(one: Technology, names: Vocabulary, cited: Citation) -> Paper:
    """Lay out a listed technology."""
    page = detail_page.body_of(one, names)
    language, title = title_of(one)
    note = _("Listing in the pool is not a certification.")
    demonstration = _("This record is a demonstration. It is not a listing by FECO.")
    return Paper(
        language=get_language() or "en",
        rtl=get_language_bidi(),
        banner=f"{note} {demonstration}" if one.demonstration else note,
        kicker=_("Technology sheet – Technology Pool of the Green Belt and Road"),
        title=title,
        title_lang=language,
        facts=_facts(one, page, cited),
        parts=[part_of(one, _("{table}, row {row}"), "") for one in _sections(page)],
        seal_heading="",
        seal_lines=[],
        footer=f"{cited.key} · {cited.address}",
        page_word=_("Page"),
    )


def _facts(one: Technology, page: dict[str, Any], cited: Citation) -> list[Line]:
    evidence = page["evidence"]  # an earlier list may state no grade
    graded = [Line(_("Evidence"), f"{evidence['label']}. {evidence['meaning']}")]
    return [
        Line(_("Number"), one.number),
        Line(_("Holder"), holder_name(one.content["holder"])),
        *_earlier(one.content),
        Line(_("State"), one.get_status_display()),
        Line(_("Version"), f"{cited.version} – {date_format(cited.on, 'DATE_FORMAT')}"),
        Line(_("Valid until"), date_format(one.valid_until, "DATE_FORMAT")),
        Line(_("Verified"), str(verified.last(one))),
        *(graded if evidence["label"] else ()),
        Line(_("Check this sheet at"), cited.address),
        Line(_("SHA-256 of the record"), breakable(one.content_hash)),
    ]


def _earlier(record: dict[str, Any]) -> list[Line]:
    """Say, of what was evaluated before the portal, that it was, and in which list it stands."""
    if not was_earlier(record):
        return []
    mark = Line(_("Evaluation"), str(labels.EARLIER))
    return [mark, *(Line(one["label"], one["value"]) for one in detail_page.origin_facts(record))]


def _sections(page: dict[str, Any]) -> Iterator[_Section]:
    note = [{"label": _("Translation"), "value": page["texts_note"]}]
    told = [_Section(_("Description"), [*page["texts"], *note])]
    told.append(_Section(_("Classification"), page["facts"]))
    named = (
        ("indicators", _("Performance")),
        ("costs", _("Costs")),
        ("cases", _("Reference cases")),
        ("property", _("Intellectual property")),
    )
    tables = [_table(label, page[key]) for key, label in named if page[key]]
    told.append(_Section(_("Figures and cases"), tables=tables))
    told.append(_Section(_("Economics of the reference plant"), page["economics"]))
    told.append(_Section(_("Holder"), page["holder"]))
    told.append(_Section(_("Sources"), [_source(one) for one in page["sources"]]))
    return (one for one in told if one.tables or any(fact["value"] for fact in one.facts))


def _table(label: str, table: dict[str, Any]) -> _Table:
    rows = [[{"text": _word(cell["text"])} for cell in line] for line in table["rows"]]
    return _Table(label, table["columns"], rows)


def _word(value: Any) -> str:
    return "" if value in (None, "") else exact(value)


def _source(source: dict[str, Any]) -> dict[str, str]:
    parts = (source["note"], source["url"])
    return {"label": source["title"], "value": " – ".join(part for part in parts if part) or "–"}
