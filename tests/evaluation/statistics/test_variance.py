"""The two-way model against the same equations written out in full, and against ANOVA."""

import numpy as np
import pytest

from evaluation.statistics import variance
from evaluation.statistics.crossed import connected_parts, crossed
from tests.evaluation.statistics.worked_examples import SHROUT_FLEISS, by_target, drawn


class Plain:
    """The model of a small table with all matrices in full, as the textbook writes them."""

    def __init__(self, table, components):
        self.count = len(table.values)
        self.z = np.eye(len(table.declarations))[table.row]
        self.w = np.eye(len(table.experts))[table.column]
        self.kinds = [self.z @ self.z.T, self.w @ self.w.T, np.eye(self.count)]
        parts = (components.declaration, components.expert, components.error)
        self.v = sum(part * kind for part, kind in zip(parts, self.kinds, strict=True))
        self.inverse = np.linalg.inv(self.v)
        self.ones = np.ones(self.count)
        self.mean_precision = self.ones @ self.inverse @ self.ones
        of_ones = self.inverse @ self.ones
        self.p = self.inverse - np.outer(of_ones, of_ones) / self.mean_precision
        self.mean = of_ones @ table.values / self.mean_precision
        self.errors = self.p @ table.values


@pytest.fixture
def table():
    return crossed(drawn(declarations=30, experts=8, each=3))


@pytest.fixture
def fitted(table):
    return variance.fit(table)


@pytest.fixture
def plain(table, fitted):
    return Plain(table, fitted.components)


def test_the_estimates_make_every_slope_of_the_restricted_likelihood_nought(plain):
    for kind in plain.kinds:
        slope = np.trace(plain.p @ kind) - plain.errors @ kind @ plain.errors
        assert slope == pytest.approx(0.0, abs=1e-11)


def test_predictions_and_their_errors_are_those_of_the_textbook(fitted, plain):
    parts = fitted.components
    d, e = parts.declaration, parts.expert
    kept = 1 - d * plain.z.T @ plain.inverse @ plain.ones
    errors = (
        d - d**2 * np.diag(plain.z.T @ plain.inverse @ plain.z) + (kept**2 / plain.mean_precision)
    )

    assert parts.mean == pytest.approx(plain.mean, abs=1e-9)
    assert fitted.values == pytest.approx(plain.mean + d * plain.z.T @ plain.errors, abs=1e-9)
    assert fitted.severities == pytest.approx(e * plain.w.T @ plain.errors, abs=1e-9)
    assert fitted.value_errors**2 == pytest.approx(errors, abs=1e-9)
    assert fitted.severity_errors**2 == pytest.approx(
        e - e**2 * np.diag(plain.w.T @ plain.p @ plain.w), abs=1e-9
    )


def test_the_information_is_the_average_one(fitted, plain, table):
    y = table.values
    expected = [
        [y @ plain.p @ one @ plain.p @ two @ plain.p @ y / 2 for one in plain.kinds]
        for two in plain.kinds
    ]

    assert variance.information(fitted) == pytest.approx(np.array(expected))


def test_a_table_without_empty_cells_has_the_variances_of_anova():
    """Shrout and Fleiss 1979, table 3: mean squares 11.24, 32.49 and 1.02 of 6 by 4."""
    found = variance.fit(crossed(by_target(SHROUT_FLEISS))).components

    assert found.error == pytest.approx(1.0194, abs=1e-4)
    assert found.declaration == pytest.approx((11.2417 - 1.0194) / 4, abs=1e-4)
    assert found.expert == pytest.approx((32.4861 - 1.0194) / 6, abs=1e-4)
    whole = found.declaration + found.expert + found.error
    assert f"{found.declaration / whole:.2f}" == "0.29"  # ICC(2,1), as printed


def test_experts_who_do_not_differ_have_no_variance():
    alternating = {
        (f"d{n:02}", f"e{k}"): 70 + n + (3 if (n + k) % 2 else -3)
        for n in range(20)
        for k in range(6)
    }

    found = variance.fit(crossed(alternating))

    assert found.components.expert == 0.0
    assert found.severities == pytest.approx(np.zeros(6))


def test_agreement_without_error_leaves_the_raw_scores_standing():
    exact = {(f"d{n:02}", f"e{k}"): 50 + 2 * n for n in range(20) for k in range(6)}

    found = variance.fit(crossed(exact))

    assert found.values == pytest.approx(np.arange(50, 90, 2), abs=0.01)
    assert found.value_errors == pytest.approx(np.zeros(20), abs=0.1)


@pytest.mark.parametrize("seed", range(12))
def test_no_point_of_a_fine_grid_is_likelier_than_the_estimate(seed):
    """Also where a variance is nought: merits or severities that do not differ."""
    chance = np.random.default_rng(seed)
    merits = chance.normal(0, (0, 0.5, 3)[seed % 3], 25)
    severities = chance.normal(0, (0, 0.5, 3)[seed // 3 % 3], 8)
    scores = {
        (f"d{n:02}", f"e{k}"): round(merits[n] + severities[k] + chance.normal(), 1)
        for n in range(25)
        for k in range(8)
        if chance.random() < 0.5
    }
    (table,) = connected_parts(crossed(scores))
    layout, found = variance.Layout(table), variance.fit(table).components
    grid = np.concatenate([[0.0], np.logspace(-4, 5, 40)])

    here = variance.Equations(layout, found.declaration / found.error)
    deviance = here.deviance(np.array([found.expert / found.error]))[0]

    assert deviance <= 1e-8 + min(variance.Equations(layout, d).deviance(grid).min() for d in grid)
