"""Agreement: published examples to the printed digit, its laws, and what it refuses."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.statistics import agreement
from evaluation.statistics.agreement import Metric, SelectionError
from evaluation.statistics.calibration import TooLittle
from tests.evaluation.statistics.worked_examples import (
    KRIPPENDORFF,
    SHROUT_FLEISS,
    THREE_OBSERVERS,
    by_observer,
    by_target,
    drawn,
    judged,
)

cells = st.dictionaries(
    st.tuples(st.sampled_from("abcdefgh"), st.sampled_from("vwxyz")),
    st.none() | st.integers(0, 100),
    max_size=40,
)


def alpha(scores, **options):
    return agreement.alpha(scores, judged(scores), **{"seed": 1, "number": 200, **options})


@pytest.mark.parametrize(
    ("table", "metric", "printed"),
    [
        (KRIPPENDORFF, Metric.INTERVAL, "0.849"),
        (KRIPPENDORFF, Metric.ORDINAL, "0.815"),
        (THREE_OBSERVERS, Metric.INTERVAL, "0.811"),
    ],
)
def test_alpha_is_the_one_of_the_published_example(table, metric, printed):
    assert f"{alpha(by_observer(table), metric=metric).value:.3f}" == printed


def correlation(scores, **options):
    return agreement.correlation(scores, judged(scores), **options)


def test_units_of_one_score_are_not_compared():
    found = alpha(by_observer(KRIPPENDORFF))

    assert (found.declarations, found.sheets) == (11, 40)


def test_the_interval_of_alpha_is_found_again_by_its_seed():
    scores = drawn()

    one, two, other = alpha(scores), alpha(scores), alpha(scores, seed=2)

    assert one == two
    assert one.lower < one.value < one.upper
    assert (other.value, other.lower) != (one.value, one.lower)
    assert other.value == one.value


def test_perfect_agreement_is_one_and_opposites_are_below_nought():
    same = by_target([[10, 10], [40, 40], [90, 90]])
    opposite = by_target([[0, 100], [100, 0], [0, 100], [100, 0]])

    assert alpha(same).value == 1.0
    assert alpha(opposite).value == pytest.approx(-0.75)


@pytest.mark.parametrize(
    ("scores", "lack"),
    [
        ({}, TooLittle.ONE_SHEET),
        ({("a", "x"): 50, ("b", "y"): 60}, TooLittle.ONE_SHEET),
        ({("a", "x"): 50, ("a", "y"): 50, ("b", "x"): 50, ("b", "y"): 50}, TooLittle.ALL_EQUAL),
    ],
)
def test_alpha_says_why_there_is_none(scores, lack):
    found = alpha(scores)

    assert (found.value, found.lower, found.upper, found.too_little) == (None, None, None, lack)


@pytest.mark.parametrize("compute", [agreement.correlation, lambda s, a: alpha_of(s, a)])
def test_agreement_is_refused_on_a_shortlist(compute):
    scores = drawn()
    shortlist = {pair: value for pair, value in scores.items() if pair[0] < "d010"}

    with pytest.raises(SelectionError, match="30 missing, 0 foreign"):
        compute(shortlist, judged(scores))
    with pytest.raises(SelectionError, match="0 missing, 30 foreign"):
        compute(scores, judged(shortlist))


def alpha_of(scores, activity):
    return agreement.alpha(scores, activity, seed=1)


@settings(max_examples=60, deadline=None)
@given(cells, st.randoms(use_true_random=False), st.sampled_from(Metric))
def test_order_and_names_of_the_experts_change_nothing(scores, chance, metric):
    names = dict(zip("vwxyz", chance.sample("vwxyz", 5), strict=True))
    renamed = [((one, names[two]), value) for (one, two), value in scores.items()]
    chance.shuffle(renamed)

    before, after = alpha(scores, metric=metric), alpha(dict(renamed), metric=metric)

    assert after.too_little == before.too_little
    assert after.value == (None if before.value is None else pytest.approx(before.value))


@settings(max_examples=60, deadline=None)
@given(cells, st.integers(1, 9), st.integers(-50, 50))
def test_alpha_does_not_depend_on_unit_and_origin_of_the_scale(scores, factor, shift):
    moved = {pair: None if v is None else factor * v + shift for pair, v in scores.items()}

    before, after = alpha(scores).value, alpha(moved).value

    assert after == (None if before is None else pytest.approx(before))


def test_not_scored_cells_are_left_out_and_not_nought():
    scores = drawn()
    with_gaps = {**scores, ("d000", "e999"): None, ("d001", "e998"): None}

    assert alpha(with_gaps) == alpha(scores)


def test_a_table_with_empty_cells_has_a_correlation_with_interval():
    scores = drawn(declarations=60, experts=12)

    one = correlation(scores)
    five = correlation(scores, sheets=5)

    assert 0 < one.lower < one.value < one.upper < 1
    # Spearman and Brown: what five experts together come to.
    assert five.value == pytest.approx(5 * one.value / (1 + 4 * one.value))
    surer = correlation(scores, level=0.99)
    assert surer.lower < one.lower < one.upper < surer.upper


def test_a_correlation_asks_for_enough_sheets():
    scores = by_target(SHROUT_FLEISS)

    assert correlation(scores).too_little is TooLittle.FEW_EXPERTS


def test_agreement_among_the_best_alone_would_mislead():
    """Why a selection is refused: the same experts, the same sheets, only the best declarations."""
    scores = drawn(seed=3, declarations=200, experts=20)
    means = {
        key: sum(v for (one, _e), v in scores.items() if one == key) / 4 for key in judged(scores)
    }
    best = set(sorted(means, key=means.__getitem__)[-20:])
    shortlist = {pair: value for pair, value in scores.items() if pair[0] in best}

    assert alpha(scores).value > 0.4
    assert alpha(shortlist).value < 0.1
