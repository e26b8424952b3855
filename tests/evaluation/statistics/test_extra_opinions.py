"""Further opinions are proposed where they can change a decision, and nowhere else."""

import pytest

from evaluation.statistics.calibration import calibrate
from evaluation.statistics.extra_opinions import line_of, propose
from evaluation.statistics.stability import BestPlaces, LeastScore
from tests.evaluation.statistics.worked_examples import drawn, known

ROUND = known(calibrate(drawn(declarations=40, experts=10, each=3)))


def crossing(points):
    return {key for key, one in ROUND.declarations.items() if one.lower < points < one.upper}


def test_only_declarations_whose_interval_crosses_the_line_are_proposed():
    found = propose(ROUND, LeastScore(75.0), 1000)

    assert {one.declaration for one in found} == crossing(75.0)
    assert 0 < len(found) < 40


def test_nobody_near_the_line_needs_nobody():
    assert propose(ROUND, LeastScore(1000.0), 50) == []


def test_the_nearest_to_the_line_is_worth_most():
    line = line_of(ROUND.parts[0].fit, BestPlaces(8))

    found = propose(ROUND, BestPlaces(8), 5)

    away = [abs(ROUND.declarations[one.declaration].value - line) for one in found]
    assert away == sorted(away)
    assert [one.worth for one in found] == sorted((one.worth for one in found), reverse=True)
    assert all(0.25 < one.wrong_side < 0.5 for one in found)


def test_the_line_of_places_lies_halfway_between_the_two_at_it():
    values = sorted((one.value for one in ROUND.declarations.values()), reverse=True)

    assert line_of(ROUND.parts[0].fit, BestPlaces(8)) == pytest.approx((values[7] + values[8]) / 2)


@pytest.mark.parametrize(("budget", "most_each"), [(1, 2), (7, 1), (7, 2), (30, 3)])
def test_budget_and_cap_are_kept(budget, most_each):
    found = propose(ROUND, BestPlaces(8), budget, most_each=most_each)

    assert sum(one.opinions for one in found) <= budget
    assert all(1 <= one.opinions <= most_each for one in found)
    assert sum(one.opinions for one in found) == min(
        budget, most_each * len(propose(ROUND, BestPlaces(8), 1000, most_each=1))
    )


def test_fewer_sheets_are_worth_more_at_the_same_distance():
    """Of two declarations equally far from the line the less judged one is asked for first."""
    scores = drawn(declarations=40, experts=10, each=4)
    thin = {pair: v for pair, v in scores.items() if pair[0] != "d010"}
    thin |= dict([(pair, v) for pair, v in scores.items() if pair[0] == "d010"][:2])
    found = calibrate(thin)
    here = known(found.declarations["d010"].value)

    proposals = {one.declaration: one for one in propose(found, LeastScore(here), 100)}

    assert proposals["d010"].worth == max(one.worth for one in proposals.values())
    assert proposals["d010"].wrong_side == pytest.approx(0.5)


@pytest.mark.parametrize("budget", [0, -3])
def test_without_a_budget_nothing_is_proposed(budget):
    assert propose(ROUND, BestPlaces(8), budget) == []


def test_too_little_data_proposes_nothing():
    small = calibrate({(f"d{n}", f"e{k}"): n * k for n in range(5) for k in range(3)})

    assert propose(small, BestPlaces(2), 10) == []


def test_the_proposal_is_the_same_each_time():
    assert propose(ROUND, BestPlaces(8), 20) == propose(ROUND, BestPlaces(8), 20)
