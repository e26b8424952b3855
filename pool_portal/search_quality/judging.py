"""Who answers a question how well: a rule that a person can follow with the record before them.

An entry answers a *concept* with

- 3 when that is what the entry is about (a process, water or pollutant of its subject),
- 2 when it also serves it,
- 1 when a name of it stands anywhere in its texts,
- 0 otherwise.

It answers a *figure* with 3 when it states the value in this unit; a *country* with 3 when its
holder is there; a *holder* or an *entry* with 3 when it is that one. What asks for several things
is answered as well as the one that is answered worst. Nothing here asks the search, and nothing
depends on the language in which an entry is written.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from pool_portal.search_quality.corpus import Entry, concepts, read

ABOUT, ALSO, NAMED = 3, 2, 1


@dataclass(frozen=True)
class Query:
    """A judged question. What is empty is not asked for."""

    kind: str
    text: str
    about: tuple[str, ...] = ()
    figure: tuple[str, ...] = ()  # value and unit
    country: str = ""
    holder: str = ""  # its English name
    entry: str = ""

    def grade(self, one: Entry) -> int:
        """Return how well ``one`` answers, from 0 to 3."""
        return min(self._answers(one), default=0)

    def _answers(self, one: Entry) -> Iterator[int]:
        holder = one.record["holder"]
        yield from (answer(one, code) for code in self.about)
        if self.figure:
            yield ABOUT if states(one, *self.figure) else 0
        if self.country:
            yield ABOUT if holder["country"] == self.country else 0
        if self.holder:
            yield ABOUT if holder["name_en"] == self.holder else 0
        if self.entry:
            yield ABOUT if one.key == self.entry else 0


def queries() -> list[Query]:
    return [_query(row) for row in read("queries.json")]


def _query(row: dict[str, Any]) -> Query:
    told: dict[str, Any] = {
        key: tuple(one) if isinstance(one, list) else one for key, one in row.items()
    }
    return Query(**told)


def answer(one: Entry, code: str) -> int:
    """Return how well an entry answers a concept, from 0 to 3."""
    if code in one.about:
        return ABOUT
    if code in one.also:
        return ALSO
    return NAMED if _pattern(code).search(_plain(" ".join(texts_of(one.record)))) else 0


def states(one: Entry, value: str, unit: str) -> bool:
    """Return whether an entry states a figure, in a row or in words, with commas or without."""
    text = re.sub(r"(?<=\d),(?=\d{3})", "", _plain(" ".join(texts_of(one.record))))
    return f" {_plain(value)} {_plain(unit)}" in re.sub(r"[\s(]+", " ", f" {text} ")


def texts_of(value: Any) -> Iterator[str]:
    """Return all that is written in a record, in its order."""
    if isinstance(value, dict):
        for one in value.values():
            yield from texts_of(one)
    elif isinstance(value, list):
        for one in value:
            yield from texts_of(one)
    elif value is not None:
        yield str(value)


@cache
def _pattern(code: str) -> re.Pattern[str]:
    concept = concepts()[code]
    latin = [*concept["en"], *filter(None, [concept.get("formula")])]
    words = [rf"(?<![\w-]){re.escape(_plain(name))}(?![a-rt-z\d])" for name in latin]
    return re.compile("|".join([*words, *map(re.escape, concept["zh"])]))


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower()
