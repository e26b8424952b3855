"""The catalogue in figures: what is listed, of what kinds, and how it came and went.

Of the listed everything is counted in the index; changes and what is not listed take a query each.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from django.db.models import Count
from django.db.models.functions import TruncMonth
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pyroaring import BitMap

from catalog import labels
from catalog.browsing import ranges
from catalog.browsing.held import Held
from catalog.models import Change, TechnologyQuerySet
from catalog.overviews import links
from catalog.overviews.among import all_listed
from catalog.overviews.charts import columns, length
from catalog.states import TechnologyStatus
from catalog.vocabulary import Vocabulary
from core.spreadsheets import safe_cell

Context = dict[str, Any]

MOST = 15  # bars of a chart; its file has them all
# In the order of the page; those of facets are named as their facet.
FACETS = (
    *("field", "subcategory", "maturity", "evidence", "year", "country", "case_country"),
    *("corridor", "pollutant"),
)
IN_ORDER = frozenset({"field", "corridor"})  # as the reference has them, unused codes too
MEASURES: labels.Labels = {
    ranges.INDICATOR: gettext_lazy("Indicators of performance"),
    ranges.CAPACITY: gettext_lazy("Capacity of a reference plant"),
    ranges.INVESTMENT: gettext_lazy("Unit investment"),
    ranges.OPERATING: gettext_lazy("Operating cost"),
}
EVENTS = (
    Change.Kind.LISTED,
    Change.Kind.RENEWED,
    Change.Kind.SUSPENDED,
    Change.Kind.RESUMED,
    Change.Kind.EXPIRED,
    Change.Kind.WITHDRAWN,
    Change.Kind.REVOKED,
)
YEARS, MONTHS = "years", "months"


class Line(NamedTuple):
    label: str
    number: int
    url: str = ""


class Seen(NamedTuple):
    """What the figures are counted from."""

    rows: TechnologyQuerySet
    held: Held
    names: Vocabulary


def page(seen: Seen) -> Context:
    """Return every chart with its table; two queries."""
    total = len(seen.held.listed)
    by_month = _by_month()
    return {
        "total": total,
        "charts": [_chart(name, title, rows, total) for name, title, rows in _charts(seen)],
        "years": _over_time(_by_year(by_month), YEARS),
        "months": _over_time(by_month, MONTHS),
        "columns": columns(
            [(year, told.get(Change.Kind.LISTED, 0)) for year, told in _by_year(by_month).items()]
        ),
    }


def _charts(seen: Seen) -> Iterator[tuple[str, str, list[Line]]]:
    yield "state", _("State of the listings"), _states(seen.rows)
    for facet in FACETS:
        yield facet.replace("_", "-"), labels.label(labels.FACETS, facet), _facet(facet, seen)
    yield "figures", _("Figures that are stated"), _stated(seen.held)


def _states(rows: TechnologyQuerySet) -> list[Line]:
    told = dict(rows.order_by().values_list("status").annotate(number=Count("pk")))
    return [Line(capfirst(str(one.label)), told.get(one.value, 0)) for one in TechnologyStatus]


def _facet(facet: str, seen: Seen) -> list[Line]:
    known, counts = seen.names.of(facet), all_listed(seen.held).counts(facet)
    if facet in IN_ORDER:
        codes = list(known)
    elif facet == "year":
        codes = sorted(counts, reverse=True)
    else:
        codes = sorted(counts, key=lambda code: (-counts[code], known.get(code, code)))
    return [
        Line(
            known.get(code, code),
            counts.get(code, 0),
            links.page_of(facet, code) or links.list_of(**{facet: code}),
        )
        for code in codes
    ]


def _stated(held: Held) -> list[Line]:
    """Return how many of the listed state a figure that can be compared, by kind of figure."""
    by_kind: dict[str, BitMap] = {kind: BitMap() for kind in MEASURES}
    for measure, column in held.figures.items():
        by_kind[ranges.measure(measure).kind] |= column.bits
    anything = BitMap.union(*by_kind.values())
    return [
        Line(_("Any figure"), len(anything & held.listed)),
        *(Line(str(name), len(by_kind[kind] & held.listed)) for kind, name in MEASURES.items()),
    ]


def _chart(name: str, title: str, rows: list[Line], total: int) -> Context:
    most = max((one.number for one in rows), default=0)
    shown = rows[:MOST]
    return {
        "name": name,
        "title": title,
        "rows": [
            {
                **one._asdict(),
                "length": length(one.number, most),
                "share": _share(one.number, total),
            }
            for one in shown
        ],
        "left_out": len(rows) - len(shown),
        "of_listed": name != "state",
        "csv_url": reverse("catalog:statistics-csv", args=[name]),
    }


def _share(number: int, total: int) -> str:
    return f"{round(100 * number / total)} %" if total else ""


Told = Mapping[str, Mapping[str, int]]  # by time, by kind of change


def _by_month() -> dict[str, dict[str, int]]:
    """Return how many changes of each kind there were, by "2026-03"; one query."""
    rows = Change.objects.filter(kind__in=EVENTS, number__isnull=False).order_by()
    told = rows.annotate(month=TruncMonth("at")).values_list("month", "kind")
    found: dict[str, dict[str, int]] = {}
    for month, kind, number in told.annotate(number=Count("pk")).order_by("month", "kind"):
        found.setdefault(f"{month:%Y-%m}", {})[kind] = number
    return found


def _by_year(by_month: Told) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for month, told in by_month.items():
        of_year = found.setdefault(month[:4], {})
        for kind, number in told.items():
            of_year[kind] = of_year.get(kind, 0) + number
    return found


def _over_time(told: Told, name: str) -> Context:
    """Return a table of changes, the latest first."""
    head = _("Year") if name == YEARS else _("Month")
    kinds = [{"label": capfirst(str(kind.label)), "number": True} for kind in EVENTS]
    return {
        "name": name,
        "columns": [{"label": head}, *kinds],
        "rows": [
            [{"text": time}, *({"text": told[time].get(kind, 0)} for kind in EVENTS)]
            for time in sorted(told, reverse=True)
        ],
        "csv_url": reverse("catalog:statistics-csv", args=[name]),
    }


def lines(name: str, seen: Seen) -> Iterator[list[str]] | None:
    """Return one chart whole, as rows of text; None when there is no such chart."""
    if name in (YEARS, MONTHS):
        told = _by_month()
        return _of_table(_over_time(told if name == MONTHS else _by_year(told), name))
    for one, title, rows in _charts(seen):
        if one == name:
            return _of_lines(title, rows)
    return None


def _of_table(table: Context) -> Iterator[list[str]]:
    yield [column["label"] for column in table["columns"]]
    for row in table["rows"]:
        yield [str(cell["text"]) for cell in row]


def _of_lines(title: str, rows: list[Line]) -> Iterator[list[str]]:
    yield [safe_cell(title), _("Technologies")]
    for one in rows:
        yield [safe_cell(one.label), str(one.number)]


def as_of(version: Any, day: dt.date) -> str:
    return _("Version %(version)s of the catalogue, %(day)s.") % {
        "version": version,
        "day": date_format(day, "DATE_FORMAT"),
    }
