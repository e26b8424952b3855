"""Who sits where, what each rule counts, and what exchanging two seats would change.

The plan while it is worked on, and the ground of every "why not": numpy only. A seat is a pair
(declaration, expert). An exchange gives expert k, who sits at declaration r, to declaration i, and
expert j of declaration i to r: all loads stay as they are.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evaluation.assignment.problem import POINTS, Ints, Problem


@dataclass(frozen=True, slots=True, eq=False)
class Exchanges:
    """What taking j from declaration i would bring for each seat (rows, columns) given in return.

    gain and other_gain: change of the sum of points of i and of the other declaration.
    """

    seats: Ints
    gain: NDArray[np.int32]
    other_gain: NDArray[np.int32]


class Seating:
    """rows, columns, worth: (m,) the seats, sorted by row, and their points; movable: not fixed.

    taken: (D, E); open: (D, E) allowed and not taken; load: (E,); total: (D,) points.
    """

    def __init__(
        self, problem: Problem, pairs: Ints, points: NDArray[np.int32] | None = None
    ) -> None:
        """``points`` instead of those of the problem: with what an earlier pair is worth more."""
        self.problem = problem
        self.points = problem.points if points is None else points
        self.houses, self.allowed = problem.houses, problem.allowed
        ordered = pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]
        self.rows, self.columns = ordered[:, 0].copy(), ordered[:, 1].copy()
        length, width = problem.shape
        self.begins = np.searchsorted(self.rows, np.arange(length + 1))
        self.taken = np.zeros(problem.shape, np.bool_)
        self.taken[self.rows, self.columns] = True
        self.open = self.allowed & ~self.taken
        self.worth = self.points[self.rows, self.columns]
        fixed = problem.fixed[:, 0] * width + problem.fixed[:, 1]
        self.movable = ~np.isin(self.rows * width + self.columns, fixed)
        self.load = np.bincount(self.columns, minlength=width).astype(np.int64)
        self._count()

    def _count(self) -> None:
        rows, columns, problem = self.rows, self.columns, self.problem
        length = problem.shape[0]
        self.total = np.zeros(length, np.int64)
        np.add.at(self.total, rows, self.points[rows, columns].astype(np.int64))
        self.of_field = np.bincount(rows[problem.specialist[rows, columns]], minlength=length)
        self.with_economics = np.bincount(rows[problem.economist[columns]], minlength=length)
        self.of_house = np.zeros((length, int(self.houses.max(initial=-1)) + 1), np.int8)
        np.add.at(self.of_house, (rows, self.houses[columns]), 1)

    @property
    def pairs(self) -> Ints:
        found = np.column_stack([self.rows, self.columns])
        return found[np.lexsort((self.columns, self.rows))]

    @property
    def served(self) -> Ints:
        """(D,): mean points over the seats a declaration should have; an empty seat counts nought,
        a declaration that needs nobody as served best."""
        seats = self.problem.seats
        return np.where(seats > 0, self.total // np.maximum(1, seats), POINTS)

    @property
    def spread(self) -> int:
        """How far loads lie apart."""
        return int(np.ptp(self.load)) if len(self.load) else 0

    def seats_of(self, row: int) -> slice:
        return slice(self.begins[row], self.begins[row + 1])

    def broken(self) -> Ints:
        """(D,): rules broken at each declaration: what is short, and who is too many."""
        problem = self.problem
        over = np.maximum(0, self.of_house - np.int16(problem.rules.per_organisation)).sum(axis=1)
        empty = problem.seats - np.diff(self.begins)
        every = np.arange(problem.shape[0])
        found: Ints = over + empty
        found += self._short(every, self.of_field, self.with_economics)
        return found

    def _short(self, rows: Ints | int, of_field: Ints, with_economics: Ints) -> Ints:
        problem = self.problem
        few = np.maximum(0, problem.least_specialists[rows] - of_field)
        found: Ints = few + (problem.wants_economist[rows] & (with_economics <= 0))
        return found

    def breaks(self, row: int, leaving: int | None) -> Ints:
        """(E,): rules broken at a declaration more than now, if each expert took a seat there.

        ``leaving`` is who gives it up; None where one is added to an empty seat.
        """
        problem, limit = self.problem, self.problem.rules.per_organisation
        of_field = self.of_field[row] + problem.specialist[row].astype(np.int64)
        economics = self.with_economics[row] + problem.economist.astype(np.int64)
        of_house = self.of_house[row].astype(np.int64)
        before = self._short(row, self.of_field[row], self.with_economics[row])
        gone = 0
        if leaving is not None:
            of_field -= int(problem.specialist[row, leaving])
            economics -= int(problem.economist[leaving])
            gone = int(of_house[self.houses[leaving]] > limit)
            of_house[self.houses[leaving]] -= 1
        full = of_house[self.houses] >= limit
        found: Ints = self._short(row, of_field, economics) - before - gone + full
        return found

    def exchanges(
        self, row: int, leaving: int, least: int = -POINTS, most: int | None = None
    ) -> Exchanges:
        """Return all exchanges of the seat (row, leaving) that keep pairs allowed.

        ``least``: points the declaration of the row wins at least (negative: loses at most);
        ``most``: only about so many experts are thought of, those best there.
        """
        own = self.points[row] - self.points[row, leaving]
        comes = self.open[row] & (own >= least)
        if most is not None and len(comes) > 2 * most:
            comes &= own >= np.partition(own, -most)[-most]
        # The few who may come first: a column of a large matrix is spread over all of memory.
        seats = np.flatnonzero(comes[self.columns] & self.movable)
        seats = seats[self.open[self.rows[seats], leaving]]
        other = self.points[self.rows[seats], leaving] - self.worth[seats]
        return Exchanges(seats, own[self.columns[seats]], other)

    def leaving(self, row: int) -> list[int]:
        """Return the experts of a declaration who are not fixed."""
        place = self.seats_of(row)
        return [int(one) for one in self.columns[place][self.movable[place]]]

    def breaks_of(self, row: int, leaving: int, seats: Ints) -> Ints:
        """(m,): rules broken after each exchange, at both declarations, less those before."""
        rows, columns = self.rows[seats], self.columns[seats]
        own = self.breaks(row, leaving)[columns]
        found: Ints = own + self._other_breaks(rows, columns, leaving)
        return found

    def _other_breaks(self, rows: Ints, columns: Ints, coming: int) -> Ints:
        """(m,): rules broken at each row more than now, if ``coming`` replaced the expert there."""
        problem, limit = self.problem, self.problem.rules.per_organisation
        field, economist = problem.specialist, problem.economist
        before = self._short(rows, self.of_field[rows], self.with_economics[rows])
        of_field = self.of_field[rows] - field[rows, columns] + field[rows, coming]
        economics = self.with_economics[rows] - economist[columns] + int(economist[coming])
        left, came = self.houses[columns], self.houses[coming]
        gone = self.of_house[rows, left] > limit
        full = self.of_house[rows, came] - (left == came) >= limit
        found: Ints = self._short(rows, of_field, economics) - before - gone + full
        return found

    def exchange(self, row: int, leaving: int, seat: int) -> None:
        """Carry out one exchange."""
        coming = int(self.columns[seat])
        self._put(seat, leaving)
        self._put(self.seat(row, leaving), coming)

    def replace(self, row: int, leaving: int, coming: int) -> None:
        """Let one expert take the seat of another; the loads of both change."""
        self._put(self.seat(row, leaving), coming)

    def seat(self, row: int, column: int) -> int:
        place = self.seats_of(row)
        return int(place.start + np.flatnonzero(self.columns[place] == column)[0])

    def _put(self, seat: int, coming: int) -> None:
        row, leaving = int(self.rows[seat]), int(self.columns[seat])
        problem = self.problem
        self.columns[seat] = coming
        self.worth[seat] = self.points[row, coming]
        self.taken[row, leaving], self.taken[row, coming] = False, True
        self.open[row, leaving], self.open[row, coming] = self.allowed[row, leaving], False
        for column, change in ((leaving, -1), (coming, 1)):
            self.load[column] += change
            self.total[row] += change * int(self.points[row, column])
            self.of_field[row] += change * int(problem.specialist[row, column])
            self.with_economics[row] += change * int(problem.economist[column])
            self.of_house[row, self.houses[column]] += change
