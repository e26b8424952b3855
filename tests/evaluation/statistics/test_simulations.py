"""What the adjusted score and further opinions are worth, on rounds whose truth is known.

Small and seeded; ``benchmarks/simulations.py`` plays the same rounds fifty times each.
"""

from statistics import fmean

import pytest

from benchmarks.simulations import (
    DECLARATIONS,
    EACH,
    Accuracy,
    accuracy,
    adaptive_round,
    hits_adaptive,
    hits_flat,
)

SEEDS = range(10)


def mean_accuracy(bias):
    found = [accuracy(seed, bias) for seed in SEEDS]
    return Accuracy(*(fmean(column) for column in zip(*found, strict=True)))


def test_adjusting_costs_nothing_where_experts_hardly_differ():
    found = mean_accuracy(0.3)

    assert found.adjusted >= found.mean
    assert found.mean > found.z_score  # what z-scores cost


def test_adjusting_gains_where_experts_differ_much():
    found = mean_accuracy(1.0)

    assert found.adjusted > found.z_score > found.mean
    assert found.mean == pytest.approx(0.74, abs=0.02)
    assert found.z_score == pytest.approx(0.79, abs=0.02)
    assert found.adjusted > 0.79


def test_further_opinions_near_the_line_find_more_of_the_best_with_as_many_sheets():
    flat = fmean(hits_flat(seed, 0.7) for seed in SEEDS)
    adaptive = fmean(hits_adaptive(seed, 0.7) for seed in SEEDS)

    assert flat == pytest.approx(0.62, abs=0.03)
    assert adaptive >= 0.70
    assert adaptive >= flat + 0.05


def test_the_adaptive_round_spends_as_many_sheets_and_two_at_least_on_each():
    one = adaptive_round(1, 0.7)

    counts = [0] * DECLARATIONS
    for declaration, _expert in one.scores:
        counts[int(declaration)] += 1
    assert sum(counts) == DECLARATIONS * EACH
    assert min(counts) == 2
    assert max(counts) > EACH
    assert one.load.max() - one.load.min() <= 2
