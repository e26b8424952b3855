"""The what-if bench: figures equal to the exact arithmetic, and who flips."""

import dataclasses
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation import scoring
from evaluation.scoring import DimensionWeights, Gates, Measure
from evaluation.statistics.calibration import calibrate
from evaluation.statistics.what_if import Bench, Scenario, flips
from tests.evaluation.statistics.worked_examples import drawn, known

GATES = Gates(Decimal(60), Decimal(75), Decimal(60))
TWO = (
    DimensionWeights("new", Decimal(75), {"a": Decimal(40), "b": Decimal(60)}),
    DimensionWeights("cheap", Decimal(25), {"c": Decimal(100)}),
)
PLAIN = Scenario(TWO, GATES)
KEYS = ("new.a", "new.b", "cheap.c")

maybe = st.none() | st.integers(0, 100).map(Decimal) | st.decimals(0, 100, places=2)
sheets = st.builds(lambda *values: dict(zip(KEYS, values, strict=True)), maybe, maybe, maybe)
rounds = st.dictionaries(
    st.tuples(st.sampled_from(["d1", "d2", "d3"]), st.sampled_from(["x", "y", "z", "w"])),
    sheets,
    max_size=12,
)
weights = st.integers(1, 100).map(Decimal) | st.decimals("0.01", 100, places=2)
dimensions = st.builds(
    lambda one, two, a, b, c: (
        DimensionWeights("new", one, {"a": a, "b": b}),
        DimensionWeights("cheap", two, {"c": c}),
    ),
    *[weights] * 5,
)
points = st.integers(0, 100).map(Decimal) | st.decimals(0, 100, places=3)
gates = st.builds(
    Gates,
    points,
    points,
    points,
    minimums=st.dictionaries(st.sampled_from(["new", "cheap"]), points),
    vetoes=st.dictionaries(st.sampled_from(KEYS), points),
)


def one_sheet(a, b, c):
    return {key: None if v is None else Decimal(v) for key, v in zip(KEYS, (a, b, c), strict=True)}


def exact(scenario, every, declaration):
    """The document the exact arithmetic keeps of one declaration, as a result here."""
    own = {
        expert: scores
        for (key, expert), scores in every.items()
        if key == declaration and expert not in scenario.without
    }
    found = scoring.result(scenario.dimensions, scenario.gates, own)
    return (
        found["total"]["mean"],
        {code: one["mean"] for code, one in found["dimensions"].items()},
        found["verdict"],
    )


def shown(result):
    return text(result.total), {k: text(v) for k, v in result.dimensions.items()}, result.verdict


def text(value):
    return None if value is None else str(value)


@settings(max_examples=100, deadline=None)
@given(rounds, dimensions, gates, st.sets(st.sampled_from("xyzw"), max_size=2))
def test_raw_figures_and_verdicts_are_those_of_the_exact_arithmetic(every, how, held, without):
    scenario = Scenario(how, held, without=frozenset(without))

    found = Bench(every).outcome(scenario)

    assert set(found) == {declaration for declaration, _expert in every}
    for declaration, result in found.items():
        assert shown(result) == exact(scenario, every, declaration)


@settings(max_examples=50, deadline=None)
@given(rounds, dimensions, gates, dimensions, gates)
def test_who_is_judged_by_another_version_comes_out_by_that(every, how, held, other, bar):
    own = dict.fromkeys(("d1", "d3"), Measure(other, bar))

    found = Bench(every).outcome(Scenario(how, held, own=own))

    for declaration, result in found.items():
        by = Scenario(other, bar) if declaration in own else Scenario(how, held)
        assert shown(result) == exact(by, every, declaration)


@pytest.mark.parametrize(
    ("scores", "total"),
    [
        ((Decimal("70.01"), Decimal("70.00")), "70.01"),  # 70.005, which a float holds too low
        ((Decimal("1.01"), Decimal("1.00")), "1.01"),  # 1.005 likewise
        ((Decimal("74.99"), Decimal("75.00")), "75.00"),  # 74.995 passes the gate
        ((Decimal("0.01"), Decimal("0.00")), "0.01"),
    ],
)
def test_halves_of_a_hundredth_go_up(scores, total):
    every = {
        ("d", expert): dict.fromkeys(KEYS, value)
        for expert, value in zip("xy", scores, strict=True)
    }

    assert str(Bench(every).outcome(PLAIN)["d"].total) == total


def test_equal_totals_share_a_place_and_the_next_is_left_free():
    every = {
        (key, "x"): one_sheet(v, v, v) for key, v in zip("abcd", (80, 90, 80, 70), strict=True)
    }

    found = Bench(every).outcome(dataclasses.replace(PLAIN, places=3))

    assert [found[key].place for key in "abcd"] == [2, 1, 2, 4]
    assert [found[key].taken for key in "abcd"] == [True, True, True, False]


def test_without_a_score_there_is_no_place():
    found = Bench({("a", "x"): one_sheet(None, None, None), ("b", "x"): one_sheet(70, 70, 70)})

    result = found.outcome(dataclasses.replace(PLAIN, places=1))["a"]

    assert (result.total, result.verdict, result.place, result.taken) == (None, None, None, None)


def test_no_sheets_have_no_outcome():
    assert Bench({}).outcome(PLAIN) == {}


EVERY = {
    ("a", "x"): one_sheet(90, 90, 62),
    ("a", "y"): one_sheet(80, 80, 62),
    ("b", "x"): one_sheet(70, 70, 95),
    ("b", "y"): one_sheet(74, 74, 95),
    ("c", "x"): one_sheet(60, 60, 60),
    ("c", "y"): one_sheet(60, 60, 61),
}


def flipped(scenario, before=PLAIN):
    bench = Bench(EVERY)
    return {
        one.declaration: (one.before.verdict, one.after.verdict)
        for one in flips(bench.outcome(before), bench.outcome(scenario))
    }


def test_nothing_flips_where_nothing_is_changed():
    assert flipped(PLAIN) == {}


def test_other_weights_show_whose_verdict_changes():
    cheap = tuple(dataclasses.replace(one, weight=Decimal(50)) for one in TWO)

    assert flipped(dataclasses.replace(PLAIN, dimensions=cheap)) == {
        "a": (scoring.RECOMMENDED, scoring.DISCUSSION)
    }


def test_another_gate_shows_whose_verdict_changes():
    stricter = dataclasses.replace(GATES, dimension_minimum=Decimal("60.01"))

    assert flipped(dataclasses.replace(PLAIN, gates=stricter)) == {
        "c": (scoring.DISCUSSION, scoring.NOT_RECOMMENDED)
    }


def test_leaving_an_expert_out_shows_whose_verdict_changes():
    stricter = dataclasses.replace(GATES, recommended=Decimal(77))

    found = flipped(
        dataclasses.replace(PLAIN, gates=stricter, without=frozenset("y")),
        dataclasses.replace(PLAIN, gates=stricter),
    )

    assert found == {"b": (scoring.RECOMMENDED, scoring.DISCUSSION)}


def test_a_place_won_or_lost_is_a_flip_too():
    cheap = tuple(dataclasses.replace(one, weight=Decimal(50)) for one in TWO)
    best = dataclasses.replace(PLAIN, places=1)

    assert set(flipped(dataclasses.replace(best, dimensions=cheap), best)) == {"a", "b"}


def of_one_indicator(scores):
    return {pair: {"all.one": Decimal(str(value))} for pair, value in scores.items()}


ONE = (DimensionWeights("all", Decimal(1), {"one": Decimal(1)}),)


def test_the_adjusted_scheme_takes_the_adjusted_totals_and_leaves_the_means_raw():
    scores = drawn()
    bench = Bench(of_one_indicator(scores))

    raw = bench.outcome(Scenario(ONE, GATES))
    found = bench.outcome(Scenario(ONE, GATES, adjusted=True))

    adjusted = known(calibrate(scores).declarations)
    for key, result in found.items():
        assert abs(float(known(result.total)) - adjusted[key].value) <= 0.005001
        assert result.dimensions == raw[key].dimensions
    assert [one.place for one in found.values()] != [one.place for one in raw.values()]


def test_with_too_little_data_nothing_is_adjusted_and_nobody_has_a_verdict():
    found = Bench(EVERY).outcome(dataclasses.replace(PLAIN, adjusted=True))

    assert {result.total for result in found.values()} == {None}
    assert {result.verdict for result in found.values()} == {None}


def test_who_has_no_adjusted_total_does_not_flip():
    scores = drawn()
    alone = ("d999", "e000")
    bench = Bench(of_one_indicator(scores | {alone: 70.0}))

    raw = bench.outcome(Scenario(ONE, GATES, places=3))
    found = bench.outcome(Scenario(ONE, GATES, adjusted=True, places=3))

    assert (found["d999"].total, found["d999"].verdict, found["d999"].untold) == (None, None, True)
    assert [key for key, one in found.items() if one.untold] == ["d999"]
    assert "d999" not in {one.declaration for one in flips(raw, found)}
    assert "d999" not in {one.declaration for one in flips(found, raw)}


def test_whose_only_expert_is_left_out_flips_adjusted_or_not():
    bench = Bench(of_one_indicator(drawn() | {("d999", "e999"): 70.0}))
    raw = bench.outcome(Scenario(ONE, GATES))

    for adjusted in (False, True):
        tried = Scenario(ONE, GATES, adjusted=adjusted, without=frozenset({"e999"}))
        found = bench.outcome(tried)
        assert (found["d999"].total, found["d999"].untold) == (None, False)
        assert "d999" in {one.declaration for one in flips(raw, found)}


def test_an_expert_left_out_of_the_adjusted_scheme_is_left_out_of_the_model():
    scores = drawn()
    bench = Bench(of_one_indicator(scores))

    found = bench.outcome(Scenario(ONE, GATES, adjusted=True, without=frozenset({"e003"})))

    rest = {pair: value for pair, value in scores.items() if pair[1] != "e003"}
    assert float(known(found["d000"].total)) == pytest.approx(
        calibrate(rest).declarations["d000"].value, abs=0.005001
    )
