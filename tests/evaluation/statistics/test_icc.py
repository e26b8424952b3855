"""Intraclass correlations of a full table, against Shrout and Fleiss 1979."""

import numpy as np
import pytest

from evaluation.statistics.icc import coefficients
from tests.evaluation.statistics.worked_examples import SHROUT_FLEISS

# Value as Shrout and Fleiss print it (table 4); limits as psych::ICC prints them for that table.
PRINTED = {
    "one": (".17", "-0.133", "0.72"),
    "agreement": (".29", "0.019", "0.76"),
    "consistency": (".71", "0.342", "0.95"),
    "one_mean": (".44", "-0.884", "0.91"),
    "agreement_mean": (".62", "0.071", "0.93"),
    "consistency_mean": (".91", "0.676", "0.99"),
}


@pytest.mark.parametrize(("name", "printed"), PRINTED.items())
def test_the_six_coefficients_are_those_printed(name, printed):
    found = getattr(coefficients(SHROUT_FLEISS), name)

    shown = (f"{found.value:.2f}"[1:], f"{found.lower:.3f}", f"{found.upper:.2f}")
    assert shown == printed


def test_order_of_declarations_and_experts_changes_nothing():
    turned = SHROUT_FLEISS[::-1, [2, 0, 3, 1]]

    one, two = coefficients(SHROUT_FLEISS), coefficients(turned)

    assert two.agreement.value == pytest.approx(one.agreement.value)
    assert two.agreement.lower == pytest.approx(one.agreement.lower)


def test_a_constant_severity_counts_for_agreement_and_not_for_consistency():
    rough = SHROUT_FLEISS + np.array([0.0, 3.0, 0.0, 0.0])

    assert coefficients(rough).consistency.value == pytest.approx(
        coefficients(SHROUT_FLEISS).consistency.value
    )
    assert coefficients(rough).agreement.value != pytest.approx(
        coefficients(SHROUT_FLEISS).agreement.value
    )


@pytest.mark.parametrize(
    "table",
    [
        np.full((6, 4), 70.0),  # all equal
        np.array([[60.0, 70.0], [70.0, 80.0], [80.0, 90.0]]),  # no error at all
        np.array([[60.0], [70.0]]),  # a single expert
        np.array([[60.0, 70.0, 80.0]]),  # a single declaration
    ],
)
def test_where_nothing_can_be_told_there_is_no_coefficient(table):
    assert coefficients(table) is None


def test_empty_cells_are_refused():
    with pytest.raises(ValueError, match="empty cells"):
        coefficients(np.array([[1.0, np.nan], [2.0, 3.0]]))
