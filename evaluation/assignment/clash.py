"""Why not everything can be had: the smallest sets of rules that clash.

First by counting (all seats against all caps; each declaration by itself; several that ask for the
same experts), then, where the rules only clash in concert, by leaving rules and declarations out of
the exact model one by one: what is left is needed for the clash (deletion filter, Chinneck and
Dravnieks 1991).
"""

import numpy as np

from evaluation.assignment import alone, joint
from evaluation.assignment.exchange import Go
from evaluation.assignment.model import EVERY_RULE, Part, feasible
from evaluation.assignment.plan import Clash
from evaluation.assignment.problem import Ints, Problem, Rule
from evaluation.assignment.seating import Seating

MOST_PAIRS = 4_000  # of a part that is tried rule by rule
MOST_TOLD = 50  # clashes of several declarations


def clashes(seating: Seating, go: Go) -> tuple[Clash, ...]:
    """Return the clashes behind the broken rules of a plan, none of them twice."""
    problem = seating.problem
    found = _too_many_seats(problem) + _fixed_beyond_caps(problem)
    broken = np.flatnonzero(seating.broken() > 0)
    by_itself = alone.clashing(problem, np.setdiff1d(broken, problem.fixed[:, 0]))
    found += [alone.described(problem, row, rules) for row, rules in by_itself.items()]
    told = {problem.declarations[row] for row in by_itself}
    if found and found[0].rules == {Rule.NEED, Rule.CAP}:
        told = set(problem.declarations)
    for row in broken.tolist()[: len(by_itself) + MOST_TOLD]:
        go()
        if problem.declarations[row] not in told:
            rows, clash = _several(seating, row, list(by_itself))
            found += [clash] if clash else []
            told |= {problem.declarations[other] for other in rows.tolist()} if clash else set()
    return tuple(found)


def _too_many_seats(problem: Problem) -> list[Clash]:
    """Return the clash of all seats with all caps, if there is one."""
    most = np.minimum(problem.caps, problem.shape[0])
    seats, capacity = int(problem.seats.sum()), int(most.sum())
    # A declaration that asks for more experts than there are clashes without any caps.
    if seats <= capacity or problem.seats.max() > problem.shape[1]:
        return []
    rules = frozenset({Rule.NEED, Rule.CAP})
    return [Clash(rules, tuple(problem.declarations), tuple(problem.experts), seats, capacity)]


def _fixed_beyond_caps(problem: Problem) -> list[Clash]:
    """Return a clash for each expert who is fixed to more declarations than the cap."""
    found = []
    for column in np.flatnonzero(problem.fixed_load > problem.caps).tolist():
        rows = problem.fixed[problem.fixed[:, 1] == column, 0]
        most = int(problem.caps[column])
        names = tuple(problem.declarations[row] for row in np.sort(rows).tolist())
        rules = frozenset({Rule.EDIT, Rule.CAP})
        found.append(Clash(rules, names, (problem.experts[column],), len(names), most))
    return found


def _several(seating: Seating, row: int, told: list[int]) -> tuple[Ints, Clash | None]:
    """Return the rows that compete with a broken row, and the clash among them if one is found.

    Rows that clash by themselves are told already; together with them everything would clash.
    """
    problem, kind = seating.problem, joint.lacking(seating, row)
    rows = np.setdiff1d(joint.competing(seating, row, kind), told)
    clash = joint.counted(problem, rows, kind)
    if clash and _holds(problem, clash):
        return rows, clash
    rows = np.setdiff1d(joint.competing(seating, row, joint.everything(seating)), told)
    small = problem.allowed[rows].sum() <= MOST_PAIRS
    if not small or feasible(_part(problem, rows), EVERY_RULE) is not False:
        return rows, None
    fewer = _fewer_rows(problem, rows, EVERY_RULE)
    rules = _fewer_rules(problem, fewer)
    fewer = _fewer_rows(problem, fewer, rules)
    return fewer, _described(seating, fewer, rules)


def _holds(problem: Problem, clash: Clash) -> bool:
    """Return whether the exact model agrees that these rules clash and none can be left out.

    It is asked where it is small.

    What is fixed by hand can break rules that counting places does not look at.
    """
    keys = {key: row for row, key in enumerate(problem.declarations)}
    rows = np.array([keys[key] for key in clash.declarations])
    if problem.allowed[rows].sum() > MOST_PAIRS:
        return True
    part = _part(problem, rows)
    if feasible(part, clash.rules) is not False:
        return False
    return all(feasible(part, clash.rules - {rule}) is not False for rule in clash.rules)


def _part(problem: Problem, rows: Ints) -> Part:
    """Return the rows by themselves; of the others only fixed pairs keep their places."""
    others = problem.fixed[~np.isin(problem.fixed[:, 0], rows)]
    load = np.bincount(others[:, 1], minlength=problem.shape[1])
    return Part(problem, rows, np.ones(problem.shape, np.bool_), load)


def _fewer_rows(problem: Problem, rows: Ints, rules: frozenset[Rule]) -> Ints:
    for row in rows.tolist():
        fewer = rows[rows != row]
        if len(fewer) and feasible(_part(problem, fewer), rules) is False:
            rows = fewer
    return rows


def _fewer_rules(problem: Problem, rows: Ints) -> frozenset[Rule]:
    rules, part = EVERY_RULE, _part(problem, rows)
    for rule in alone.ORDER:
        if feasible(part, rules - {rule}) is False:
            rules -= {rule}
    return rules


def _described(seating: Seating, rows: Ints, rules: frozenset[Rule]) -> Clash:
    """Put numbers to a clash in concert: seats asked for, and what the plan could fill of them."""
    problem = seating.problem
    usable = problem.allowed[rows].any(axis=0)
    experts = tuple(problem.experts[column] for column in np.flatnonzero(usable).tolist())
    names = tuple(problem.declarations[row] for row in rows.tolist())
    seats = int(problem.seats[rows].sum())
    return Clash(rules, names, experts, seats, seats - int(seating.broken()[rows].sum()))
