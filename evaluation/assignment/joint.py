"""Declarations that cannot all be served together, by counting places; numpy only.

Hall's condition, turned round: declarations that ask for more places of one kind (any expert, one
of the sub-field, an economist) than those experts have who may sit there.
"""

from dataclasses import dataclass

import numpy as np

from evaluation.assignment.plan import Clash
from evaluation.assignment.problem import Block, Bools, Ints, Problem, Rule
from evaluation.assignment.seating import Seating

MOST_TRIMMED = 400  # rows: among more, none is left out one by one


@dataclass(frozen=True, slots=True, eq=False)
class Kind:
    """A kind of place: who asks for how many (D,), who counts (D, E), how many sit (D,)."""

    rule: Rule
    asked: Ints
    counts: Bools
    got: Ints


def lacking(seating: Seating, row: int) -> Kind:
    """Return the kind of place that a broken declaration lacks."""
    problem = seating.problem
    if seating.of_field[row] < problem.least_specialists[row]:
        asked, special = problem.least_specialists, problem.specialist
        return Kind(Rule.SPECIALIST, asked, special, seating.of_field)
    if problem.wants_economist[row] and not seating.with_economics[row]:
        asked = problem.wants_economist.astype(np.int64)
        economists = np.broadcast_to(problem.economist, problem.shape)
        return Kind(Rule.ECONOMIST, asked, economists, seating.with_economics)
    return everything(seating)


def everything(seating: Seating) -> Kind:
    """Return places of any kind."""
    problem = seating.problem
    everybody = np.ones(problem.shape, np.bool_)
    return Kind(Rule.NEED, problem.seats, everybody, np.diff(seating.begins))


def competing(seating: Seating, row: int, kind: Kind) -> Ints:
    """Return the row and all that hold what it lacks or lack the same, directly or through others.

    Only an expert at the cap is missed, and only who has no more of the kind than asked for cannot
    spare one.
    """
    problem = seating.problem
    full = seating.load >= problem.caps
    tight = seating.taken & kind.counts & (kind.got <= kind.asked)[:, None]
    usable, lacks = problem.allowed & kind.counts, kind.got < kind.asked
    rows: Bools = np.zeros(problem.shape[0], np.bool_)
    rows[row] = True
    while True:
        wanted = full & usable[rows].any(axis=0)
        nowhere_else = ~(usable & ~wanted).any(axis=1)
        grown = rows | (tight & wanted).any(axis=1) | (lacks & nowhere_else)
        if (grown == rows).all():
            return np.flatnonzero(rows)
        rows = grown


def counted(problem: Problem, rows: Ints, kind: Kind) -> Clash | None:
    """Return the clash if counting proves it, with as few rules and declarations as it takes."""
    rules = frozenset({kind.rule, Rule.CAP, Rule.CONFLICT, Rule.EDIT})
    if not _too_many(problem, rows, kind, rules):
        return None
    for rule in (Rule.EDIT, Rule.CONFLICT, Rule.CAP):
        if _too_many(problem, rows, kind, rules - {rule}):
            rules -= {rule}
    for row in rows.tolist() if len(rows) <= MOST_TRIMMED else []:
        fewer = rows[rows != row]
        if _too_many(problem, fewer, kind, rules):
            rows = fewer
    places = _places(problem, rows, kind, rules)
    names = tuple(problem.experts[column] for column in np.flatnonzero(places).tolist())
    keys = tuple(problem.declarations[row] for row in rows.tolist())
    return Clash(rules, keys, names, int(kind.asked[rows].sum()), int(places.sum()))


def _too_many(problem: Problem, rows: Ints, kind: Kind, rules: frozenset[Rule]) -> bool:
    return int(kind.asked[rows].sum()) > int(_places(problem, rows, kind, rules).sum())


def _places(problem: Problem, rows: Ints, kind: Kind, rules: frozenset[Rule]) -> Ints:
    """(E,): places of the kind that each expert could take at these rows."""
    blocked = problem.blocked[rows]
    usable = kind.counts[rows]
    if Rule.CONFLICT in rules:
        usable = usable & (blocked != Block.CONFLICT) & (blocked != Block.DECLINED)
    if Rule.EDIT in rules:
        usable = usable & (blocked != Block.EDITED)
        usable |= problem.allowed[rows] & ~problem.free[rows] & kind.counts[rows]
    places: Ints = usable.sum(axis=0)
    if Rule.CAP in rules:
        others = problem.fixed[~np.isin(problem.fixed[:, 0], rows)]
        elsewhere = np.bincount(others[:, 1], minlength=problem.shape[1])
        places = np.minimum(places, np.maximum(0, problem.caps - elsewhere))
    return places
