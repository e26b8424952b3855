"""Search in Chinese and Latin text at once: one vector per technology, written when published.

Han goes in as pairs of characters (``catalog.bigrams``), everything else with English stems.
Titles weigh most, then names and keywords, then the summary, then the rest.
"""

from collections.abc import Mapping
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db import connection
from django.db.models import DecimalField, F, QuerySet, Value
from django.db.models.functions import Cast

from catalog import bigrams
from catalog.models import Technology

WEIGHTS = "ABCD"
RANK = DecimalField(max_digits=9, decimal_places=6)

_UPDATE = """
    UPDATE catalog_technology
       SET search = setweight(to_tsvector('english', %s), 'A') || %s::tsvector
                 || setweight(to_tsvector('english', %s), 'B') || %s::tsvector
                 || setweight(to_tsvector('english', %s), 'C') || %s::tsvector
                 || setweight(to_tsvector('english', %s), 'D') || %s::tsvector
     WHERE id = %s
"""


class HanQuery(SearchQuery):
    """A tsquery literal, taken as it is: no parser, no configuration, no locale."""

    template = "%(expressions)s::tsquery"

    def __init__(self, literal: str) -> None:
        super().__init__(Value(literal), search_type="raw")


def index(technology: Technology, names: Mapping[str, str]) -> None:
    """Write the search vector of a technology from its record as it is public now.

    ``names`` are texts of the reference to be found by too: field, sub-category, country.
    """
    weighed = texts(technology.content, names)
    values: list[Any] = []
    for weight in WEIGHTS:
        text = "\n".join(weighed[weight])
        values += [bigrams.without_han(text), bigrams.vector(text, weight)]
    with connection.cursor() as cursor:
        cursor.execute(_UPDATE, [*values, technology.pk])


def texts(record: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, list[str]]:
    """Return what of a record can be searched, by weight."""
    by_language = list(record.get("texts", {}).values())
    holder = record.get("holder", {})
    rows = (
        str(value)
        for name in ("indicators", "costs", "cases", "property", "sources")
        for row in record.get(name, [])
        for column, value in row.items()
        if column not in {"url", "country"}
    )
    heavy = {"title", "keywords", "summary"}
    return {
        "A": list(record.get("titles", {}).values()),
        "B": [
            record["number"],
            holder.get("name_en", ""),
            holder.get("name_zh", ""),
            *(_plain(text.get("keywords")) for text in by_language),
            *names.values(),
        ],
        "C": [text.get("summary", "") for text in by_language],
        "D": [
            *(_plain(text[key]) for text in by_language for key in text if key not in heavy),
            *rows,
        ],
    }


def _plain(value: Any) -> str:
    return " ".join(map(str, value)) if isinstance(value, list) else str(value or "")


def query(asked: bigrams.Asked) -> SearchQuery | None:
    """Return what was typed as a query; None when there is no word in it."""
    if not asked:
        return None
    latin = SearchQuery(asked.latin, config="english", search_type="websearch")
    if not asked.han:
        return latin
    han = HanQuery(asked.han)
    return han & latin if asked.latin else han


def matching(rows: QuerySet[Technology], wanted: SearchQuery) -> QuerySet[Technology]:
    return rows.filter(search=wanted)


def ranked(rows: QuerySet[Technology], wanted: SearchQuery) -> QuerySet[Technology]:
    """Add ``rank``, as a decimal: it goes into the key of the next page and comes back equal."""
    return rows.annotate(rank=Cast(SearchRank(F("search"), wanted), RANK))
