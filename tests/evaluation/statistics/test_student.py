"""Student's distribution without scipy, held against it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from evaluation.statistics import student


@given(st.floats(0.5, 0.9999), st.integers(1, 400))
def test_quantiles_are_those_of_scipy(probability, degrees):
    expected = stats.t.ppf(probability, degrees)

    assert student.quantile(probability, degrees) == pytest.approx(expected, rel=1e-9, abs=1e-9)


def test_quantiles_are_those_of_the_printed_table():
    assert [f"{student.quantile(0.975, n):.3f}" for n in (1, 2, 5, 10, 30)] == [
        "12.706",
        "4.303",
        "2.571",
        "2.228",
        "2.042",
    ]


@pytest.mark.parametrize(("probability", "degrees"), [(0.4, 3), (1.0, 3), (0.9, 0)])
def test_what_it_is_not_made_for_is_refused(probability, degrees):
    with pytest.raises(ValueError, match="Asks for"):
        student.quantile(probability, degrees)
