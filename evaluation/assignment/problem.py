"""What an assignment is asked to do: declarations, experts, affinities and rules.

D declarations are the rows and E experts the columns of every matrix. Rows and columns carry keys
(an id as text), and whatever is drawn or decided between equals follows the keys, so that the order
of the rows never shows in a plan.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum, StrEnum
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

NO_PAIRS: Ints = np.zeros((0, 2), np.int64)
NO_CAP = 1_000_000
POINTS = 1_000_000  # of an affinity of 1: what is compared are integers, the same on every machine
NO_ORGANISATION = -1


class Rule(StrEnum):
    """A rule that a clash, a missing seat or a "why not" can name."""

    NEED = "need"  # every declaration gets its number of experts
    CAP = "cap"  # nobody judges more than the own limit
    CONFLICT = "conflict"  # conflicts and refusals keep a pair apart
    EDIT = "edit"  # pairs fixed, already accepted or forbidden by hand
    ORGANISATION = "organisation"  # at most k experts of one organisation
    SPECIALIST = "specialist"  # at least n experts of the sub-field
    ECONOMIST = "economist"  # one with economics where an allowed one exists


class Block(IntEnum):
    """Why a pair is not allowed; ``FREE`` when it is."""

    FREE = 0
    CONFLICT = 1
    DECLINED = 2
    EDITED = 3


@dataclass(frozen=True, slots=True)
class Rules:
    """The numbers of an activity.

    ``epsilon``: two affinities closer than this count as equal, and the draw decides; ``price``:
    what a pair of the earlier plan is worth more than another, as affinity.
    """

    per_organisation: int = 2
    specialists: int = 3
    economists: bool = True
    epsilon: float = 0.005
    price: float = 0.0


@dataclass(frozen=True, eq=False)
class Problem:
    """Declarations × experts. Arrays are never written to.

    declarations, experts: unique keys, D and E of them; affinity: (D, E) in [0, 1]; blocked: (D, E)
    of ``Block``; need: (D,) at least 0; caps: (E,); organisation: (E,) codes from 0,
    ``NO_ORGANISATION`` for none; specialist: (D, E) bool; economist: (E,) bool; fixed and earlier:
    (m, 2) of (row, column), fixed pairs count for need, loads and all rules.
    """

    declarations: Sequence[str]
    experts: Sequence[str]
    affinity: Floats
    need: Ints
    blocked: NDArray[np.uint8]
    caps: Ints
    organisation: Ints
    specialist: Bools
    economist: Bools
    fixed: Ints = field(default_factory=NO_PAIRS.copy)
    earlier: Ints = field(default_factory=NO_PAIRS.copy)
    rules: Rules = field(default_factory=Rules)

    def __post_init__(self) -> None:
        shape = (len(self.declarations), len(self.experts))
        for name in ("affinity", "blocked", "specialist"):
            _require(getattr(self, name).shape == shape, f"{name} is not of shape {shape}")
        for name, size in (("need", 0), ("caps", 1), ("organisation", 1), ("economist", 1)):
            _require(
                getattr(self, name).shape == shape[size : size + 1], f"{name} has a wrong size"
            )
        _require(len(set(self.declarations)) == shape[0], "two declarations have one key")
        _require(len(set(self.experts)) == shape[1], "two experts have one key")
        if self.affinity.size:
            low, high = float(self.affinity.min()), float(self.affinity.max())
            _require(low >= 0 and high <= 1, "an affinity lies outside 0 to 1")
        _require(not (self.need < 0).any() and not (self.caps < 0).any(), "a number is negative")
        _require(len(np.unique(self.fixed, axis=0)) == len(self.fixed), "a pair is fixed twice")

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.declarations), len(self.experts)

    @cached_property
    def allowed(self) -> Bools:
        """(D, E): pairs that may be chosen, the fixed ones among them."""
        allowed: Bools = self.blocked == Block.FREE
        allowed[self.fixed[:, 0], self.fixed[:, 1]] = True
        return allowed

    @cached_property
    def free(self) -> Bools:
        """(D, E): allowed pairs that are not fixed."""
        free = self.allowed.copy()
        free[tuple(self.fixed.T)] = False
        return free

    @cached_property
    def points(self) -> NDArray[np.int32]:
        """(D, E): affinities as whole points."""
        points = self.affinity.astype(np.float32)  # a copy
        points *= POINTS
        return np.rint(points, out=points).astype(np.int32)

    @cached_property
    def houses(self) -> Ints:
        """(E,): the organisation of each expert by number; one of the own for who has none."""
        alone = self.organisation == NO_ORGANISATION
        codes = np.where(
            alone, self.organisation.max(initial=0) + 1 + np.arange(len(alone)), self.organisation
        )
        return np.unique(codes, return_inverse=True)[1].astype(np.int64)

    @cached_property
    def wants_economist(self) -> Bools:
        """(D,): declarations for which an allowed economist exists, where the rule is on."""
        if not self.rules.economists:
            return np.zeros(self.shape[0], np.bool_)
        found: Bools = self.allowed[:, self.economist].any(axis=1) & (self.need > 0)
        return found

    @cached_property
    def least_specialists(self) -> Ints:
        """(D,): experts of the sub-field each declaration asks for."""
        return np.where(self.need > 0, self.rules.specialists, 0)

    @cached_property
    def fixed_load(self) -> Ints:
        return np.bincount(self.fixed[:, 1], minlength=self.shape[1]).astype(np.int64)

    @cached_property
    def seats(self) -> Ints:
        """(D,): experts each declaration gets; more than needed where more are fixed."""
        return np.maximum(self.need, np.bincount(self.fixed[:, 0], minlength=self.shape[0]))


@dataclass(frozen=True, slots=True, eq=False)
class Order:
    """Positions of the rows and columns of a sorted problem in the one it was made from."""

    rows: Ints
    columns: Ints

    def back(self, pairs: Ints) -> Ints:
        """Return pairs of the sorted problem as pairs of the given one, sorted."""
        given = np.column_stack([self.rows[pairs[:, 0]], self.columns[pairs[:, 1]]])
        return given[np.lexsort((given[:, 1], given[:, 0]))]

    def there(self, pairs: Ints) -> Ints:
        """Return pairs of the given problem as pairs of the sorted one."""
        return np.column_stack(
            [np.argsort(self.rows)[pairs[:, 0]], np.argsort(self.columns)[pairs[:, 1]]]
        )


def in_order(problem: Problem) -> tuple[Problem, Order]:
    """Return the problem with rows and columns sorted by key, and the way back."""
    order = Order(_sorting(problem.declarations), _sorting(problem.experts))
    fixed, earlier = order.there(problem.fixed), order.there(problem.earlier)
    if _is_sorted(order.rows) and _is_sorted(order.columns):  # spares a copy of large matrices
        return problem, order
    cells = np.ix_(order.rows, order.columns)
    same = replace(
        problem,
        declarations=[problem.declarations[row] for row in order.rows],
        experts=[problem.experts[column] for column in order.columns],
        affinity=problem.affinity[cells],
        need=problem.need[order.rows],
        blocked=problem.blocked[cells],
        caps=problem.caps[order.columns],
        organisation=problem.organisation[order.columns],
        specialist=problem.specialist[cells],
        economist=problem.economist[order.columns],
        fixed=fixed[np.lexsort((fixed[:, 1], fixed[:, 0]))],
        earlier=earlier[np.lexsort((earlier[:, 1], earlier[:, 0]))],
    )
    return same, order


def _sorting(keys: Sequence[str]) -> Ints:
    return np.array(sorted(range(len(keys)), key=keys.__getitem__), np.int64)


def _is_sorted(places: Ints) -> bool:
    return bool((np.diff(places) > 0).all())


def _require(holds: bool, message: str) -> None:
    if not holds:
        raise ValueError(message)
