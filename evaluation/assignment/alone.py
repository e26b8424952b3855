"""Declarations that cannot be served even by themselves, by counting; numpy only.

Exact for one declaration without fixed pairs. The organisation limit is a partition matroid: any
experts that keep it can be completed to as many as all together allow (augmentation), so that it is
enough to count places by organisation.
"""

import numpy as np

from evaluation.assignment.plan import Clash
from evaluation.assignment.problem import Block, Bools, Ints, Problem, Rule

RULES = frozenset(Rule)
# What is left out first is what an officer can least change.
ORDER = (
    Rule.ORGANISATION,
    Rule.ECONOMIST,
    Rule.EDIT,
    Rule.CAP,
    Rule.CONFLICT,
    Rule.SPECIALIST,
    Rule.NEED,
)


def clashing(problem: Problem, rows: Ints) -> dict[int, frozenset[Rule]]:
    """Return, for each row that clashes by itself, the rules: leave any out and it works."""
    return {
        int(row): _fewest(problem, int(row)) for row in rows if not _works(problem, int(row), RULES)
    }


def _fewest(problem: Problem, row: int) -> frozenset[Rule]:
    rules = RULES
    for rule in ORDER:
        if not _works(problem, row, rules - {rule}):
            rules -= {rule}
    return rules


def usable(problem: Problem, row: int, rules: frozenset[Rule]) -> Bools:
    """(E,): experts whom a declaration may have under these rules."""
    blocked = problem.blocked[row]
    found: Bools = np.ones(len(blocked), np.bool_)
    if Rule.CAP in rules:
        found = problem.caps > problem.fixed_load
    if Rule.CONFLICT in rules:
        found = found & (blocked != Block.CONFLICT) & (blocked != Block.DECLINED)
    if Rule.EDIT in rules:
        found = found & (blocked != Block.EDITED)
    return found


def _works(problem: Problem, row: int, rules: frozenset[Rule]) -> bool:
    experts = usable(problem, row, rules)
    field = experts & problem.specialist[row]
    limit = problem.rules.per_organisation if Rule.ORGANISATION in rules else problem.shape[1]
    seats = int(problem.seats[row])
    least = int(problem.least_specialists[row]) if Rule.SPECIALIST in rules else 0
    places = _by_house(problem, field, limit)
    if least > min(seats, int(places.sum())):
        return False
    if Rule.NEED in rules and seats > _by_house(problem, experts, limit).sum():
        return False
    if Rule.ECONOMIST not in rules or not problem.wants_economist[row]:
        return True
    if least and (field & problem.economist).any():
        return True
    others = np.flatnonzero(experts & problem.economist)
    # One from outside takes a place, and perhaps the last one of the own organisation.
    taken = places[problem.houses[others]] >= limit
    return bool(((least < seats) & (places.sum() - taken >= least)).any())


def _by_house(problem: Problem, experts: Bools, limit: int) -> Ints:
    """Return the places of each organisation."""
    width = int(problem.houses.max(initial=-1)) + 1
    return np.bincount(problem.houses[experts], minlength=width).clip(max=limit)


def described(problem: Problem, row: int, rules: frozenset[Rule]) -> Clash:
    """Put numbers to the clash of one declaration: what it asks for and what is there."""
    experts = usable(problem, row, rules)
    required = int(problem.seats[row])
    if Rule.SPECIALIST in rules:
        experts = experts & problem.specialist[row]
        required = int(problem.least_specialists[row])
    elif Rule.NEED not in rules:
        experts, required = experts & problem.economist, 1
    limit = problem.rules.per_organisation if Rule.ORGANISATION in rules else problem.shape[1]
    available = int(_by_house(problem, experts, limit).sum())
    names = tuple(problem.experts[column] for column in np.flatnonzero(experts).tolist())
    return Clash(rules, (problem.declarations[row],), names, required, available)
