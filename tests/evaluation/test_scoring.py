"""The arithmetic of the scores, by hand and by its laws."""

from decimal import Decimal
from fractions import Fraction
from statistics import stdev

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from evaluation import scoring
from evaluation.scoring import DimensionWeights, Gates

GATES = Gates(Decimal(60), Decimal(75), Decimal(60))
TWO = [
    DimensionWeights("new", Decimal(75), {"a": Decimal(40), "b": Decimal(60)}),
    DimensionWeights("cheap", Decimal(25), {"c": Decimal(100)}),
]

scores = st.integers(0, 100).map(Decimal)
maybe = st.none() | scores
weights = st.integers(1, 100).map(Decimal)


def sheet(a, b, c):
    return {"new.a": _number(a), "new.b": _number(b), "cheap.c": _number(c)}


def _number(value):
    return None if value is None else Decimal(value)


sheets = st.builds(sheet, maybe, maybe, maybe)
full_sheets = st.builds(sheet, scores, scores, scores)


def test_a_sheet_comes_to_weighted_means_and_a_weighted_total():
    found = scoring.figures(TWO, sheet(80, 70, 60))

    assert found.dimensions == {"new": Fraction(74), "cheap": Fraction(60)}
    assert found.total == Fraction(141, 2)


def test_what_is_not_scored_is_left_out_and_not_nought():
    found = scoring.figures(TWO, sheet(80, None, None))

    assert found.dimensions == {"new": Fraction(80), "cheap": None}
    assert found.total == Fraction(80)


def test_an_empty_sheet_comes_to_nothing():
    found = scoring.figures(TWO, {})

    assert found.dimensions == {"new": None, "cheap": None}
    assert found.total is None
    assert scoring.rounded(found.total) is None


@pytest.mark.parametrize(
    ("exact", "shown"),
    [
        (Fraction(149989, 2000), "74.99"),
        (Fraction(149990, 2000), "75.00"),
        (Fraction(200, 3), "66.67"),
        (Fraction(100), "100.00"),
        (Fraction(0), "0.00"),
    ],
)
def test_a_figure_is_rounded_to_two_places_half_up(exact, shown):
    assert str(scoring.rounded(exact)) == shown


def test_the_spread_is_the_sample_standard_deviation_and_the_extremes():
    found = scoring.spread([Fraction(80), None, Fraction(70), Fraction(60)])

    assert found == scoring.Spread(
        count=3,
        mean=Decimal("70.00"),
        deviation=Decimal("10.00"),
        minimum=Decimal("60.00"),
        maximum=Decimal("80.00"),
    )


def test_one_sheet_has_no_spread():
    assert scoring.spread([Fraction(80)]).deviation is None


def test_no_sheet_has_no_figures():
    assert scoring.spread([]) == scoring.Spread(0, None, None, None, None)


@pytest.mark.parametrize(
    ("total", "lowest", "verdict"),
    [
        ("75.00", "60.00", scoring.RECOMMENDED),
        ("74.99", "60.00", scoring.DISCUSSION),
        ("60.00", "60.00", scoring.DISCUSSION),
        ("59.99", "59.99", scoring.NOT_RECOMMENDED),
        ("90.00", "59.99", scoring.NOT_RECOMMENDED),
    ],
)
def test_the_gates_are_passed_on_the_gate_and_held_against_rounded_figures(total, lowest, verdict):
    means = {"new": Decimal(total), "cheap": Decimal(lowest)}

    assert scoring.verdict(Decimal(total), means, GATES) == verdict


def test_without_scores_there_is_no_verdict():
    assert scoring.verdict(None, {"new": None}, GATES) is None


def test_the_result_is_a_document_of_strings():
    given = {"x": sheet(80, 80, 50), "y": sheet(90, 90, 60)}
    found = scoring.result(TWO, GATES, given, method="mean-1")

    assert found == {
        "method": "mean-1",
        "sheets": {
            "x": {"dimensions": {"new": "80.00", "cheap": "50.00"}, "total": "72.50"},
            "y": {"dimensions": {"new": "90.00", "cheap": "60.00"}, "total": "82.50"},
        },
        "dimensions": {
            "new": {
                "count": 2,
                "mean": "85.00",
                "deviation": "7.07",
                "minimum": "80.00",
                "maximum": "90.00",
            },
            "cheap": {
                "count": 2,
                "mean": "55.00",
                "deviation": "7.07",
                "minimum": "50.00",
                "maximum": "60.00",
            },
        },
        "total": {
            "count": 2,
            "mean": "77.50",
            "deviation": "7.07",
            "minimum": "72.50",
            "maximum": "82.50",
        },
        "failed_dimensions": ["cheap"],
        "verdict": "not_recommended",
    }


def test_the_newer_method_adds_the_indicators_and_nothing_else():
    given = {"x": sheet(80, 80, 50), "y": sheet(90, None, 60)}
    first = scoring.result(TWO, GATES, given, method="mean-1")
    newer = scoring.result(TWO, GATES, given)

    added = {name: newer.pop(name) for name in ("indicators", "failed_indicators")}

    assert newer | {"method": "mean-1"} == first
    assert added["failed_indicators"] == []
    assert added["indicators"]["new.b"] == {
        "count": 1,
        "mean": "80.00",
        "deviation": None,
        "minimum": "80.00",
        "maximum": "80.00",
    }
    assert added["indicators"]["cheap.c"]["mean"] == "55.00"


def test_an_unknown_method_is_refused():
    with pytest.raises(ValueError, match="mean-0"):
        scoring.result(TWO, GATES, {}, method="mean-0")


def test_a_dimension_may_have_a_minimum_of_its_own():
    lenient = Gates(Decimal(60), Decimal(75), Decimal(60), minimums={"cheap": Decimal(50)})
    given = {"x": sheet(90, 90, 50)}

    found = scoring.result(TWO, lenient, given)
    strict = scoring.result(TWO, GATES, given)

    assert (found["failed_dimensions"], found["verdict"]) == ([], "recommended")
    assert (strict["failed_dimensions"], strict["verdict"]) == (["cheap"], "not_recommended")


@pytest.mark.parametrize(
    ("second", "failed", "verdict"),
    [(60, [], "recommended"), (59, ["new.b"], "not_recommended")],
)
def test_a_veto_stands_against_inclusion_whatever_the_total(second, failed, verdict):
    vetoing = Gates(Decimal(0), Decimal(75), Decimal(0), vetoes={"new.b": Decimal(70)})
    given = {"x": sheet(100, 80, 100), "y": sheet(100, second, 100), "z": sheet(100, None, 100)}

    found = scoring.result(TWO, vetoing, given)

    assert (found["failed_indicators"], found["verdict"]) == (failed, verdict)


# Laws -----------------------------------------------------------------------------------


@given(sheets)
def test_means_and_total_lie_between_the_lowest_and_the_highest_score(one):
    given_values = [value for value in one.values() if value is not None]
    assume(given_values)

    found = scoring.figures(TWO, one)

    for figure in (*found.dimensions.values(), found.total):
        assert figure is None or min(given_values) <= figure <= max(given_values)


@given(st.lists(sheets, max_size=6), st.randoms(use_true_random=False))
def test_the_order_of_the_sheets_changes_nothing(some, random):
    named = {str(number): one for number, one in enumerate(some)}
    shuffled = list(named.items())
    random.shuffle(shuffled)

    assert scoring.result(TWO, GATES, named) == scoring.result(TWO, GATES, dict(shuffled))


@given(full_sheets, st.sampled_from(["new.a", "new.b", "cheap.c"]), st.integers(1, 100))
def test_a_higher_score_never_lowers_the_total(one, key, more):
    raised = {**one, key: min(Decimal(100), one[key] + more)}

    before, after = scoring.figures(TWO, one).total, scoring.figures(TWO, raised).total

    assert before is not None
    assert after is not None
    assert after >= before
    assert (after > before) == (raised[key] > one[key])


@given(sheets, st.integers(1, 1000))
def test_only_the_ratio_of_the_weights_counts(one, factor):
    scaled = [
        DimensionWeights(
            d.code, d.weight * factor, {code: w * factor for code, w in d.indicators.items()}
        )
        for d in TWO
    ]

    assert scoring.figures(scaled, one) == scoring.figures(TWO, one)


@given(st.lists(scores, min_size=2, max_size=8))
def test_the_deviation_is_the_one_of_the_textbook(values):
    found = scoring.spread([Fraction(value) for value in values]).deviation

    assert found is not None
    assert abs(float(found) - stdev(map(float, values))) <= 0.0051


@given(st.dictionaries(st.text(min_size=1), st.tuples(weights, maybe), max_size=6))
def test_a_mean_of_equal_values_is_that_value(pairs):
    equal = [(weight, Decimal(73)) for weight, _value in pairs.values()]

    assert scoring.weighted_mean(equal) == (Fraction(73) if equal else None)
