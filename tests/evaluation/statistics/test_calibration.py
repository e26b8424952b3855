"""Adjusted scores: who gains, what order and gaps change, and when there is too little data."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.statistics import calibration
from evaluation.statistics.calibration import TooLittle
from tests.evaluation.statistics.worked_examples import drawn

SCORES = drawn(declarations=30, experts=8, each=3)


def calibrate(scores, **options):
    return calibration.calibrate(scores, **options)


def raw_means(scores):
    sums: dict[str, list[float]] = {}
    for (declaration, _expert), value in scores.items():
        sums.setdefault(declaration, []).append(value)
    return {key: sum(values) / len(values) for key, values in sums.items()}


def reasons(found):
    every = [*found.declarations.values(), *found.experts.values()]
    assert all((one.value is None) == (one.too_little is not None) for one in every)
    return {one.too_little for one in every}


def figures(found):
    return {key: one.value for key, one in found.declarations.items()}


def test_who_met_strict_experts_is_lifted_and_who_met_kind_ones_is_lowered():
    """Ten experts of equal skill, one of them 20 points strict and one 20 points kind."""
    strict, kind, plain = "e0", "e9", [f"e{k}" for k in range(1, 9)]
    scores = {}
    for n in range(40):
        special = (strict, kind)[n % 2]
        for step, expert in enumerate((special, plain[n % 8], plain[(n + 3) % 8])):
            merit = 70 + (n * 7 % 11) + (-1, 0, 1)[(n + step) % 3]
            scores[f"d{n:02}", expert] = merit + {strict: -20, kind: 20}.get(expert, 0)

    found, means = calibrate(scores), raw_means(scores)

    assert found.experts[strict].value == pytest.approx(-20, abs=2)
    assert found.experts[kind].value == pytest.approx(20, abs=2)
    for key, one in found.declarations.items():
        met_strict = (key, strict) in scores
        assert (one.value > means[key]) == met_strict
        assert one.value == pytest.approx(means[key] + (20 / 3 if met_strict else -20 / 3), abs=2)


def test_an_estimate_lies_inside_its_interval_and_knows_its_sheets():
    found = calibrate(SCORES)

    assert reasons(found) == {None}
    assert {one.sheets for one in found.declarations.values()} == {3}
    assert all(one.lower < one.value < one.upper for one in found.declarations.values())


def test_a_higher_level_gives_a_wider_interval():
    ninety, half = calibrate(SCORES), calibrate(SCORES, level=0.5)

    one, other = ninety.declarations["d000"], half.declarations["d000"]
    assert one.value == other.value
    assert (one.upper - one.lower) / (other.upper - other.lower) == pytest.approx(
        1.6449 / 0.6745, abs=1e-3
    )


def test_the_same_scores_in_another_order_give_the_same_figures_to_the_last_bit():
    turned = dict(reversed(SCORES.items()))

    one, two = calibrate(SCORES), calibrate(turned)

    assert (one.declarations, one.experts) == (two.declarations, two.experts)


@settings(max_examples=15, deadline=None)
@given(st.randoms(use_true_random=False), st.integers(1, 40))
def test_names_change_nothing_beyond_rounding(chance, seed):
    scores = drawn(seed=seed, declarations=15, experts=6, each=4)
    experts = sorted({expert for _declaration, expert in scores})
    names = dict(zip(experts, chance.sample(experts, len(experts)), strict=True))
    renamed = {(one, names[two]): value for (one, two), value in scores.items()}

    before, after = calibrate(scores), calibrate(renamed)

    assert reasons(before) == reasons(after)
    if None in reasons(before):
        assert figures(after) == pytest.approx(figures(before), abs=1e-9)


@settings(max_examples=15, deadline=None)
@given(st.integers(1, 40), st.integers(-30, 30), st.integers(1, 5))
def test_the_figures_move_with_origin_and_unit_of_the_scale(seed, shift, factor):
    scores = drawn(seed=seed, declarations=15, experts=6, each=4)
    moved = {pair: factor * value + shift for pair, value in scores.items()}

    before, after = calibrate(scores), calibrate(moved)

    assert reasons(before) == reasons(after)
    if None in reasons(before):
        expected = {key: factor * value + shift for key, value in figures(before).items()}
        assert figures(after) == pytest.approx(expected, abs=1e-7)


def test_cells_without_a_score_are_left_out_and_not_nought():
    with_gaps = {**SCORES, ("d000", "e999"): None, ("d999", "e000"): None}

    assert calibrate(with_gaps).declarations == calibrate(SCORES).declarations


def test_unequal_numbers_of_sheets_are_no_obstacle():
    thinner = {pair: value for n, (pair, value) in enumerate(sorted(SCORES.items())) if n % 7}

    found = calibrate(thinner)

    assert {one.sheets for one in found.declarations.values()} == {2, 3}
    assert reasons(found) == {None}


def test_a_declaration_with_one_sheet_has_no_adjusted_score_but_the_others_have():
    found = calibrate({**SCORES, ("alone", "e003"): 70})

    assert found.declarations["alone"].too_little is TooLittle.ONE_SHEET
    assert sum(one.value is None for one in found.declarations.values()) == 1


@pytest.mark.parametrize(
    ("scores", "lack"),
    [
        ({(f"d{n}", "e0"): 60 + n for n in range(30)}, TooLittle.FEW_EXPERTS),
        ({(f"d{n}", f"e{k}"): n * k for n in range(30) for k in range(4)}, TooLittle.FEW_EXPERTS),
        (
            {(f"d{n}", f"e{k}"): n * k for n in range(9) for k in range(8)},
            TooLittle.FEW_DECLARATIONS,
        ),
        (drawn(declarations=16, experts=6, each=2), TooLittle.FEW_SHARED),
        (dict.fromkeys(SCORES, 70), TooLittle.ALL_EQUAL),
        (
            {(f"d{n:02}", f"e{k}"): 70 + 5 * ((n + k) % 2) for n in range(20) for k in range(6)},
            TooLittle.NOT_TOLD_APART,
        ),
    ],
)
def test_too_little_data_is_said_instead_of_a_figure(scores, lack):
    assert reasons(calibrate(scores)) == {lack}


def test_one_sheet_each_is_too_little():
    found = calibrate({(f"d{n:02}", f"e{n % 6}"): 60 + n for n in range(30)})

    assert reasons(found) == {TooLittle.FEW_EXPERTS}
    assert len(found.parts) == 6


def test_nothing_has_no_figures():
    found = calibrate({})

    assert (found.declarations, found.experts, found.parts) == ({}, {}, ())


def test_parts_that_share_no_expert_are_judged_each_by_itself():
    """Water and air have panels of their own: a strict panel and weak declarations look alike."""
    water = {(f"w{one}", f"w{two}"): value for (one, two), value in SCORES.items()}
    air = {(f"a{one}", f"a{two}"): value - 30 for (one, two), value in SCORES.items()}

    found, alone = calibrate({**water, **air}), calibrate(SCORES)

    assert len(found.parts) == 2
    assert found.components is None
    for key, one in alone.declarations.items():
        assert found.declarations[f"w{key}"].value == pytest.approx(one.value, abs=1e-9)
        assert found.declarations[f"a{key}"].value == pytest.approx(one.value - 30, abs=1e-9)


def test_a_small_part_has_too_little_while_the_large_one_has_enough():
    small = {(f"x{n}", f"y{k}"): 60 + n + k for n in range(3) for k in range(3)}

    found = calibrate({**SCORES, **small})

    assert found.declarations["x0"].too_little is TooLittle.FEW_EXPERTS
    assert found.declarations["d000"].value is not None


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_score_is_a_number(value):
    with pytest.raises(ValueError, match="finite"):
        calibrate({("a", "b"): value})
