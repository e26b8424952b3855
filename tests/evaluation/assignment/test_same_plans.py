"""A seed that was published draws the same plan after every change of the arithmetic."""

import os
import subprocess
import sys
from hashlib import sha256

import numpy as np
import pytest
from numpy._core import _multiarray_umath as numpys  # type: ignore[attr-defined]  # unnamed there

from evaluation.assignment.problem import Rules
from evaluation.assignment.solve import plan
from tests.evaluation.assignment.worlds import problem


def instance(declarations, experts, *, ruled):
    chance = np.random.default_rng(declarations)
    shape = (declarations, experts)
    affinity = chance.integers(0, 1000, shape) / 1000
    blocked = chance.random(shape) < 0.05
    specialist = chance.random(shape) < 0.2
    houses, economist = chance.integers(0, experts * 2 // 5, experts), chance.random(experts) < 0.4
    if not ruled:
        return problem(affinity, need=3, blocked=blocked)
    return problem(
        affinity,
        need=3,
        blocked=blocked,
        organisation=houses.tolist(),
        specialist=specialist,
        economist=economist.tolist(),
        rules=Rules(specialists=1, economists=True),
    )


@pytest.mark.parametrize(
    ("size", "ruled", "digest"),
    [
        ((80, 12), False, "960986c35d6fd08d"),
        ((80, 40), True, "fb25c7952d5a9915"),
        ((300, 400), True, "57d116e4aeb73343"),
        ((500, 60), True, "ef1551b1ddecbffa"),
    ],
)
def test_the_plan_of_a_seed_stays(size, ruled, digest):
    found = plan(instance(*size, ruled=ruled), "published")

    assert digest_of(found) == digest


def digest_of(found):
    pairs = " ".join(f"{declaration}:{expert}" for declaration, expert in found.by_key)
    return sha256(pairs.encode()).hexdigest()[:16]


def digest_of_ties():
    """Draw where most pairs are worth the same, and no draw decides between them."""
    affinity = np.random.default_rng(5).integers(0, 3, (60, 90)) / 2
    return digest_of(plan(problem(affinity, need=3, rules=NO_DRAW), "published"))


NO_DRAW = Rules(specialists=0, economists=False, epsilon=0)
TIES = "from tests.evaluation.assignment import test_same_plans as t; print(t.digest_of_ties())"


def test_another_processor_draws_the_same_plan():
    here = [name for name in numpys.__cpu_dispatch__ if numpys.__cpu_features__[name]]
    less = os.environ | {"NPY_DISABLE_CPU_FEATURES": " ".join(here)}

    done = subprocess.run(
        [sys.executable, "-c", TIES], env=less, capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == digest_of_ties() == "372c73cf89b0294d"
