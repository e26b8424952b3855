"""Why loads are not within one of each other: which rule, left out, would let them be."""

from dataclasses import replace

import numpy as np

from evaluation.assignment.candidates import Candidates
from evaluation.assignment.exchange import Go
from evaluation.assignment.network import Network
from evaluation.assignment.plan import Uneven, can_serve
from evaluation.assignment.problem import NO_CAP, NO_PAIRS, Block, Problem, Rule
from evaluation.assignment.seating import Seating

RULES = (Rule.ECONOMIST, Rule.SPECIALIST, Rule.CAP, Rule.CONFLICT, Rule.EDIT)


def uneven(seating: Seating, found: Candidates, go: Go) -> tuple[Uneven, ...]:
    """Return the rules without which loads would lie closer, up to the first that is reason enough.

    () where loads lie within one.
    """
    problem = seating.problem
    load = seating.load[can_serve(problem)]
    spread = int(np.ptp(load)) if len(load) else 0
    if spread <= 1:
        return ()
    reasons = []
    for rule in RULES:
        go()
        closer = _spread_without(problem, rule, found)
        if closer < spread:
            reasons.append(Uneven(rule, closer))
        if closer <= 1:
            break
    return tuple(reasons)


def _spread_without(problem: Problem, rule: Rule, found: Candidates) -> int:
    """Return how far loads would lie apart: a flow that minds nothing but loads."""
    without = _without(problem, rule)
    if rule in (Rule.CONFLICT, Rule.EDIT):
        rows, columns = np.nonzero(without.free)
        if len(rows) > 4 * len(found.rows):
            return int(1e9)
        found = Candidates(rows, columns)
    chosen = Network(without, found, np.zeros(problem.shape, np.int32)).solve()
    load = without.fixed_load + np.bincount(found.columns[chosen], minlength=problem.shape[1])
    some = load[can_serve(without)]
    return int(np.ptp(some)) if len(some) else 0


def _without(problem: Problem, rule: Rule) -> Problem:
    blocked = problem.blocked
    conflicts = (blocked == Block.CONFLICT) | (blocked == Block.DECLINED)
    match rule:
        case Rule.SPECIALIST:
            return replace(problem, rules=replace(problem.rules, specialists=0))
        case Rule.ECONOMIST:
            return replace(problem, rules=replace(problem.rules, economists=False))
        case Rule.CAP:
            return replace(problem, caps=np.full(problem.shape[1], NO_CAP))
        case Rule.CONFLICT:
            return replace(problem, blocked=np.where(conflicts, np.uint8(Block.FREE), blocked))
        case _:
            free = np.where(blocked == Block.EDITED, np.uint8(Block.FREE), blocked)
            return replace(problem, blocked=free, fixed=NO_PAIRS)
