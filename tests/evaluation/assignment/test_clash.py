"""What clashes: known cases by hand, and that what is told is truly the smallest."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings

from evaluation.assignment.model import Part, feasible
from evaluation.assignment.plan import Clash
from evaluation.assignment.problem import Block, Rule, Rules
from evaluation.assignment.solve import plan
from tests.evaluation.assignment.worlds import problem, tiny

HALF = 0.5


def test_more_seats_than_all_caps_together():
    found = plan(problem(np.full((6, 3), HALF), need=3, caps=5), "seed")

    assert found.clashes[0] == Clash(
        frozenset({Rule.NEED, Rule.CAP}), found.declarations, found.experts, 18, 15
    )
    assert found.figures.filled == 15


def test_too_few_of_the_sub_field_after_conflicts():
    one = problem(
        np.full((1, 6), HALF),
        need=5,
        specialist=[[1, 1, 1, 0, 0, 0]],
        blocked=[[Block.CONFLICT, 0, 0, 0, 0, 0]],
        rules=Rules(economists=False),
    )

    found = plan(one, "seed")

    rules = frozenset({Rule.SPECIALIST, Rule.CONFLICT})
    assert found.clashes == (Clash(rules, ("d0",), ("e1", "e2"), 3, 2),)
    assert found.figures.filled == 5


def test_too_few_of_the_sub_field_in_the_whole_pool():
    one = problem(
        np.full((1, 6), HALF),
        need=5,
        specialist=[[1, 1, 0, 0, 0, 0]],
        rules=Rules(economists=False),
    )

    assert plan(one, "seed").clashes == (
        Clash(frozenset({Rule.SPECIALIST}), ("d0",), ("e0", "e1"), 3, 2),
    )


def test_too_many_of_one_organisation():
    one = problem(np.full((1, 4), HALF), need=3, organisation=[1, 1, 1, 1])

    found = plan(one, "seed")

    rules = frozenset({Rule.NEED, Rule.ORGANISATION})
    assert [(clash.rules, clash.required, clash.available) for clash in found.clashes] == [
        (rules, 3, 2)
    ]
    assert found.figures.filled == 2


def test_declarations_that_fight_for_the_specialists_of_one_sub_field():
    one = problem(
        np.full((5, 6), HALF),
        need=2,
        specialist=np.tile([1, 0, 0, 0, 0, 0], (5, 1)),
        caps=[3, 9, 9, 9, 9, 9],
        rules=Rules(specialists=1, economists=False),
    )

    (clash,) = plan(one, "seed").clashes

    assert clash.rules == {Rule.SPECIALIST, Rule.CAP}
    assert (len(clash.declarations), clash.experts) == (4, ("e0",))
    assert (clash.required, clash.available) == (4, 3)


def test_fixed_pairs_against_the_organisation_limit():
    one = problem(
        np.full((1, 4), HALF), need=3, organisation=[1, 1, 1, -1], fixed=[(0, 0), (0, 1), (0, 2)]
    )

    found = plan(one, "seed")

    assert [clash.rules for clash in found.clashes] == [{Rule.EDIT, Rule.ORGANISATION}]
    assert found.figures.filled == 3


@pytest.mark.parametrize("forbidden", [Block.EDITED, Block.CONFLICT])
def test_what_is_forbidden_by_hand_is_told_from_a_conflict(forbidden):
    one = problem([[HALF, HALF]], need=2, blocked=[[forbidden, 0]])

    rule = Rule.EDIT if forbidden == Block.EDITED else Rule.CONFLICT
    assert [clash.rules for clash in plan(one, "seed").clashes] == [{Rule.NEED, rule}]


def test_a_conflict_with_who_is_seated_already_is_not_what_clashes():
    """The second seat is forbidden by hand; the first expert sits there in spite of a conflict."""
    one = problem(
        [[HALF, HALF]],
        need=2,
        blocked=[[Block.EDITED, Block.CONFLICT]],
        fixed=[(0, 1)],
    )

    assert [clash.rules for clash in plan(one, "seed").clashes] == [{Rule.NEED, Rule.EDIT}]


@settings(max_examples=60, deadline=None)
@given(tiny(most_need=3))
def test_no_rule_of_a_clash_can_be_left_out(one):
    for clash in plan(one, "seed").clashes:
        rows = np.array([one.declarations.index(key) for key in clash.declarations])
        elsewhere = one.fixed[~np.isin(one.fixed[:, 0], rows), 1]
        load = np.bincount(elsewhere, minlength=one.shape[1])
        part = Part(one, rows, np.ones(one.shape, np.bool_), load)

        assert feasible(part, clash.rules) is False
        for fewer in combinations(clash.rules, len(clash.rules) - 1):
            assert feasible(part, frozenset(fewer))
