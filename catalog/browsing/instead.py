"""Nothing was found: what may have been meant, and where to look instead."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from catalog import bigrams, latin
from catalog.browsing import search, words
from catalog.browsing.held import Held
from catalog.vocabulary import Vocabulary

MOST_WORDS = 8  # of a question that are put right
MOST_RUNS = 2  # of Han that are parted; each is some ten searches
LONG = 4  # Han that may be two words
SHOWN = 5  # sub-categories
_LATIN = re.compile(rf"[^\W\d_{bigrams.HAN}]{{4,60}}")


@dataclass(frozen=True, slots=True)
class Instead:
    """Another way to ask that finds something; and sub-categories whose names are near."""

    text: str = ""
    subcategories: tuple[str, ...] = ()


def of(text: str, held: Held, names: Vocabulary) -> Instead:
    """Return what to look for instead of ``text``, which found nothing."""
    meant = _meant(text)
    near = _near(meant or text, names)
    there = held.traits.get("subcategory", {})
    return Instead(meant, tuple(code for code in near if code in there)[:SHOWN])


def _meant(text: str) -> str:
    """Return the text without hyphens, put right, or with long Chinese parted, if that finds."""
    typed = bigrams.normal(text)
    tried = {typed}
    for way in _ways(typed):
        if way not in tried and search.count(bigrams.asked(way)):
            return way
        tried.add(way)
    return ""


def _ways(typed: str) -> Iterator[str]:
    """Yield other ways to ask, the nearest first; none is made before it is its turn."""
    yield latin.closed_up(typed)
    corrected = _corrected(typed)
    yield corrected
    yield _in_parts(corrected)


def _corrected(text: str) -> str:
    asked = [word.lower() for word in _LATIN.findall(text)[:MOST_WORDS]]
    meant = words.meant_by(asked)
    return _LATIN.sub(lambda find: meant.get(find[0].lower(), find[0]), text)


def _in_parts(text: str) -> str:
    """Part the first long runs of Han where most technologies hold both halves; one query."""
    found = dict.fromkeys(bigrams.RUN.findall(text))
    runs = [run for run in found if len(run) >= LONG][:MOST_RUNS]
    ways = [
        (run, f"{run[:place]} {run[place:]}")
        for run in runs
        for place in range(2, min(len(run) - 1, 12))
    ]
    counts = search.counts([bigrams.asked(way) for _run, way in ways])
    best: dict[str, tuple[int, str]] = {}
    for number, (run, way) in zip(counts, ways, strict=True):
        if number:
            best[run] = max(best.get(run, (0, "")), (number, way))
    return bigrams.RUN.sub(lambda run: best[run[0]][1] if run[0] in best else run[0], text)


def _near(text: str, names: Vocabulary) -> list[str]:
    """Return the sub-categories whose names share words or pairs of characters with the text."""
    asked = _signs(text)
    scores: dict[str, int] = {}
    for code, named in names.reference.subcategories.items():
        shared = len(asked & _signs(" ".join(named.values())))
        if shared:
            scores[code] = shared
    return sorted(scores, key=lambda code: (-scores[code], code))


def _signs(text: str) -> set[str]:
    """Return the beginnings of the Latin words of a text, and its pairs of Han."""
    plain = bigrams.normal(text).lower()
    runs = bigrams.RUN.findall(plain)
    return {word[:5] for word in _LATIN.findall(bigrams.without_han(plain))} | {
        pair for run in runs for pair in bigrams.pairs(run) if len(pair) > 1
    }
