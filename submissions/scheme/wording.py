"""Two wordings of one text laid together, word by word; Han text character by character. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz.distance import LCSseq

from submissions.scheme.fields import HAN

# A Han character, a mark, or a run of anything else between spaces: words of every script keep
# their accents and vowel signs. The space before belongs to it, so that spaces alone match nothing.
_MARKS = (
    "!-/:-@[-`{-~\u00a1-\u00bf\u2010-\u2027\u2030-\u205e\u3000-\u3004\u3008-\u3020\uff00-\uff65"
)
_TOKEN = re.compile(
    rf"\s*(?:{HAN.pattern}|\d+(?:[.,]\d+)*|[{_MARKS}]|(?:(?!{HAN.pattern})[^\s{_MARKS}])+)|\s+"
)
_SAYS = re.compile(r"[^\W_]")
FEW = 2  # words that stand alone between two changes are read as part of them
LEAST_SHARE = 4  # below one part in so many both wordings are shown whole
LONGEST_KEPT = 400  # characters; of a longer passage that stayed only the ends are shown
END = 150
# Of tokens laid against each other, a bit for each pair: 25 MB. Two texts of 1500 words are a
# fiftieth of it.
MOST_PAIRS = 2 * 10**8


class Verb(StrEnum):
    KEPT = "kept"
    REMOVED = "removed"
    ADDED = "added"
    LEFT_OUT = "left_out"  # kept too, and too long to be shown


@dataclass(frozen=True, slots=True)
class Segment:
    verb: Verb
    text: str


@dataclass(slots=True)
class _Run:
    """Neighbouring tokens: those of the text before, those after; equal when nothing changed."""

    before: list[str]
    after: list[str]
    is_equal: bool


def segments(before: str, after: str) -> tuple[Segment, ...]:
    """Return what was kept, removed and added, in the order of reading."""
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    runs = _joined(_runs(old, new))
    kept = sum(len(run.before) for run in runs if run.is_equal)
    if kept * LEAST_SHARE < max(len(old), len(new)):
        runs = [_Run(old, new, is_equal=False)]
    return tuple(one for run in runs for one in _segments(run) if one.text)


def folded(parts: tuple[Segment, ...]) -> tuple[Segment, ...]:
    """Leave out the middle of long passages that were kept: what changed is what is read."""
    return tuple(part for one in parts for part in _folded(one))


def _folded(one: Segment) -> tuple[Segment, ...]:
    if one.verb is not Verb.KEPT or len(one.text) <= LONGEST_KEPT:
        return (one,)
    middle = Segment(Verb.LEFT_OUT, one.text[END:-END])
    return Segment(Verb.KEPT, one.text[:END]), middle, Segment(Verb.KEPT, one.text[-END:])


def _runs(old: list[str], new: list[str]) -> Iterator[_Run]:
    if len(old) * len(new) > MOST_PAIRS:
        yield from _of_long_texts(old, new)
        return
    for code in LCSseq.opcodes(old, new):
        before, after = old[code.src_start : code.src_end], new[code.dest_start : code.dest_end]
        yield _Run(before, after, is_equal=code.tag == "equal")


def _of_long_texts(old: list[str], new: list[str]) -> Iterator[_Run]:
    """Take off what is alike at both ends; what lies between is one change if it is long still."""
    head = _alike(old, new)
    tail = _alike(old[head:][::-1], new[head:][::-1])
    before, after = old[head : len(old) - tail], new[head : len(new) - tail]
    if head:
        yield _Run(old[:head], new[:head], is_equal=True)
    if len(before) * len(after) > MOST_PAIRS:
        yield _Run(before, after, is_equal=False)
    else:
        yield from _runs(before, after)
    if tail:
        yield _Run(old[len(old) - tail :], new[len(new) - tail :], is_equal=True)


def _alike(old: list[str], new: list[str]) -> int:
    pairs = enumerate(zip(old, new, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(old), len(new)))


def _joined(runs: Iterator[_Run]) -> list[_Run]:
    """Put neighbouring changes together, and the few words that stand lost between two of them."""
    joined: list[_Run] = []
    for run in runs:
        if run.is_equal:
            joined.append(run)
            continue
        if len(joined) > 1 and joined[-1].is_equal and _says_little(joined[-1]):
            lost = joined.pop()
            joined[-1].before += lost.before
            joined[-1].after += lost.after
        if joined and not joined[-1].is_equal:
            joined[-1].before += run.before
            joined[-1].after += run.after
        else:
            joined.append(run)
    return joined


def _says_little(run: _Run) -> bool:
    return sum(1 for token in run.before if _SAYS.search(token)) < FEW


def _segments(run: _Run) -> Iterator[Segment]:
    if run.is_equal:
        yield Segment(Verb.KEPT, "".join(run.before))
        return
    yield Segment(Verb.REMOVED, "".join(run.before))
    yield Segment(Verb.ADDED, "".join(run.after))
