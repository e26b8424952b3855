"""Better by exchanges: rules mended, the worst-served raised, loads as they were.

Each round looks at all exchanges of one declaration at once (``Seating.exchanges``) and carries out
the best, so that a round costs some tenths of a millisecond at 1,000 × 150 × 5.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from evaluation.assignment.candidates import best
from evaluation.assignment.problem import POINTS, Ints
from evaluation.assignment.seating import Seating

Go = Callable[[], None]  # called between rounds; raises to cancel

MOST_ROUNDS = 2_000
FIRST_LOOK = 48
FIRST_EXPERTS = 128  # looked at before all others, where there are many more
MOST_STUCK = 10
MOST_POLISHED = 100


@dataclass(frozen=True, slots=True)
class Move:
    """An exchange (``seat`` given) or a replacement by ``coming``; order: better is greater."""

    breaks: int
    level: int
    gain: int
    leaving: int
    coming: int
    seat: int

    @property
    def rank(self) -> tuple[int, int, int]:
        return -self.breaks, self.level, self.gain


@dataclass(frozen=True, slots=True)
class Aim:
    """Moves wanted: to a level above ``above``, counted to ``target``; more gain than ``gain``.

    experts: how many of the best of a declaration to think of (all where None).
    """

    above: int
    target: int
    experts: int | None = None
    gain: int = -2 * POINTS


def best_move(seating: Seating, row: int, aim: Aim) -> Move | None:
    """Return the best way to the aim that breaks no rule more than now.

    The level is what both declarations reach at least (points per seat, counted up to ``target``);
    between equal levels the total decides.
    """
    found = None
    for leaving in seating.leaving(row):
        for move in (
            _best_exchange(seating, row, leaving, aim),
            _best_replacement(seating, row, leaving, aim),
        ):
            if move and (found is None or move.rank > found.rank):
                found = move
    return found


def _best_exchange(seating: Seating, row: int, leaving: int, aim: Aim) -> Move | None:
    seats = np.maximum(1, seating.problem.seats)
    # What lifts the row itself above the mark, whatever it does to the others.
    least = (aim.above + 1) * int(seats[row]) - int(seating.total[row])
    some = seating.exchanges(row, leaving, max(least, -POINTS), aim.experts)
    gain = some.gain + some.other_gain
    places = np.flatnonzero(gain > aim.gain)
    others = seating.rows[some.seats[places]]
    own = (seating.total[row] + some.gain[places]) // seats[row]
    other = (seating.total[others] + some.other_gain[places]) // seats[others]
    level = np.minimum(np.minimum(own, other), aim.target)
    hopeful = level > aim.above
    places, level, gain = places[hopeful], level[hopeful], gain[places[hopeful]]
    for first in _best_first(_ranks(level, gain)):
        fine = seating.breaks_of(row, leaving, some.seats[places[first]]) <= 0
        if fine.any():
            top = int(first[fine.argmax()])
            seat = int(some.seats[places[top]])
            coming = int(seating.columns[seat])
            return Move(0, int(level[top]), int(gain[top]), leaving, coming, seat)
    return None


def _ranks(level: Ints, gain: Ints) -> Ints:
    """Return numbers that order by level first, then by gain (below 2^22 points either way)."""
    return level * 2**23 + gain


def _best_first(ranks: Ints) -> Iterator[Ints]:
    """Yield places from the best down, first a few, then all: rules take long to look at."""
    if len(ranks) > FIRST_LOOK:
        first = np.flatnonzero(best(ranks[None, :], FIRST_LOOK)[0])
        yield first[np.argsort(-ranks[first], kind="stable")]
    yield np.argsort(-ranks, kind="stable")


def _best_replacement(seating: Seating, row: int, leaving: int, aim: Aim) -> Move | None:
    """Return the best expert to take over who has less to do, so that loads stay as even."""
    may = seating.open[row] & (seating.load < seating.load[leaving])
    may &= seating.load < seating.problem.caps
    if not may.any():
        return None
    coming = np.flatnonzero(may & (seating.breaks(row, leaving) <= 0))
    gain = seating.points[row, coming].astype(np.int64) - int(seating.points[row, leaving])
    level = (seating.total[row] + gain) // max(1, int(seating.problem.seats[row]))
    ranks = _ranks(np.minimum(level, aim.target), gain)
    for place in np.argsort(-ranks, kind="stable")[:1]:
        if level[place] > aim.above and gain[place] > aim.gain:
            reached = min(int(level[place]), aim.target)
            return Move(0, reached, int(gain[place]), leaving, int(coming[place]), -1)
    return None


def mending_move(seating: Seating, row: int) -> Move | None:
    """Return the move that breaks fewest rules in all, and of those the one that costs least."""
    found = None
    for leaving in seating.leaving(row):
        some = seating.exchanges(row, leaving)
        breaks = seating.breaks_of(row, leaving, some.seats)
        gain = some.gain + some.other_gain
        for place in np.lexsort((-gain, breaks))[:1]:
            seat = int(some.seats[place])
            coming = int(seating.columns[seat])
            move = Move(int(breaks[place]), 0, int(gain[place]), leaving, coming, seat)
            if move.breaks < 0 and (found is None or move.rank > found.rank):
                found = move
    return found


def carry_out(seating: Seating, row: int, move: Move) -> None:
    if move.seat < 0:
        seating.replace(row, move.leaving, move.coming)
    else:
        seating.exchange(row, move.leaving, move.seat)


def mend(seating: Seating, go: Go) -> Ints:
    """Exchange until no single exchange mends a rule; return the rows where one stays broken."""
    stuck: set[int] = set()
    for _round in range(MOST_ROUNDS):
        rows = [row for row in np.flatnonzero(seating.broken() > 0) if row not in stuck]
        if not rows:
            break
        go()
        row = int(rows[0])
        move = mending_move(seating, row)
        if move is None:
            stuck.add(row)
        else:
            carry_out(seating, row, move)
    return np.flatnonzero(seating.broken() > 0)


def raise_worst(seating: Seating, ceiling: int, go: Go) -> set[int]:
    """Exchange until the worst-served reaches the ceiling or no single exchange raises it.

    Where it is stuck, the next worst are raised as long as nobody falls as low; where one of those
    moved, another look is taken at what was stuck. Return the rows that gave or took.
    """
    touched: set[int] = set()
    stuck: list[int] = []
    moved = False
    for _round in range(MOST_ROUNDS if len(seating.total) else 0):
        served = seating.served
        served[stuck] = POINTS
        row = int(served.argmin())
        if served[row] >= ceiling or len(stuck) > MOST_STUCK:
            if not (stuck and moved):
                break
            stuck, moved = [], False
            continue
        go()
        some = Aim(int(served[row]), ceiling, FIRST_EXPERTS)
        move = best_move(seating, row, some) or best_move(seating, row, replace(some, experts=None))
        if move is None:
            stuck.append(row)
            continue
        moved = bool(stuck)
        touched |= {row} if move.seat < 0 else {row, int(seating.rows[move.seat])}
        carry_out(seating, row, move)
    return touched


def polish(seating: Seating, rows: Iterable[int], go: Go) -> None:
    """Exchange for a larger total at these rows, none falling below the worst-served.

    What the draw decided between near-equals stays.
    """
    floor = int(seating.served.min(initial=POINTS))
    near = round(2 * seating.problem.rules.epsilon * POINTS)  # two pairs change
    aim = Aim(floor - 1, floor, FIRST_EXPERTS, near)
    waiting = list(rows)
    for _round in range(MOST_POLISHED):
        if not waiting:
            break
        go()
        row = waiting.pop(0)
        move = best_move(seating, row, aim)
        if move is not None:
            carry_out(seating, row, move)
            waiting.append(row)
