"""Marking what was found, in the original text.

PostgreSQL would mark its own pairs of characters, so it is done here: Han as typed, Latin words
by their beginning, since the index knows them by their stems, in any spelling.
"""

import re
from collections.abc import Iterator, Sequence

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from catalog import bigrams, latin

SHORTEST = 3  # letters a stem keeps at least
ENDINGS = re.compile(r"(?:ations?|ating|ates?|ions?|ings?|ers?|ies|ed|es|s|y|e)$", re.IGNORECASE)
_SIGN = re.compile("(?s:.)[\u0300-\u036f\u3099\u309a]*")  # with the accents put upon it
SNIPPET = 220  # characters
BEFORE = 60  # of them before the first find


def pattern(typed: str) -> re.Pattern[str] | None:
    """Return what to mark of ``typed``; None when there is nothing."""
    plain = bigrams.normal(typed)
    parts = [re.escape(run) for minus, run in bigrams.ASKED.findall(plain) if not minus]
    for word in re.findall(r"(?<!\S)(-?)[\"(]?([^\W_](?:[\w.-]*\w)?)", bigrams.asked(plain).latin):
        if not word[0] and word[1].upper() != "OR":
            parts.append(_beginning(word[1]))
    return re.compile("|".join(parts), re.IGNORECASE) if parts else None


def _beginning(word: str) -> str:
    """Return a pattern of the words that begin like this one; a short one stands for itself."""
    stem = ENDINGS.sub("", word)
    if len(stem) < SHORTEST:
        return rf"\b{latin.any_spelling(re.escape(word))}\b"
    return rf"\b{latin.any_spelling(re.escape(stem))}[\w-]*"


def mark(text: str, wanted: re.Pattern[str] | None) -> SafeString:
    """Return ``text`` escaped, with every find in a <mark>."""
    if wanted is None:
        return conditional_escape(text)
    pieces: list[str] = []
    end = 0
    for start, stop in _finds(text, wanted):
        pieces += [
            conditional_escape(text[end:start]),
            "<mark>",
            conditional_escape(text[start:stop]),
            "</mark>",
        ]
        end = stop
    return mark_safe("".join([*pieces, conditional_escape(text[end:])]))  # noqa: S308 -- escaped above


def snippet(text: str, wanted: re.Pattern[str] | None) -> SafeString:
    """Return the part of ``text`` around the first find, marked; else its beginning."""
    first, stop = next(_finds(text, wanted), (0, 0)) if wanted else (0, 0)
    start = max(0, first - BEFORE) if stop > SNIPPET else 0
    part = text[start : start + SNIPPET]
    before = "…" if start else ""
    after = "…" if start + SNIPPET < len(text) else ""
    return mark(f"{before}{part}{after}", wanted)


def _finds(text: str, wanted: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """Yield where finds begin and end in ``text``, looked for in it as it is compared (NFKC)."""
    plain, places = _compared(text)
    end = 0
    for find in wanted.finditer(plain):
        start, stop = max(end, places[find.start()][0]), places[find.end() - 1][1]
        if start < stop:
            yield start, stop
            end = stop


def _compared(text: str) -> tuple[str, Sequence[tuple[int, int]]]:
    """Return a text as it is compared, and where each sign of that stands in it: from, to."""
    if bigrams.is_normal(text):
        return text, [(place, place + 1) for place in range(len(text))]
    plain: list[str] = []
    places: list[tuple[int, int]] = []
    for one in _SIGN.finditer(text):
        compared = bigrams.normal(one[0])
        plain.append(compared)
        places += [one.span()] * len(compared)
    return "".join(plain), places
