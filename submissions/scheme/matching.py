"""Rows of a table before and after, laid together by how alike they are. Pure.

Rows have no name of their own. Equal rows are the same row; of the others the most alike are
taken for one that was changed, and what is like nothing was removed or added.
"""

from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rapidfuzz import fuzz
from rapidfuzz.distance import LCSseq

from submissions.scheme.differences import plain
from submissions.scheme.fields import TEXTS, FieldSpec

ALIKE = 0.5  # from here on two rows are one that was changed
MOST_PAIRS = 10_000  # that are weighed; of more only neighbours are looked at
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Pair:
    """A row: where it stood and where it stands, counted from 0; None: not there."""

    was: int | None
    now: int | None
    is_moved: bool = False


def pairs(fields: Sequence[FieldSpec], before: Sequence[Row], after: Sequence[Row]) -> list[Pair]:
    """Lay the rows together, in the order in which they stand now."""
    old, new = ([_values(fields, row) for row in rows] for rows in (before, after))
    was_of = _equal(old, new)
    _add_alike(fields, old, new, was_of)
    kept = [was for now in range(len(new)) if (was := was_of.get(now)) is not None]
    stayed = {
        one
        for code in LCSseq.opcodes(sorted(kept), kept)
        if code.tag == "equal"
        for one in kept[code.dest_start : code.dest_end]
    }
    found = [_pair(was_of.get(now), now, stayed) for now in range(len(new))]
    for was in sorted(set(range(len(old))) - set(kept)):
        _put_in(found, Pair(was, None))
    return found


def _pair(was: int | None, now: int, stayed: set[int]) -> Pair:
    return Pair(was, now, is_moved=was is not None and was not in stayed)


def _put_in(found: list[Pair], removed: Pair) -> None:
    """Put a row that is gone where it stood: before the first that stood after it."""
    for at, one in enumerate(found):
        if one.was is not None and not one.is_moved and one.was > (removed.was or 0):
            found.insert(at, removed)
            return
    found.append(removed)


def _values(fields: Sequence[FieldSpec], row: Any) -> Row:
    row = row if isinstance(row, dict) else {}
    found = {field.key: plain(field, row.get(field.key)) for field in fields}
    return {key: value for key, value in found.items() if value is not None}


def _equal(old: list[Row], new: list[Row]) -> dict[int, int]:
    """Match equal rows, the first with the first."""
    places: dict[str, deque[int]] = defaultdict(deque)
    for was, row in enumerate(old):
        places[repr(sorted(row.items()))].append(was)
    return {
        now: waiting.popleft()
        for now, row in enumerate(new)
        if (waiting := places.get(repr(sorted(row.items()))))
    }


def _add_alike(
    fields: Sequence[FieldSpec], old: list[Row], new: list[Row], was_of: dict[int, int]
) -> None:
    taken = set(was_of.values())
    left = [was for was in range(len(old)) if was not in taken]
    right = [now for now in range(len(new)) if now not in was_of]
    few = len(left) * len(right) <= MOST_PAIRS
    weighed = [
        (-likeness(fields, old[was], new[now]), abs(was - now), was, now)
        for was in left
        for now in right
        if few or was == now
    ]
    for negative, _distance, was, now in sorted(weighed):
        if -negative >= ALIKE and was not in taken and now not in was_of:
            taken.add(was)
            was_of[now] = was


def likeness(fields: Sequence[FieldSpec], old: Row, new: Row) -> float:
    """Return which part of two rows is the same, from 0 to 1; the first field names a row."""
    total = same = 0.0
    for number, field in enumerate(fields):
        mine, its = old.get(field.key), new.get(field.key)
        if mine is None and its is None:
            continue
        weight = 1 if number else 2
        total += weight
        same += weight * _alike(field, mine, its)
    return same / total if total else 1.0


def _alike(field: FieldSpec, mine: Any, its: Any) -> float:
    if mine == its:
        return 1.0
    if field.kind not in TEXTS or not isinstance(mine, str) or not isinstance(its, str):
        return 0.0
    # Any two texts share half their letters: only what they share beyond it counts.
    return max(0.0, fuzz.ratio(mine, its) / 50 - 1)
