"""The worst-served declaration against what linear programming says is possible."""

import numpy as np
import pytest
from hypothesis import given, settings
from scipy.optimize import linprog

from evaluation.assignment.ceiling import ceilings
from evaluation.assignment.compare import figures_of
from evaluation.assignment.explain import alternatives
from evaluation.assignment.problem import POINTS, Rules
from evaluation.assignment.seating import Seating
from evaluation.assignment.solve import plan
from tests.evaluation.assignment.worlds import matrix, problem, seatings, tiny


def instance(seed, *, declarations=60, experts=18, need=3, rules=None):
    """Return the instance of the benchmark, smaller: topics, conflicts, sub-fields."""
    chance = np.random.default_rng(seed)
    affinity = chance.random((declarations, 8)) @ chance.random((experts, 8)).T
    affinity = (affinity - affinity.min()) / (affinity.max() - affinity.min())
    return problem(
        affinity,
        need=need,
        blocked=chance.random(affinity.shape) < 0.05,
        organisation=chance.integers(0, 9, experts).tolist() if rules else None,
        specialist=chance.random(affinity.shape) < 0.3,
        economist=(np.arange(experts) % 2 == 0).tolist(),
        rules=rules,
    )


def lp_ceiling(one):
    """Return the largest smallest sum any fractional assignment reaches, loads within one."""
    rows, columns = np.nonzero(one.allowed)
    length, width = one.shape
    number = len(rows) + 1
    served, seats = np.zeros((length, number)), np.zeros((length, number))
    loads = np.zeros((width, number))
    places = np.arange(len(rows))
    served[rows, places] = -one.affinity[rows, columns]
    served[:, -1] = 1
    seats[rows, places] = loads[columns, places] = 1
    low, rest = divmod(int(one.need.sum()), width)
    bounds = [np.zeros(length), np.full(width, low + (rest > 0)), np.full(width, -low)]
    aim = np.zeros(number)
    aim[-1] = -1
    found = linprog(
        aim,
        A_ub=np.vstack([served, loads, -loads]),
        b_ub=np.concatenate(bounds),
        A_eq=seats,
        b_eq=one.need,
        bounds=[(0, 1)] * len(rows) + [(0, None)],
    )
    return -found.fun


@pytest.mark.parametrize("need", [3, 5])
@pytest.mark.parametrize("seed", range(5))
def test_the_worst_served_reaches_what_any_assignment_could(seed, need):
    one = instance(seed, need=need)

    figures = plan(one, "seed").figures

    assert figures.worst >= 0.99 * lp_ceiling(one)
    assert figures.highest_load - figures.lowest_load <= 1
    assert figures.components == 1


@pytest.mark.parametrize("seed", range(3))
def test_all_guarantees_hold_at_once(seed):
    one = instance(seed, need=5, rules=Rules())

    found = plan(one, "seed")

    enough = (one.allowed & one.specialist).sum(axis=1) >= 3
    assert found.figures.with_specialists >= enough.sum()
    assert found.figures.with_economist == one.shape[0]
    assert found.figures.over_organisation == 0
    assert found.figures.filled == 5 * one.shape[0]


@settings(max_examples=50, deadline=None)
@given(tiny())
def test_no_assignment_exceeds_the_ceiling_of_a_declaration(one):
    bounds = ceilings(one)

    for taken in seatings(one):
        sums = (taken * one.points).sum(axis=1)
        assert (sums // np.maximum(1, one.seats) <= bounds).all()


@settings(max_examples=50, deadline=None)
@given(tiny())
def test_a_plan_is_served_as_its_figures_say(one):
    found = plan(one, "seed")
    sums = (matrix(one, found) * one.points).sum(axis=1)
    asked = one.seats > 0

    assert found.figures.total == pytest.approx(sums.sum() / POINTS)
    if asked.any():
        means = sums[asked] // one.seats[asked]
        assert found.figures.worst_mean == pytest.approx(means.min() / POINTS)


def clashing(seed, *, specialists=1, economists=True):
    """Return declarations that all ask for an expert of a sub-field of which there is none."""
    one = instance(seed, declarations=7, experts=9, rules=Rules(specialists=specialists))
    rules = Rules(specialists=specialists, economists=economists)
    return problem(
        one.affinity,
        need=3,
        blocked=one.blocked,
        specialist=np.zeros(one.shape),
        economist=one.economist.tolist(),
        rules=rules,
    )


@settings(max_examples=200, deadline=None)
@given(tiny(most_need=4))
def test_the_worst_served_never_exceeds_the_ceiling_shown_beside_it(one):
    found = plan(one, "seed")

    assert found.figures.worst_mean <= found.figures.ceiling_mean
    assert figures_of(one, found.pairs) == found.figures


@settings(max_examples=100, deadline=None)
@given(tiny())
def test_a_rule_the_plan_could_not_keep_is_no_part_of_its_ceiling(one):
    found = plan(one, "seed")

    if not found.missing:
        assert found.figures.ceiling_mean == ceilings(one).min(initial=POINTS) / POINTS


@pytest.mark.parametrize("seed", range(8))
def test_a_rule_nobody_can_keep_does_not_end_the_search_for_the_worst_served(seed):
    one = clashing(seed)

    found = plan(one, "seed")

    seating = Seating(one, found.pairs)
    served = seating.served
    worst = int(served.argmin())
    # Whoever is unhappy at the worst-served declaration finds no exchange that leaves loads alone.
    better = [
        other.expert
        for other in alternatives(seating, worst)
        if other.cost is not None and not other.cost.less_even and other.cost.worst > 0
    ]
    assert better == []
    assert (served == served.min()).sum() == 1
    assert found.figures.worst_mean <= found.figures.ceiling_mean
    assert {missing.rule for missing in found.missing} >= {"specialist"}
