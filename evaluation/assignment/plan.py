"""A plan and what it comes to; what it could not do, in a form that sentences are made from."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from evaluation.assignment.problem import POINTS, Ints, Problem, Rule
from evaluation.assignment.seating import Seating


@dataclass(frozen=True, slots=True)
class Clash:
    """Rules that cannot all be kept, and where: leave one of them out and the rest can be.

    ``required`` and ``available`` count seats. ("Declaration D needs 3 of its sub-field, 2 are
    allowed": SPECIALIST and CONFLICT; "60,000 seats, capacity 50,000": NEED and CAP.)
    """

    rules: frozenset[Rule]
    declarations: tuple[str, ...]
    experts: tuple[str, ...]
    required: int
    available: int


@dataclass(frozen=True, slots=True)
class Missing:
    """What a declaration did not get: NEED, SPECIALIST or ECONOMIST, and how many of them."""

    rule: Rule
    declaration: str
    required: int
    got: int


@dataclass(frozen=True, slots=True)
class Uneven:
    """Why loads differ by more than one: without this rule they would differ by ``without``."""

    rule: Rule
    without: int


@dataclass(frozen=True, slots=True)
class Figures:
    """What a plan comes to. Affinities lie from 0 to 1 per pair; served is a mean over the seats.

    worst: sum of the affinities of the worst-served declaration; ceiling: what the hardest-to-serve
    declaration would get if it had all experts to itself; components: parts of the graph of experts
    with a seat and declarations (1: experts can be compared with each other).
    """

    seats: int
    filled: int
    lowest_load: int
    highest_load: int
    worst: float
    worst_mean: float
    worst_declaration: str
    ceiling_mean: float
    total: float
    with_specialists: int
    with_economist: int
    over_organisation: int
    components: int


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """pairs: (m, 2) rows and columns of the problem it was made for, sorted, fixed ones too."""

    declarations: tuple[str, ...]
    experts: tuple[str, ...]
    pairs: Ints
    seed: str
    figures: Figures
    missing: tuple[Missing, ...] = ()
    clashes: tuple[Clash, ...] = ()
    uneven: tuple[Uneven, ...] = ()

    @property
    def by_key(self) -> list[tuple[str, str]]:
        """The pairs as keys, in the order of the keys."""
        return sorted((self.declarations[row], self.experts[column]) for row, column in self.pairs)


def figures(seating: Seating, ceiling: int) -> Figures:
    problem = seating.problem
    served, seats = seating.served, problem.seats
    asked = np.flatnonzero(seats > 0)
    worst = int(asked[served[asked].argmin()]) if len(asked) else -1
    limit = problem.rules.per_organisation
    loads = seating.load[can_serve(problem)]
    return Figures(
        seats=int(seats.sum()),
        filled=len(seating.rows),
        lowest_load=int(loads.min(initial=seating.load.max(initial=0))),
        highest_load=int(loads.max(initial=0)),
        worst=float(seating.total[worst]) / POINTS if worst >= 0 else 0.0,
        worst_mean=float(served[worst]) / POINTS if worst >= 0 else 0.0,
        worst_declaration=problem.declarations[worst] if worst >= 0 else "",
        ceiling_mean=ceiling / POINTS,
        total=int(seating.total.sum()) / POINTS,
        with_specialists=int((seating.of_field >= problem.least_specialists)[asked].sum()),
        with_economist=int((seating.with_economics > 0)[asked].sum()),
        over_organisation=int((seating.of_house > limit).any(axis=1).sum()),
        components=len(np.unique(components(seating)[problem.shape[0] :][seating.load > 0])),
    )


def can_serve(problem: Problem) -> Ints:
    """Return the experts who may sit anywhere at all: only their loads can be even."""
    return np.flatnonzero((problem.caps > 0) & problem.allowed.any(axis=0))


def missing(seating: Seating) -> tuple[Missing, ...]:
    problem = seating.problem
    filled = np.diff(seating.begins)
    wants = problem.wants_economist.astype(np.int64)
    rows: Sequence[tuple[Rule, Ints, Ints]] = (
        (Rule.NEED, problem.seats, filled),
        (Rule.SPECIALIST, problem.least_specialists, seating.of_field),
        (Rule.ECONOMIST, wants, seating.with_economics),
    )
    return tuple(
        Missing(rule, problem.declarations[row], int(required[row]), int(got[row]))
        for rule, required, got in rows
        for row in np.flatnonzero(got < required).tolist()
    )


def components(seating: Seating) -> Ints:
    """Return (D + E,) the part each declaration and expert lies in, as the lowest label of it.

    Labels spread along the seats until none changes; each round also jumps to the label of the
    label, so that rounds grow with the logarithm of the longest path (Shiloach, Vishkin 1982).
    """
    length, width = seating.problem.shape
    label = np.arange(length + width)
    rows, columns = seating.rows, seating.columns + length
    while True:
        low = np.minimum(label[rows], label[columns])
        new = label.copy()
        np.minimum.at(new, label[rows], low)
        np.minimum.at(new, label[columns], low)
        new = new[new]
        if (new == label).all():
            return label
        label = new
