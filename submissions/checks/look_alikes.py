"""How alike two texts are, in English or Chinese, and which passages they share. Pure.

A text becomes tokens: a Han character is one, a word of another script is one. Runs of tokens
are hashed and thinned out by winnowing (Schleimer, Wilkerson and Aiken, SIGMOD 2003): any passage
of at least ``SURE`` weight that two texts share is found, whatever stands around it, and what is
stored of a text is a fifth of its length.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from hashlib import blake2b

from submissions.scheme.fields import HAN

# A run is hashed once it weighs this much: five words, or eight Han characters.
RUN = 40
WORD, CHARACTER = 8, 5
WINDOW = 4  # of this many neighbouring runs the least hash is kept
SURE = RUN + (WINDOW - 1) * WORD
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
class Passage:
    """A passage two texts share, as each of them writes it."""

    mine: str
    theirs: str


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


def fingerprints(text: str) -> frozenset[int]:
    """Return the hashes that stand for a text: signed 64-bit numbers."""
    hashes = [_hash(run) for run in _runs(tokens(text))]
    if len(hashes) <= WINDOW:
        return frozenset(hashes)
    windows = range(len(hashes) - WINDOW + 1)
    return frozenset(min(hashes[at : at + WINDOW]) for at in windows)


def _runs(parts: list[Token]) -> Iterator[str]:
    """Yield from each token on the run that weighs enough; a short text is one run."""
    long_enough = False
    for start in range(len(parts)):
        weight, end = 0, start
        while end < len(parts) and weight < RUN:
            weight += parts[end].weight
            end += 1
        if weight >= RUN:
            long_enough = True
            yield " ".join(one.text for one in parts[start:end])
    if parts and not long_enough:
        yield " ".join(one.text for one in parts)


def _hash(run: str) -> int:
    return int.from_bytes(blake2b(run.encode(), digest_size=8).digest(), "big", signed=True)


def resemblance(mine: frozenset[int], theirs: frozenset[int]) -> float:
    """Return which part of the shorter text the two share, from 0 to 1."""
    shorter = min(len(mine), len(theirs))
    return len(mine & theirs) / shorter if shorter else 0.0


def passages(mine: str, theirs: str) -> list[Passage]:
    """List the passages of at least a run's weight that both texts share, the longest first."""
    ours, others = tokens(mine), tokens(theirs)
    matcher = SequenceMatcher(
        None, [one.text for one in ours], [one.text for one in others], autojunk=False
    )
    found = []
    for block in matcher.get_matching_blocks():
        shared = ours[block.a : block.a + block.size]
        if sum(one.weight for one in shared) >= RUN:
            found.append((shared, others[block.b : block.b + block.size]))
    found.sort(key=lambda pair: -sum(one.weight for one in pair[0]))
    return [Passage(_cut(mine, a), _cut(theirs, b)) for a, b in found]


def _cut(text: str, shared: list[Token]) -> str:
    return text[shared[0].start : shared[-1].end]
