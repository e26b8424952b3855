"""Laws of the raw score beyond those of test_scoring: equal, single, and left-out figures."""

from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation import scoring
from evaluation.scoring import DimensionWeights, Gates

GATES = Gates(Decimal(60), Decimal(75), Decimal(60))
weights = st.decimals("0.01", 100, places=2)
scores = st.decimals(0, 100, places=2)
codes = st.sampled_from("abcdef")
dimensions = st.lists(
    st.builds(DimensionWeights, codes, weights, st.dictionaries(codes, weights, min_size=1)),
    min_size=1,
    max_size=4,
    unique_by=lambda one: one.code,
)


def everywhere(how, value):
    return {f"{one.code}.{code}": value for one in how for code in one.indicators}


def drawn_sheet(data, how, values=scores):
    return {key: data.draw(values) for key in everywhere(how, None)}


@given(dimensions, scores, st.integers(1, 5))
def test_equal_scores_come_to_that_score_whatever_the_weights(how, value, experts):
    sheets = {str(expert): everywhere(how, value) for expert in range(experts)}

    found = scoring.result(how, GATES, sheets)

    assert found["total"]["mean"] == str(scoring.rounded(Fraction(value)))
    assert {one["mean"] for one in found["dimensions"].values()} == {found["total"]["mean"]}
    assert found["total"]["deviation"] == (None if experts == 1 else "0.00")


@settings(max_examples=30)
@given(dimensions, st.data())
def test_a_single_expert_is_the_result(how, data):
    sheet = drawn_sheet(data, how)

    found, alone = scoring.result(how, GATES, {"x": sheet}), scoring.figures(how, sheet)

    assert found["total"]["mean"] == str(scoring.rounded(alone.total))
    assert found["total"]["minimum"] == found["total"]["maximum"] == found["total"]["mean"]


@settings(max_examples=30)
@given(dimensions, st.data())
def test_what_is_not_applicable_counts_as_if_it_were_not_asked(how, data):
    sheet = drawn_sheet(data, how, st.none() | scores)
    asked = [
        DimensionWeights(
            one.code,
            one.weight,
            {c: w for c, w in one.indicators.items() if sheet[f"{one.code}.{c}"] is not None},
        )
        for one in how
    ]

    assert scoring.figures(asked, sheet) == scoring.figures(how, sheet)


@settings(max_examples=30)
@given(dimensions, st.data())
def test_an_empty_sheet_beside_others_changes_nothing(how, data):
    sheets = {str(expert): drawn_sheet(data, how) for expert in range(3)}

    one = scoring.result(how, GATES, sheets)
    two = scoring.result(how, GATES, {**sheets, "empty": everywhere(how, None)})

    assert (one["total"], one["dimensions"], one["verdict"]) == (
        two["total"],
        two["dimensions"],
        two["verdict"],
    )


@settings(max_examples=30)
@given(dimensions, st.data(), st.randoms(use_true_random=False))
def test_the_order_of_dimensions_and_experts_changes_no_figure(how, data, chance):
    sheets = {str(expert): drawn_sheet(data, how, st.none() | scores) for expert in range(3)}
    turned = chance.sample(how, len(how))
    renamed = dict(zip(chance.sample(sorted(sheets), 3), sheets.values(), strict=True))

    one, two = scoring.result(how, GATES, sheets), scoring.result(turned, GATES, renamed)

    assert two["total"] == one["total"]
    assert two["dimensions"] == one["dimensions"]
    assert two["verdict"] == one["verdict"]


@given(st.lists(st.none() | scores.map(Fraction), max_size=6))
def test_the_mean_over_the_sheets_is_the_one_of_the_spread(values):
    assert scoring.mean_of(values) == scoring.spread(values).mean
