"""Search in Chinese and Latin text at once: one vector per technology, written when published.

Han goes in as pairs of characters (``catalog.bigrams``), everything else in one spelling
(``catalog.latin``) with English stems.
Titles weigh most, then names and keywords, then the summary, then the rest.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from catalog import bigrams, latin

WEIGHTS = "ABCD"
VECTOR = " || ".join(
    f"setweight(to_tsvector('english', %s), '{weight}') || %s::tsvector" for weight in WEIGHTS
)
# What was asked for must be there as it was asked; the rank is that of its words one by one, for
# only so does it count in which weight each of them stands.
_ANY = "regexp_replace(({query})::text, '<(-|[0-9]+)>|&', '|', 'g')::tsquery"
# A listing nobody confirmed sinks, a tenth of its rank for each year and at most by half; by whole
# months, so that the pages of one search fit together.
_YEARS = "floor(extract(epoch FROM portal_clock() - confirmed_at) / 2629800) / 12"
_HITS = f"""
    WITH asked AS (SELECT {{query}} AS all_of, {_ANY} AS any_of),
         hits AS (
             SELECT place, round((ts_rank(search, any_of)
                    * (1 - least(0.5, greatest(0, 0.1 * {_YEARS}))))::numeric, 6)::float8 AS rank
               FROM catalog_technology, asked
              WHERE search @@ all_of AND status = 'listed'
         )
    SELECT string_agg(int4send(place), '' ORDER BY rank DESC, place DESC),
           string_agg(float8send(rank), '' ORDER BY rank DESC, place DESC)
      FROM hits
"""  # noqa: S608 -- parts of our own; what was typed goes as a parameter

_COUNT = """(
    SELECT count(*) FROM catalog_technology WHERE status = 'listed' AND search @@ ({query})
)"""


class Hits(NamedTuple):
    """What a search found: places, best first, and their ranks beside them."""

    places: NDArray[np.uint32]
    ranks: NDArray[np.float64]


NOTHING = Hits(np.zeros(0, np.uint32), np.zeros(0, np.float64))


def values(record: Mapping[str, Any], names: Iterable[str]) -> list[str]:
    """Return what ``VECTOR`` is made of: for each weight other text, and a vector of Han."""
    weighed = texts(record, names)
    made: list[str] = []
    for weight in WEIGHTS:
        text = "\n".join(weighed[weight])
        made += [latin.compared(bigrams.without_han(text)), bigrams.vector(text, weight)]
    return made


def as_json(value: Any) -> str:
    return json.dumps(value)


def texts(record: Mapping[str, Any], names: Iterable[str]) -> dict[str, list[str]]:
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
            *names,
        ],
        "C": [text.get("summary", "") for text in by_language],
        "D": [
            *(_plain(text[key]) for text in by_language for key in text if key not in heavy),
            *rows,
        ],
    }


def _plain(value: Any) -> str:
    return " ".join(map(str, value)) if isinstance(value, list) else str(value or "")


def hits(asked: bigrams.Asked) -> Hits:
    """Return all that is listed and holds what was typed, best first; one query."""
    if not asked:
        return NOTHING
    query, given = in_sql(asked)
    with connection.cursor() as cursor:
        cursor.execute(_HITS.format(query=query), [*given, *given])
        places, ranks = cursor.fetchone()
    if places is None:
        return NOTHING
    return Hits(
        np.frombuffer(places, ">u4").astype(np.uint32),
        np.frombuffer(ranks, ">f8").astype(np.float64),
    )


def in_sql(asked: bigrams.Asked) -> tuple[str, list[str]]:
    """Return the tsquery of what was typed and its parameters; the Han is a literal of ours."""
    halves = []
    if asked.han:
        halves.append(("%s::tsquery", asked.han))
    if asked.latin:
        typed = latin.compared(asked.latin)
        halves.append(("websearch_to_tsquery('english', %s)", typed))
    return " && ".join(sql for sql, _given in halves), [given for _sql, given in halves]


def counts(asked: list[bigrams.Asked]) -> list[int]:
    """Return how many listed technologies hold each of what is asked; one query."""
    if not asked or not all(asked):
        return [0] * len(asked)
    queries = [in_sql(one) for one in asked]
    parts = ", ".join(_COUNT.format(query=query) for query, _given in queries)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {parts}", [value for _query, given in queries for value in given])
        return list(cursor.fetchone())


def count(asked: bigrams.Asked) -> int:
    return counts([asked])[0]
