"""Nothing was found: what may have been meant, and where to look instead."""

import re
from dataclasses import dataclass

from catalog import bigrams, latin
from catalog.browsing import search, words
from catalog.browsing.held import Held
from catalog.vocabulary import Vocabulary

MOST_WORDS = 8  # of a question, looked at one by one
LONG = 4  # Han that may be two words
SHOWN = 5  # sub-categories
_LATIN = re.compile(r"[^\W\d_]{4,60}")


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
    tried = 0

    def right(find: re.Match[str]) -> str:
        nonlocal tried
        tried += 1
        return (words.meant_by(find[0].lower()) if tried <= MOST_WORDS else "") or find[0]

    corrected = _LATIN.sub(right, typed)
    ways = [latin.closed_up(typed), corrected, _in_parts(corrected)]
    for candidate in dict.fromkeys(ways):
        if candidate != typed and search.count(bigrams.asked(candidate)):
            return candidate
    return ""


def _in_parts(text: str) -> str:
    """Part each long run of Han where most technologies hold both halves."""
    return bigrams.RUN.sub(lambda run: _parted(run[0]), text)


def _parted(run: str) -> str:
    if len(run) < LONG:
        return run
    places = range(2, min(len(run) - 1, 12))
    ways = [f"{run[:place]} {run[place:]}" for place in places]
    counts = search.counts([bigrams.asked(way) for way in ways])
    best = max(zip(counts, ways, strict=True), default=(0, run))
    return best[1] if best[0] else run


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
