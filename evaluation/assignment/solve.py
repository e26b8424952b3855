"""The plan of a problem: cheapest flow, rules mended, the worst-served raised. For the worker only.

Same problem and seed, same plan, whatever the order of the rows, the machine and its load.
"""

from collections.abc import Callable

import numpy as np

from evaluation.assignment import repair
from evaluation.assignment.candidates import Candidates, Points, candidates, priced, worth
from evaluation.assignment.ceiling import ceiling_of
from evaluation.assignment.clash import clashes
from evaluation.assignment.connect import connect
from evaluation.assignment.exchange import Go, mend, polish, raise_worst
from evaluation.assignment.network import Network
from evaluation.assignment.plan import Plan, figures, missing
from evaluation.assignment.problem import Problem, in_order
from evaluation.assignment.seating import Seating
from evaluation.assignment.uneven import uneven

STEPS = ("candidates", "flow", "rules", "worst", "total", "graph", "reasons")

Progress = Callable[[str, float], None]  # a step of STEPS that begins, and the share done before it


class Cancelled(Exception):  # noqa: N818 -- a wish, not an error
    """Somebody asked for the computation to end."""


def plan(
    problem: Problem,
    seed: str,
    *,
    progress: Progress = lambda _step, _share: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Plan:
    """Return the plan drawn with a seed. ``cancelled`` is asked between rounds (``Cancelled``)."""

    def go() -> None:
        if cancelled():
            raise Cancelled

    def begin(step: str) -> None:
        go()
        progress(step, STEPS.index(step) / len(STEPS))

    ordered, order = in_order(problem)
    begin("candidates")
    worths = worth(ordered, seed)
    found = candidates(ordered, worths)
    begin("flow")
    seating = _flow(ordered, found, worths)
    begin("rules")
    seating = _rules_kept(seating, found, worths, go)
    begin("worst")
    touched = raise_worst(seating, ceiling_of(seating), go)
    begin("total")
    polish(seating, sorted(touched), go)
    begin("graph")
    connect(seating, go)
    begin("reasons")
    seating = Seating(ordered, seating.pairs)  # by affinity alone
    return Plan(
        tuple(problem.declarations),
        tuple(problem.experts),
        order.back(seating.pairs),
        seed,
        figures(seating, ceiling_of(seating)),
        missing(seating),
        clashes(seating, go),
        uneven(seating, found, go),
    )


def _flow(problem: Problem, found: Candidates, worths: Points) -> Seating:
    chosen = Network(problem, found, worths).solve()
    pairs = np.column_stack([found.rows[chosen], found.columns[chosen]])
    return Seating(problem, np.concatenate([pairs, problem.fixed]), priced(problem))


def _rules_kept(seating: Seating, found: Candidates, worths: Points, go: Go) -> Seating:
    """Mend what the network left broken: by exchanges, then exactly, at last by empty seats."""
    problem = seating.problem
    broken = len(mend(seating, go)) > 0
    if broken or (seating.spread > 1 and problem.free.sum() <= repair.SMALL):
        kept = np.zeros(problem.shape, np.bool_)
        kept[found.rows, found.columns] = True
        seating = repair.repaired(seating, worths, kept, go)
        if (seating.of_house > problem.rules.per_organisation).any():
            seating = Seating(problem, repair.within_limits(problem, seating.pairs), seating.points)
    return seating
