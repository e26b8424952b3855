"""How alike two texts are, in English or Chinese, and which passages they share. Pure.

A text becomes tokens: a Han character is one, a word of another script is one. Runs of tokens
are hashed and thinned out by winnowing (Schleimer, Wilkerson and Aiken, SIGMOD 2003): any passage
of at least ``SURE`` weight that two texts share is found, whatever stands around it, and what is
stored of a text is about two fifths of its tokens. Neighbouring hashes of a text stand for runs
that overlap, so the hashes alone say where in a text a shared passage lies.

Measured on the 56 technologies of the demonstration (1,540 pairs, tests/submissions/checks): the
two least unlike share 11 % of the shorter text (two hashes), 1,538 pairs share nothing at all.
``SHARE`` stands at twice that. Two translations that are a title and no more never are alike:
``FEWEST`` asks for about a dozen words in common.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from submissions.scheme import Scheme
from submissions.scheme.fields import HAN, Kind

# A run is hashed once it weighs this much: five words, or eight Han characters.
RUN = 40
WORD, CHARACTER = 8, 5
WINDOW = 4  # of this many neighbouring runs the least hash is kept
SURE = RUN + (WINDOW - 1) * WORD
SHARE = 25  # per cent of the shorter text, from which on two are called alike
FEWEST = 4  # hashes in common
TITLE = "technology.title"
# What the organisation says of itself is alike in all its declarations.
OF_APPLICANT = "applicant"
TOKEN = re.compile(rf"{HAN.pattern}|[^\W_]+")


@dataclass(frozen=True, slots=True)
class Token:
    text: str
    start: int  # in the text as it was written
    end: int

    @property
    def weight(self) -> int:
        return CHARACTER if HAN.fullmatch(self.text) else WORD


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text, as it was written: shared with the other text, or not."""

    text: str
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two declarations are, in the two languages in which they are most."""

    share: int  # per cent of the shorter text
    mine: str  # language
    theirs: str
    shared: frozenset[int]


def tokens(text: str) -> list[Token]:
    """Split a text; width, case and accents make no difference."""
    return [
        Token(_plain(part), found.start() + at, found.start() + at + len(part))
        for found in TOKEN.finditer(text)
        for at, part in _parts(found.group())
    ]


def _parts(run: str) -> Iterator[tuple[int, str]]:
    """Take Han characters out of a run of letters that they stand in without a space."""
    at = 0
    for part in re.split(f"({HAN.pattern})", run):
        if part:
            yield at, part
        at += len(part)


def _plain(text: str) -> str:
    wide = unicodedata.normalize("NFKD", text).casefold()
    return "".join(one for one in wide if not unicodedata.combining(one))


def compared(scheme: Scheme) -> frozenset[str]:
    """Name the fields whose texts are compared: what is told of the technology at length."""
    places = {
        f"{section.key}.{field.key}"
        for section, field in scheme.translatable()
        if field.kind is Kind.LONG_TEXT and section.key != OF_APPLICANT
    }
    return frozenset(places | {TITLE})


def texts_of(scheme: Scheme, sections: Mapping[str, Any]) -> dict[str, str]:
    """Return the compared texts of a document by field: ``technology.summary``."""
    found = {}
    for place in compared(scheme):
        section, _dot, key = place.partition(".")
        values = sections.get(section)
        text = values.get(key) if isinstance(values, dict) else None
        if isinstance(text, str) and text:
            found[place] = text
    return found


def fingerprints(*texts: str) -> frozenset[int]:
    """Return the hashes that stand for some texts: signed 64-bit numbers."""
    return frozenset(one for text in texts for one in _thinned(_hashes(text)))


def all_hashes(texts: Iterable[str]) -> frozenset[int]:
    """Return the hashes of every run, none left out: to mark what two texts share to the word."""
    return frozenset(one for text in texts for one in _hashes(text))


def _thinned(hashes: list[int]) -> Iterable[int]:
    if len(hashes) <= WINDOW:
        return hashes
    windows = range(len(hashes) - WINDOW + 1)
    return (min(hashes[at : at + WINDOW]) for at in windows)


def _hashes(text: str) -> list[int]:
    parts = tokens(text)
    return [_hash(parts[start:end]) for start, end in _runs(parts)]


def _runs(parts: list[Token]) -> Iterator[tuple[int, int]]:
    """Yield from each token on the run that weighs enough; a short text is one run."""
    long_enough = False
    for start in range(len(parts)):
        weight, end = 0, start
        while end < len(parts) and weight < RUN:
            weight += parts[end].weight
            end += 1
        if weight < RUN:
            break
        long_enough = True
        yield start, end
    if parts and not long_enough:
        yield 0, len(parts)


def _hash(run: list[Token]) -> int:
    words = " ".join(one.text for one in run)
    return int.from_bytes(blake2b(words.encode(), digest_size=8).digest(), "big", signed=True)


def likeness(
    mine: Mapping[str, Set[int]],
    theirs: Mapping[str, Set[int]],
    *,
    counts: Mapping[str, int] | None = None,
    counted: Set[int] | None = None,
) -> Likeness | None:
    """Compare two declarations, each language of one with each of the other.

    ``counts``: how many hashes there are, where ``theirs`` are only those the two share.
    ``counted``: those that count; phrases that many use are no resemblance. None: not alike.
    """
    found = [
        Likeness(100 * len(shared) // min(len(ours), length), here, there, shared)
        for here, ours in mine.items()
        for there, others in theirs.items()
        for length in [counts[there] if counts else len(others)]
        if len(shared := _shared(ours, others, counted)) >= FEWEST
    ]
    best = max(found, key=lambda one: (one.share, len(one.shared)), default=None)
    return best if best and best.share >= SHARE else None


def _shared(ours: Set[int], others: Set[int], counted: Set[int] | None) -> frozenset[int]:
    shared = frozenset(ours & others)
    return shared if counted is None else shared & counted


def marked(text: str, theirs: Set[int]) -> list[Piece]:
    """Cut a text where what it shares begins and ends; ``theirs``: hashes of the other text."""
    parts, at = tokens(text), 0
    pieces: list[Piece] = []
    for first, last in _stretches(parts, theirs):
        start, end = parts[first].start, parts[last - 1].end
        pieces += [Piece(text[at:start]), Piece(text[start:end], shared=True)]
        at = end
    pieces.append(Piece(text[at:]))
    return [one for one in pieces if one.text]


def _stretches(parts: list[Token], theirs: Set[int]) -> list[tuple[int, int]]:
    """Join the runs that the other text has too, where they touch; a few words are none."""
    joined: list[tuple[int, int]] = []
    for start, end in _runs(parts):
        run = parts[start:end]
        if sum(one.weight for one in run) < RUN or _hash(run) not in theirs:
            continue
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def passages(texts: Iterable[str], theirs: Set[int]) -> list[str]:
    """List what the texts share with another declaration, the longest first."""
    found = [one.text for text in texts for one in marked(text, theirs) if one.shared]
    return sorted(found, key=len, reverse=True)
