"""The table of a comparison: parts of rows, one cell per technology. Records in, words out."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from catalog import labels
from catalog.browsing.measures import Measures
from catalog.comparing import stating
from catalog.comparing.stating import Statement
from catalog.naming import holder_name
from catalog.vocabulary import Vocabulary

Record = dict[str, Any]


class Cell(NamedTuple):
    """What one technology states; no lines: nothing."""

    lines: list[str]
    lang: str = ""  # of words of the holder


class Row(NamedTuple):
    label: str
    cells: list[Cell]


class Part(NamedTuple):
    title: str
    rows: list[Row]


def compare(
    records: list[Record], names: Vocabulary, day: Callable[[str], str] = str
) -> list[Part]:
    """Return the parts of the comparison; a row in which nobody states anything is left out.

    ``day`` writes the days of the records, which are ISO, as they are to be read.
    """
    measures = Measures(names)
    parts = [
        Part(_("Technology"), list(_facts(records, names, day))),
        Part(_("Figures"), list(_stated(records, lambda one: stating.figures(one, names)))),
        Part(_("Economics"), list(_stated(records, lambda one: stating.prices(one, measures)))),
        Part(_("Costs"), list(_stated(records, lambda one: stating.costs(one)))),
        Part(_("Reference cases"), list(_cases(records, names))),
    ]
    return [part for part in parts if part.rows]


def _facts(records: list[Record], names: Vocabulary, day: Callable[[str], str]) -> Iterator[Row]:
    def listed(known: dict[str, str], codes: Iterable[str]) -> list[str]:
        return [known.get(code, code) for code in codes if code]

    facts: list[tuple[str, Callable[[Record], list[str]]]] = [
        (_("Holder"), lambda one: [holder_name(one["holder"])]),
        (
            _("Country or region of the holder"),
            lambda one: listed(names.country, [one["holder"]["country"]]),
        ),
        (_("Sub-category"), lambda one: listed(names.subcategory, [one["subcategory"]])),
        *(
            (str(labels.FACETS[facet]), _coded(facet, names))
            for facet in ("form", "matrix", "pollutant", "maturity", "cooperation")
        ),
        (_("First used"), lambda one: [str(one.get("first_use_year") or "")]),
        (_("Number of applications"), lambda one: [str(one.get("applications_count") or "")]),
        (_("Evidence"), lambda one: listed(names.evidence, [one.get("evidence_grade") or ""])),
        (_("Valid until"), lambda one: [day(one["valid_until"])]),
    ]
    for label, told in facts:
        yield from _row(label, [Cell([line for line in told(one) if line]) for one in records])


# Where a record keeps the codes of a facet.
KEYS = {"pollutant": "pollutants"}


def _coded(facet: str, names: Vocabulary) -> Callable[[Record], list[str]]:
    known = names.of(facet)

    def told(one: Record) -> list[str]:
        codes = one.get(KEYS.get(facet, facet)) or []
        return [known.get(code, code) for code in ([codes] if isinstance(codes, str) else codes)]

    return told


def _stated(records: list[Record], read: Callable[[Record], list[Statement]]) -> Iterator[Row]:
    """Align what the records state by what it is stated of."""
    columns = [_by_subject(read(one)) for one in records]
    subjects = sorted({subject for column in columns for subject in column})
    for subject in subjects:
        cells = [
            Cell(
                [one.text for one in column.get(subject, [])],
                record["language"] if any(one.own for one in column.get(subject, [])) else "",
            )
            for record, column in zip(records, columns, strict=True)
        ]
        yield from _row(subject[1], cells)


def _by_subject(statements: list[Statement]) -> dict[tuple[int, str], list[Statement]]:
    found: dict[tuple[int, str], list[Statement]] = {}
    for one in statements:
        found.setdefault((one.place, one.subject), []).append(one)
    return found


def _cases(records: list[Record], names: Vocabulary) -> Iterator[Row]:
    def countries(one: Record) -> list[str]:
        codes = dict.fromkeys(case["country"] for case in one["cases"] if case.get("country"))
        return [names.country.get(code, code) for code in codes]

    counts = [Cell([str(len(one["cases"]))] if one["cases"] else []) for one in records]
    yield from _row(_("Number"), counts)
    yield from _row(_("Countries or regions"), [Cell(countries(one)) for one in records])


def _row(label: str, cells: list[Cell]) -> Iterator[Row]:
    if any(cell.lines for cell in cells):
        yield Row(label, cells)
