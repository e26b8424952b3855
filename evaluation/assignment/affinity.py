"""How well an expert fits a declaration, from 0 to 1, as terms that can be shown. numpy only.

Four terms, each from 0 (nothing in common) to 1:

    taxonomy   the sub-category of the declaration is one of the expert's: 1; only its field: 0.5
    keywords   share of the declaration's keywords that the expert knows, rare ones weighing more
    language   the expert reads the declaration's language: 1, else 0
    past       work in the sub-category: 0, 1, 2 ... pieces count 0, 0.39, 0.61 ... 1 from five on;
               work elsewhere in the field counts half as much

Affinity is their weighted mean. Keywords are compared in parts: words of Latin scripts, pairs of
neighbouring characters of Chinese, both after folding of width (NFKC) and case, so that 污水处理
and 污水处理技术 know each other. A part weighs log(1 + E / experts who name it) (inverse document
frequency, Spärck Jones 1972).
"""

import math
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from evaluation.assignment.candidates import parts
from evaluation.assignment.problem import Bools

Matrix = NDArray[np.float32]

TERMS = ("taxonomy", "keywords", "language", "past")
ENOUGH_PAST = 5
SAME_FIELD = 0.5
_RUNS = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+|[^\W_\u3400-\u9fff\uf900-\ufaff]+")
_CHINESE = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")


@dataclass(frozen=True, slots=True)
class Topic:
    """What a declaration is about. field and sub_category are codes, "" where unknown."""

    field: str
    sub_category: str
    keywords: Sequence[str] = ()
    languages: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Profile:
    """What an expert knows. past: pieces of work by sub-category and by field (codes)."""

    fields: frozenset[str]
    sub_categories: frozenset[str]
    keywords: Sequence[str] = ()
    languages: frozenset[str] = frozenset()
    past: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Weights:
    """What the terms weigh; only the ratio counts."""

    taxonomy: float = 4
    keywords: float = 3
    language: float = 1
    past: float = 2


@dataclass(frozen=True, slots=True)
class Term:
    """One term of one pair: its value from 0 to 1 and its weight as a share of all."""

    name: str
    value: float
    share: float


@dataclass(frozen=True, slots=True, eq=False)
class Affinity:
    """values: (D, E) in [0, 1]; terms: by name, (D, E) each."""

    values: Matrix
    terms: dict[str, Matrix]
    weights: Weights

    def of(self, row: int, column: int) -> tuple[Term, ...]:
        """Return the terms of a pair; value times share add up to its affinity."""
        whole = _whole(self.weights)
        return tuple(
            Term(name, float(self.terms[name][row, column]), getattr(self.weights, name) / whole)
            for name in TERMS
        )


def affinity(
    topics: Sequence[Topic], profiles: Sequence[Profile], weights: Weights | None = None
) -> Affinity:
    """Return the affinity of D topics and E profiles."""
    chosen = weights or Weights()
    terms = {
        "taxonomy": taxonomy(topics, profiles),
        "keywords": keywords(topics, profiles),
        "language": _overlap(
            [one.languages for one in topics], [one.languages for one in profiles]
        ),
        "past": past(topics, profiles),
    }
    whole = _whole(chosen)
    values = np.zeros((len(topics), len(profiles)), np.float32)
    for name, term in terms.items():
        values += np.float32(getattr(chosen, name) / whole) * term
    return Affinity(values.clip(0, 1), terms, chosen)


def specialists(topics: Sequence[Topic], profiles: Sequence[Profile]) -> Bools:
    """Return (D, E): whether the expert is of the declaration's sub-field."""
    found = _overlap(
        [frozenset({one.sub_category} - {""}) for one in topics],
        [one.sub_categories for one in profiles],
    )
    return found > 0


def taxonomy(topics: Sequence[Topic], profiles: Sequence[Profile]) -> Matrix:
    """Return (D, E) in {0, 0.5, 1}."""
    in_field = _overlap(
        [frozenset({one.field} - {""}) for one in topics], [one.fields for one in profiles]
    )
    inside = specialists(topics, profiles).astype(np.float32)
    found: Matrix = np.maximum(inside, np.float32(SAME_FIELD) * in_field)
    return found


def past(topics: Sequence[Topic], profiles: Sequence[Profile]) -> Matrix:
    """Return (D, E): work in the sub-category, or half of that in the field, up to five pieces."""

    def counts(codes: Sequence[str]) -> Matrix:
        names = {code: place for place, code in enumerate(sorted(set(codes)))}
        table = np.zeros((len(names), len(profiles)), np.float32)
        for column, one in enumerate(profiles):
            for code, number in one.past.items():
                if code and code in names:
                    table[names[code], column] = number
        grown = np.log1p(table.clip(0, ENOUGH_PAST)) / np.float32(math.log1p(ENOUGH_PAST))
        found: Matrix = grown[[names[code] for code in codes]].astype(np.float32)
        return found

    inside = counts([one.sub_category for one in topics])
    around = counts([one.field for one in topics])
    found: Matrix = np.maximum(inside, np.float32(SAME_FIELD) * around)
    return found.reshape(len(topics), len(profiles))


def keywords(topics: Sequence[Topic], profiles: Sequence[Profile]) -> Matrix:
    """Return (D, E): the share of the parts of a declaration's keywords that the expert has."""
    known = [features(one.keywords) for one in profiles]
    names = {part: place for place, part in enumerate(sorted(frozenset().union(*known)))}
    has = np.zeros((len(names), len(profiles)), np.float32)
    for column, some in enumerate(known):
        has[[names[part] for part in some], column] = 1
    idf = np.log1p(len(profiles) / np.maximum(1, has.sum(axis=1)))
    unknown = math.log1p(len(profiles)) if profiles else 1.0  # what nobody names is the rarest
    found = np.zeros((len(topics), len(profiles)), np.float32)
    for some_rows in parts(len(topics), max(1, len(names))):
        asked = [features(one.keywords) for one in topics[some_rows]]
        weights = np.zeros((len(asked), len(names)), np.float32)
        whole = np.full(len(asked), 1e-9)
        for row, some in enumerate(asked):
            places = [names[part] for part in some if part in names]
            weights[row, places] = idf[places]
            whole[row] += idf[places].sum() + unknown * (len(some) - len(places))
        found[some_rows] = (weights @ has) / whole[:, None]
    return found.clip(0, 1)


def features(words: Iterable[str]) -> frozenset[str]:
    """Return the folded parts of keywords: Latin words, and pairs of Chinese characters."""
    found: set[str] = set()
    for word in words:
        for run in _RUNS.findall(folded(word)):
            if _CHINESE.match(run) and len(run) > 1:
                found.update(run[place : place + 2] for place in range(len(run) - 1))
            else:
                found.add(run)
    return frozenset(found)


def shared(topic: Topic, profile: Profile) -> tuple[str, ...]:
    """Return the keywords of the declaration, as written, that the expert knows in part."""
    known = features(profile.keywords)
    return tuple(word for word in topic.keywords if features([word]) & known)


def folded(word: str) -> str:
    return unicodedata.normalize("NFKC", word).casefold().strip()


def _overlap(topics: Sequence[frozenset[str]], profiles: Sequence[frozenset[str]]) -> Matrix:
    """Return (D, E): 1 where the two sets share a code, else 0."""
    names = {code: place for place, code in enumerate(sorted(frozenset().union(*topics)))}
    left, right = _marks(topics, names), _marks(profiles, names)
    return (left @ right.T > 0).astype(np.float32)


def _marks(sets: Sequence[frozenset[str]], names: dict[str, int]) -> Matrix:
    found = np.zeros((len(sets), len(names)), np.float32)
    for row, some in enumerate(sets):
        found[row, [names[code] for code in some if code in names]] = 1
    return found


def _whole(weights: Weights) -> float:
    return weights.taxonomy + weights.keywords + weights.language + weights.past
