"""Small problems of assignment, and what is best for them found by trying everything."""

from itertools import combinations, product

import numpy as np
from hypothesis import strategies as st

from evaluation.assignment.problem import NO_CAP, NO_PAIRS, Problem, Rules


def problem(
    affinity,
    *,
    need=1,
    caps=NO_CAP,
    blocked=None,
    organisation=None,
    specialist=None,
    economist=None,
    fixed=(),
    earlier=(),
    rules=None,
    keys=None,
):
    """Build a problem; whatever is left out does not matter in it."""
    affinity = np.array(affinity, np.float64)
    length, width = affinity.shape
    declarations, experts = keys or (
        [f"d{n}" for n in range(length)],
        [f"e{n}" for n in range(width)],
    )
    return Problem(
        declarations=declarations,
        experts=experts,
        affinity=affinity,
        need=np.broadcast_to(np.array(need, np.int64), (length,)).copy(),
        caps=np.broadcast_to(np.array(caps, np.int64), (width,)).copy(),
        blocked=np.array(blocked if blocked is not None else np.zeros((length, width)), np.uint8),
        organisation=np.array(organisation or [-1] * width, np.int64),
        specialist=np.array(
            specialist if specialist is not None else np.zeros((length, width)), np.bool_
        ),
        economist=np.array(economist or [False] * width, np.bool_),
        fixed=np.array(fixed, np.int64).reshape(-1, 2) if len(fixed) else NO_PAIRS.copy(),
        earlier=np.array(earlier, np.int64).reshape(-1, 2) if len(earlier) else NO_PAIRS.copy(),
        rules=rules or Rules(specialists=0, economists=False),
    )


@st.composite
def tiny(draw, *, most_need=2):
    """Three declarations or fewer, five experts or fewer, any rules: small enough to try it all."""
    length, width = draw(st.integers(1, 3)), draw(st.integers(2, 5))
    cells = length * width
    share = st.integers(0, 100).map(lambda number: number / 100)
    affinity = np.array(draw(st.lists(share, min_size=cells, max_size=cells)))
    places = st.tuples(st.integers(0, length - 1), st.integers(0, width - 1))
    marks = st.lists(st.booleans(), min_size=cells, max_size=cells)
    blocked = draw(st.lists(st.sampled_from([0, 0, 0, 0, 1, 3]), min_size=cells, max_size=cells))
    return problem(
        affinity.reshape(length, width),
        need=draw(st.lists(st.integers(0, most_need), min_size=length, max_size=length)),
        caps=draw(st.lists(st.integers(0, 3), min_size=width, max_size=width)),
        blocked=np.reshape(blocked, (length, width)),
        organisation=draw(st.lists(st.integers(-1, 1), min_size=width, max_size=width)),
        specialist=np.reshape(draw(marks), (length, width)),
        economist=draw(st.lists(st.booleans(), min_size=width, max_size=width)),
        fixed=draw(st.lists(places, max_size=2, unique=True)),
        rules=Rules(
            per_organisation=draw(st.integers(1, 2)),
            specialists=draw(st.integers(0, 1)),
            economists=draw(st.booleans()),
            epsilon=0,
        ),
    )


def seatings(problem):
    """Yield every (D, E) bool that keeps all rules."""
    rows = [list(_sets(problem, row)) for row in range(problem.shape[0])]
    for chosen in product(*rows):
        taken = np.zeros(problem.shape, np.bool_)
        for row, columns in enumerate(chosen):
            taken[row, list(columns)] = True
        if (taken.sum(axis=0) <= problem.caps).all():
            yield taken


def _sets(problem, row):
    allowed = np.flatnonzero(problem.allowed[row])
    for columns in combinations(allowed.tolist(), int(problem.seats[row])):
        some = list(columns)
        houses = [house for house in problem.organisation[some] if house >= 0]
        if houses and max(np.bincount(houses)) > problem.rules.per_organisation:
            continue
        if problem.specialist[row, some].sum() < problem.least_specialists[row]:
            continue
        if problem.wants_economist[row] and not problem.economist[some].any():
            continue
        if {column for other, column in problem.fixed.tolist() if other == row} <= set(columns):
            yield columns


def matrix(problem, plan):
    taken = np.zeros(problem.shape, np.bool_)
    taken[tuple(plan.pairs.T)] = True
    return taken
