"""A seed that was published draws the same plan after every change of the arithmetic."""

from hashlib import sha256

import numpy as np
import pytest

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
        ((500, 60), True, "4c4b63ea9e0cc927"),
    ],
)
def test_the_plan_of_a_seed_stays(size, ruled, digest):
    found = plan(instance(*size, ruled=ruled), "published")

    pairs = " ".join(f"{declaration}:{expert}" for declaration, expert in found.by_key)
    assert sha256(pairs.encode()).hexdigest()[:16] == digest
