"""Which technologies are compared, and what the page and the file print of them."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from catalog.comparing.table import Cell, Part, compare
from catalog.models import Technology, TechnologyQuerySet
from catalog.naming import title_of
from catalog.states import TechnologyStatus
from catalog.vocabulary import Vocabulary
from core.spreadsheets import safe_cell

MOST = 5
EXAMPLE = "GBR-2026-0001"  # how a number is written

Context = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Chosen:
    """Those that are listed, in the order asked for; and what is wrong with the others."""

    technologies: list[Technology]
    notices: list[str]


def chosen(numbers: list[str], rows: TechnologyQuerySet) -> Chosen:
    """Return up to five listed technologies by their numbers; one query."""
    asked = list(dict.fromkeys(number.strip().upper() for number in numbers if number.strip()))
    notices = []
    if len(asked) > MOST:
        notices.append(_("Five technologies are compared at most; these are the first five."))
    asked = [number[:40].replace("\0", "") for number in asked[:MOST]]
    found = {one.number: one for one in rows.filter(number__in=asked).defer("search")}
    for number in asked:
        if number not in found:
            notices.append(_("There is no technology %(number)s.") % {"number": number})
        elif found[number].status != TechnologyStatus.LISTED:
            notices.append(_("%(number)s is not listed any more.") % {"number": number})
    listed = [
        found[number]
        for number in asked
        if number in found and found[number].status == TechnologyStatus.LISTED
    ]
    return Chosen(listed, notices)


def comparison(wanted: Chosen, names: Vocabulary) -> Context:
    numbers = [one.number for one in wanted.technologies]
    return {
        "notices": wanted.notices,
        "heads": [_head(one, numbers) for one in wanted.technologies],
        "parts": _parts(wanted, names, day=_in_words),
        "numbers": numbers,
        "full": len(numbers) >= MOST,
        "example": EXAMPLE,
        "csv_url": f"{reverse('catalog:compare-csv')}{_query(numbers)}",
        "list_url": reverse("catalog:technology-list"),
    }


def _parts(wanted: Chosen, names: Vocabulary, day: Callable[[str], str] = str) -> list[Part]:
    return compare([one.content for one in wanted.technologies], names, day)


def _in_words(day: str) -> str:
    return date_format(dt.date.fromisoformat(day), "DATE_FORMAT")


def _head(one: Technology, numbers: list[str]) -> Context:
    language, title = title_of(one)
    left = [number for number in numbers if number != one.number]
    return {
        "number": one.number,
        "title": title,
        "lang": language,
        "url": reverse("catalog:technology-detail", args=[one.pk]),
        "without_url": f"{reverse('catalog:compare')}{_query(left)}",
    }


def _query(numbers: list[str]) -> str:
    return f"?{urlencode([('with', number) for number in numbers])}" if numbers else ""


def lines(wanted: Chosen, names: Vocabulary) -> Iterator[list[str]]:
    """Return the table as rows of text: part, what, and one column per technology."""
    titles = [title_of(one)[1] for one in wanted.technologies]
    yield ["", _("Number"), *(one.number for one in wanted.technologies)]
    yield ["", _("Title"), *map(safe_cell, titles)]
    for part in _parts(wanted, names):
        for row in part.rows:
            # A label may be the holder's own words, as what stands in the cells may.
            yield [part.title, safe_cell(row.label), *map(_in_a_cell, row.cells)]


def _in_a_cell(cell: Cell) -> str:
    return safe_cell("\n".join(cell.lines)) if cell.lines else _("not stated")
