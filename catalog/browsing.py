"""What the list of technologies shows: filters, counts, order, and pages by key.

Within a facet the choices add up (air or water); facets narrow each other. The counts of a
facet are taken with all other facets applied and its own left out, so that each number is what
one would see after choosing it.
"""

import datetime as dt
import uuid
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import CharField, Count, F, Func, Q, QuerySet, Value

from catalog import bigrams, search
from catalog.models import Technology

PAGE = 20
TOTAL = "total"
NEWEST, RELEVANCE = "newest", "relevance"
# Name in the address: the column it narrows.
FACETS = {
    "field": "subcategory__field",
    "subcategory": "subcategory",
    "country": "country",
    "case_country": "case_countries",
    "maturity": "maturity",
    "evidence": "evidence_grade",
}
# Where the page ended: value of the first column of the order, and id.
Key = tuple[dt.datetime | Decimal, uuid.UUID]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the reader asked for, clean."""

    text: str = ""
    chosen: dict[str, list[str]] = field(default_factory=dict)
    order: str = NEWEST
    after: Key | None = None
    before: Key | None = None

    @property
    def asked(self) -> bigrams.Asked:
        return bigrams.asked(self.text)


@dataclass(frozen=True, slots=True)
class Found:
    rows: list[Technology]
    total: int
    counts: dict[str, dict[str, int]]
    next: Key | None
    previous: Key | None


class Elements(Func):
    """Each text of a JSON list on a row of its own."""

    function = "jsonb_array_elements_text"
    output_field = CharField()
    set_returning = True


def browse(rows: QuerySet[Technology], wanted: Wanted) -> Found:
    """Return one page, the number of all rows, and the counts of every facet."""
    rows = rows.filter(status="listed")
    query = search.query(wanted.asked)
    if query is not None:
        rows = search.matching(rows, query)
    elif wanted.text:
        rows = rows.none()  # signs only: there is nothing to look for
    counts = _counts(rows, wanted)
    narrowed = rows.filter(_chosen(wanted, but=None))
    if wanted.order == RELEVANCE and query is not None:
        narrowed = search.ranked(narrowed, query)
        column = "rank"
    else:
        column = "listed_at"
    page, following, previous = _page(narrowed, wanted, column)
    return Found(page, counts.pop(TOTAL, {}).get("", 0), counts, following, previous)


def _chosen(wanted: Wanted, *, but: str | None) -> Q:
    """Return the condition of all facets except ``but``."""
    condition = Q()
    for name, codes in wanted.chosen.items():
        if not codes or name == but:
            continue
        column = FACETS[name]
        lookup = "has_any_keys" if name == "case_country" else "in"
        condition &= Q(**{f"{column}__{lookup}": codes})
    return condition


def _counts(rows: QuerySet[Technology], wanted: Wanted) -> dict[str, dict[str, int]]:
    """Count every facet and the whole in one statement."""
    parts = [_count(rows, wanted, name, column) for name, column in FACETS.items()]
    whole = rows.filter(_chosen(wanted, but=None)).order_by()
    total = whole.values(facet=Value(TOTAL), code=Value("")).annotate(number=Count("pk"))
    counts: dict[str, dict[str, int]] = {}
    for part in total.union(*parts, all=True):
        counts.setdefault(part["facet"], {})[part["code"]] = part["number"]
    return counts


def _count(rows: QuerySet[Technology], wanted: Wanted, name: str, column: str) -> Any:
    code: Any = Elements(F(column)) if name == "case_country" else F(column)
    others = rows.filter(_chosen(wanted, but=name)).order_by()
    return others.values(facet=Value(name), code=code).annotate(number=Count("pk"))


def _page(
    rows: QuerySet[Technology], wanted: Wanted, column: str
) -> tuple[list[Technology], Key | None, Key | None]:
    """Return a page and the keys of its neighbours; what is before a key is read backwards."""
    if wanted.before:
        rows = rows.filter(_beyond(column, wanted.before, "gt", "lt")).order_by(column, "-id")
    else:
        if wanted.after:
            rows = rows.filter(_beyond(column, wanted.after, "lt", "gt"))
        rows = rows.order_by(f"-{column}", "id")
    found = list(rows.defer("search")[: PAGE + 1])
    more, page = len(found) > PAGE, found[:PAGE]
    if wanted.before:
        page.reverse()
    there_is_next = bool(page) and (more or bool(wanted.before))
    there_is_previous = bool(page) and (bool(wanted.after) or (bool(wanted.before) and more))
    return (
        page,
        _key(page[-1], column) if there_is_next else None,
        _key(page[0], column) if there_is_previous else None,
    )


def _beyond(column: str, key: Key, first: str, second: str) -> Q:
    value, pk = key
    return Q(**{f"{column}__{first}": value}) | Q(**{column: value, f"id__{second}": pk})


def _key(row: Technology, column: str) -> Key:
    return getattr(row, column), row.pk


def write_key(key: Key) -> str:
    value, pk = key
    text = value.isoformat() if isinstance(value, dt.datetime) else str(value)
    return f"{text}_{pk}"


def read_key(text: str, order: str) -> Key:
    """Return the key an address carries; ValueError when it is none of this order."""
    value, _sign, pk = text.partition("_")
    if order == RELEVANCE:
        try:
            rank = Decimal(value)
        except InvalidOperation as error:
            raise ValueError(value) from error
        if not rank.is_finite():
            raise ValueError(value)
        return rank, uuid.UUID(pk)
    at = dt.datetime.fromisoformat(value)
    if at.tzinfo is None:
        raise ValueError(value)
    return at, uuid.UUID(pk)
