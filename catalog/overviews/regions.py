"""Reference cases by country and field: a table, and the same as tiles. Borders are nowhere drawn.

A cell counts technologies with a reference case there. One that was applied in several countries
counts in each of them, and once in a total.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _

from catalog.browsing.held import Held
from catalog.overviews import links
from catalog.overviews.among import Among, all_listed
from catalog.overviews.charts import shade
from catalog.vocabulary import Vocabulary
from core.spreadsheets import safe_cell
from reference.families import by_family

Context = dict[str, Any]

CASES = "case_country"


def page(held: Held, names: Vocabulary) -> Context:
    """Return the countries with a reference case, by region; no query."""
    listed = all_listed(held)
    most = max(listed.counts(CASES).values(), default=0)
    everywhere = list(listed.held.traits.get(CASES, {}))
    return {
        "fields": list(names.field.values()),
        "regions": [
            _region(name, codes, most, listed, names) for name, codes in _regions(listed, names)
        ],
        "all": _line(_("All regions"), "", everywhere, listed, names),
    }


def _regions(listed: Among, names: Vocabulary) -> list[tuple[str, list[str]]]:
    """Return the regions in their order, each with the countries that have a case, by name."""
    used = listed.counts(CASES)
    choices = sorted(((code, names.country.get(code, code)) for code in used), key=_by_name)
    return [
        (name, [code for code, _country in inside])
        for name, inside in by_family("country", choices)
    ]


def _by_name(choice: tuple[str, str]) -> str:
    return choice[1]


def _region(
    name: str, codes: Sequence[str], most: int, listed: Among, names: Vocabulary
) -> Context:
    lines = [
        _line(names.country.get(one, one), links.page_of("country", one), [one], listed, names)
        for one in codes
    ]
    return {
        "total": _line(_("%(region)s in all") % {"region": name}, "", codes, listed, names),
        "name": name,
        "lines": lines,
        "tiles": [
            {**line, "code": code, "shade": shade(line["number"], most)}
            for code, line in zip(codes, lines, strict=True)
        ],
    }


def _line(name: str, url: str, codes: Sequence[str], listed: Among, names: Vocabulary) -> Context:
    """Return one line of the table: a country, or all of several."""
    among = listed.bearing(CASES, *codes)
    only = codes[0] if url else ""
    return {
        "name": name,
        "url": url,
        "number": among.total(),
        "list_url": links.list_of(**{CASES: only}) if only else "",
        "cells": [
            {
                "field": field,
                "number": among.count("field", code),
                "url": links.list_of(**{CASES: only, "field": code}) if only else "",
            }
            for code, field in names.field.items()
        ],
    }


def lines(held: Held, names: Vocabulary) -> Iterator[list[str]]:
    """Return the table as rows of text: region, code, country, one column per field, in all."""
    told = page(held, names)
    heads = [_("Region"), _("Code"), _("Country or region"), *told["fields"], _("In all")]
    yield [safe_cell(head) for head in heads]
    for region in told["regions"]:
        for tile in region["tiles"]:
            yield _row(region["name"], tile["code"], tile)
        yield _row(region["name"], "", region["total"])
    yield _row("", "", told["all"])


def _row(region: str, code: str, line: Context) -> list[str]:
    numbers = [str(cell["number"]) for cell in line["cells"]]
    return [region, code, safe_cell(line["name"]), *numbers, str(line["number"])]
