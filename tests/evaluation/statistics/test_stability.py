"""Rank intervals and who may be on the wrong side of the line."""

import numpy as np
import pytest

from evaluation.statistics.calibration import calibrate
from evaluation.statistics.chance import Chance
from evaluation.statistics.stability import BestPlaces, LeastScore, draws, places, stability
from tests.evaluation.statistics.worked_examples import drawn, known

ROUND = known(calibrate(drawn(declarations=40, experts=10, each=4)))


def test_the_draws_are_those_of_the_fitted_model():
    fit = ROUND.parts[0].fit

    found = draws(fit, Chance(5), 20_000)

    assert found.mean(axis=1) == pytest.approx(fit.values, abs=0.15)
    assert found.std(axis=1) == pytest.approx(fit.value_errors, rel=0.03)


def test_draws_hang_together_as_the_full_equations_say():
    """Declarations with experts in common are too high or too low together."""
    fit = ROUND.parts[0].fit
    z = np.eye(len(fit.table.declarations))[fit.table.row]
    w = np.eye(len(fit.table.experts))[fit.table.column]
    d, e, rest = fit.components.declaration, fit.components.expert, fit.components.error
    inverse = np.linalg.inv(d * z @ z.T + e * w @ w.T + rest * np.eye(len(z)))
    off = 1 - d * z.T @ inverse.sum(axis=1)
    expected = d * np.eye(z.shape[1]) - d**2 * z.T @ inverse @ z
    expected += np.outer(off, off) / inverse.sum()

    found = np.cov(draws(fit, Chance(5), 40_000))

    assert np.abs(found - expected).max() < 0.03 * expected.max()
    beside = expected - np.diag(np.diag(expected))
    assert beside.max() > 0.1 * expected.max()  # or there would be nothing to see


def test_a_seed_gives_the_same_places_again_and_another_seed_others():
    one, two = stability(ROUND, seed=3), stability(ROUND, seed=3)

    assert one.standings == two.standings
    assert stability(ROUND, seed=4).standings != one.standings


def test_places_count_from_the_best_adjusted_score_and_lie_in_their_intervals():
    found = stability(ROUND, seed=3).standings

    best = sorted(found, key=lambda key: -ROUND.declarations[key].value)
    assert [found[key].place for key in best] == list(range(1, 41))
    assert all(1 <= one.lowest <= one.place <= one.highest <= 40 for one in found.values())
    assert {one.above for one in found.values()} == {None}


def test_a_higher_level_gives_wider_intervals():
    wide, narrow = (stability(ROUND, seed=3, level=level).standings for level in (0.95, 0.5))

    widths = [(wide[key].highest - wide[key].lowest) for key in wide]
    assert sum(widths) > 1.5 * sum(one.highest - one.lowest for one in narrow.values())
    assert all(wide[key].lowest <= narrow[key].lowest for key in wide)


def test_the_probabilities_to_be_among_the_best_add_up_to_their_number():
    found = stability(ROUND, seed=3, cut=BestPlaces(12))

    above = {key: known(one.above) for key, one in found.standings.items()}
    assert sum(above.values()) == pytest.approx(12)
    by_place = sorted(found.standings.values(), key=lambda one: one.place)
    assert known(by_place[0].above) > 0.95
    assert known(by_place[-1].above) < 0.05


def test_neighbours_of_the_line_are_paired_outwards():
    found = stability(ROUND, seed=3, cut=BestPlaces(12))

    place = {key: one.place for key, one in found.standings.items()}
    assert [(place[one.inside], place[one.outside]) for one in found.swaps] == [
        (12, 13),
        (11, 14),
        (10, 15),
        (9, 16),
        (8, 17),
    ]
    assert 0.3 < found.swaps[0].probability < 0.55
    assert found.swaps[-1].probability < found.swaps[0].probability


def test_a_line_in_points_asks_who_has_them():
    found = stability(ROUND, seed=3, cut=LeastScore(70.0))

    fit = ROUND.parts[0].fit
    for key, value, error in zip(fit.table.declarations, fit.values, fit.value_errors, strict=True):
        above = known(found.standings[key].above)
        assert (above > 0.5) == (value > 70) or abs(value - 70) < 0.1 * error
    inside = sum(one.value >= 70 for one in ROUND.declarations.values())
    assert found.standings[found.swaps[0].inside].place == inside


@pytest.mark.parametrize("cut", [BestPlaces(0), BestPlaces(40), BestPlaces(99), LeastScore(1e9)])
def test_a_line_that_nobody_crosses_has_no_neighbours(cut):
    assert stability(ROUND, seed=3, cut=cut).swaps == ()


def test_without_enough_data_nobody_has_a_place():
    small = calibrate({(f"d{n}", f"e{k}"): n * k for n in range(5) for k in range(3)})

    assert stability(small, seed=1).standings == {}


def test_a_declaration_with_one_sheet_has_no_place():
    found = stability(calibrate({**drawn(), ("alone", "e000"): 99}), seed=1)

    assert "alone" not in found.standings
    assert len(found.standings) == 40


def test_parts_that_nobody_compares_have_no_common_places():
    scores = drawn()
    apart = {(f"x{one}", f"x{two}"): value for (one, two), value in scores.items()}

    assert stability(calibrate({**scores, **apart}), seed=1).standings == {}


def test_equal_values_keep_the_order_of_the_rows():
    assert places(np.array([[5.0], [7.0], [5.0], [9.0]]))[:, 0].tolist() == [3, 2, 4, 1]
