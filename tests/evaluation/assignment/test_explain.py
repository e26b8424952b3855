"""Why, why not, at what cost; replacements; two plans beside each other."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from evaluation.assignment import compare, seats
from evaluation.assignment.explain import Cost, Loads, WhyNot, alternatives, why, why_not
from evaluation.assignment.plan import figures
from evaluation.assignment.problem import POINTS, Block, Rules
from evaluation.assignment.seating import Seating
from evaluation.assignment.solve import plan
from tests.evaluation.assignment.worlds import problem, tiny

TWO_OF_FIELD = Rules(specialists=2, economists=False)


def seated(one, *pairs):
    return Seating(one, np.array(pairs, np.int64).reshape(-1, 2))


def test_why_tells_what_a_seat_counts_for():
    one = problem(
        [[0.9, 0.5, 0.7]],
        need=2,
        specialist=[[0, 1, 1]],
        economist=[False, True, False],
        organisation=[4, 4, -1],
        rules=Rules(specialists=1),
    )

    found = why(seated(one, (0, 0), (0, 1)), 0, 1)

    assert found.affinity == pytest.approx(0.5)
    assert (found.rank, found.load, found.of_one_organisation) == (3, 1, 2)
    assert found.specialist
    assert found.needed_as_specialist
    assert found.needed_as_economist
    assert not found.fixed


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"blocked": [[0, 0, Block.CONFLICT]]}, WhyNot.CONFLICT),
        ({"blocked": [[0, 0, Block.DECLINED]]}, WhyNot.DECLINED),
        ({"blocked": [[0, 0, Block.EDITED]]}, WhyNot.EDITED),
        ({"caps": [9, 9, 0]}, WhyNot.CAP),
        ({"fixed": [(0, 0), (0, 1)]}, WhyNot.FULL),
        ({"specialist": [[1, 1, 0]], "rules": TWO_OF_FIELD}, WhyNot.SPECIALIST),
        ({"economist": [True, False, False], "rules": Rules(specialists=0)}, WhyNot.WORST),
        ({}, WhyNot.WORST),
    ],
)  # fmt: skip
def test_why_not_tells_what_stands_against_an_expert(change, reason):
    one = problem([[0.5, 0.5, 0.4]], need=2, **change)

    found = why_not(seated(one, (0, 0), (0, 1)), 0, 2)

    assert found.reasons == (reason,)
    assert (found.cost is not None) == (reason == WhyNot.WORST)


def test_an_organisation_that_has_two_is_full():
    one = problem([[0.5, 0.5, 0.4]], need=2, organisation=[1, 1, 1], fixed=[(0, 0)])
    tight = replace(one, rules=replace(one.rules, per_organisation=1))

    found = why_not(seated(tight, (0, 0)), 0, 2)

    assert found.reasons == (WhyNot.FULL,)
    fixed_colleague = problem(
        [[0.5, 0.5, 0.4]],
        need=2,
        organisation=[1, -1, 1],
        fixed=[(0, 0)],
        rules=Rules(per_organisation=1, specialists=0, economists=False),
    )
    assert WhyNot.ORGANISATION in why_not(seated(fixed_colleague, (0, 0), (0, 1)), 0, 2).reasons


def test_what_another_expert_would_cost_is_the_cheapest_exchange():
    one = problem([[0.9, 0.8], [0.5, 0.7]])

    found = why_not(seated(one, (0, 0), (1, 1)), 0, 1)

    assert found.cost == Cost("e0", "d1", total=-0.3, own=-0.1, worst=-0.2, spread=0)


@pytest.mark.parametrize(
    ("affinity", "pairs", "rules", "expected"),
    [
        # e1 is at d1 alone: to sit at d0, too, somebody gives a seat away.
        ([[0.9, 0.5], [0, 0.9]], [(0, 0), (1, 1)], {"blocked": [[0, 0], [1, 0]]}, WhyNot.LOADS),
        ([[0.9, 0.8], [0.5, 0.7]], [(0, 0), (1, 1)], {}, WhyNot.WORST),
        ([[0.6, 0.8], [0.2, 0.9], [0.1, 0.1]], [(0, 0), (1, 1), (2, 0)], {}, WhyNot.TOTAL),
        ([[0.601, 0.6], [0.6, 0.601], [0.1, 0.1]], [(0, 0), (1, 1), (2, 0)], {}, WhyNot.DRAWN),
        ([[0.1, 0.8], [0.9, 0.2]], [(0, 0), (1, 1)], {}, WhyNot.BETTER),
    ],
)  # fmt: skip
def test_where_no_rule_stands_against_an_expert_the_plan_itself_does(
    affinity, pairs, rules, expected
):
    one = problem(affinity, **rules)

    found = why_not(seated(one, *pairs), 0, 1)

    assert found.reasons == (expected,)
    assert found.cost is not None


def test_a_better_exchange_may_be_left_for_the_earlier_plan():
    rules = Rules(specialists=0, economists=False, price=0.9)
    one = problem([[0.1, 0.8], [0.9, 0.2]], earlier=[(0, 0), (1, 1)], rules=rules)

    assert why_not(seated(one, (0, 0), (1, 1)), 0, 1).reasons == (WhyNot.PRICE,)


def test_loads_that_would_be_less_even_are_counted():
    blocked = [[0, 0, 0], [1, 0, 1], [1, 1, 0]]
    one = problem(np.full((3, 3), 0.5), blocked=blocked)

    found = why_not(seated(one, (0, 0), (1, 1), (2, 2)), 0, 1)

    assert found.cost.loads == Loads(coming=2, leaving=0, before=(1, 1), after=(0, 2))
    assert found.cost.spread == 2


@settings(max_examples=50, deadline=None)
@given(tiny())
def test_what_is_said_agrees_with_the_figures_beside_it(one):
    found = plan(one, "seed")
    seating = Seating(one, found.pairs)

    said = [other for row in range(one.shape[0]) for other in alternatives(seating, row)]
    for other in said:
        agrees = AGREES.get(other.reasons[0])
        assert agrees is None or agrees(other.cost)


AGREES = {
    WhyNot.LOADS: lambda cost: cost.loads.coming > cost.loads.leaving + 1,
    WhyNot.WORST: lambda cost: cost.worst < 0,
    WhyNot.TOTAL: lambda cost: cost.total < 0,
    WhyNot.DRAWN: lambda cost: abs(cost.total) <= 2 * Rules().epsilon,
    WhyNot.BETTER: lambda cost: not cost.less_even and max(cost.total, cost.worst) > 0,
    WhyNot.NO_ROOM: lambda cost: cost is None,
}


@settings(max_examples=50, deadline=None)
@given(tiny())
def test_a_cost_is_what_carrying_it_out_changes(one):
    pairs = plan(one, "seed").pairs
    before = Seating(one, pairs)
    for row in range(one.shape[0]):
        for other in alternatives(before, row):
            if other.cost is None:
                continue
            after = Seating(one, pairs)
            _carry_out(after, row, other)
            change = int(after.total.sum() - before.total.sum()) / POINTS
            worst = int(after.served.min() - before.served.min()) / POINTS
            assert other.cost.total == pytest.approx(change)
            assert other.cost.worst == pytest.approx(worst)
            assert after.broken().sum() <= before.broken().sum()
            assert other.cost.spread == np.ptp(after.load) - np.ptp(before.load)


def _carry_out(seating, row, other):
    one = seating.problem
    leaving, coming = one.experts.index(other.cost.leaving), one.experts.index(other.expert)
    if other.cost.partner is None:
        seating.replace(row, leaving, coming)
    else:
        partner = one.declarations.index(other.cost.partner)
        seating.exchange(row, leaving, seating.seat(partner, coming))


def test_a_replacement_is_drawn_by_load_then_affinity():
    one = problem([[0.5, 0.9, 0.6, 0.7, 0.8], [0.9, 0.9, 0.1, 0.1, 0.1]], caps=[9, 9, 9, 9, 0])
    seating = seated(one, (0, 0), (1, 1))

    found = seats.reserves(seating, 0, 0, "seed")

    assert [(some.expert, some.load) for some in found] == [("e3", 0), ("e2", 0), ("e1", 1)]


def test_a_replacement_keeps_the_mix_of_experts():
    one = problem(
        [[0.5, 0.5, 0.9, 0.3]],
        need=2,
        specialist=[[1, 0, 0, 1]],
        rules=Rules(specialists=1, economists=False),
    )

    found = seats.reserves(seated(one, (0, 0), (0, 1)), 0, 0, "seed")

    assert [(some.expert, some.breaks) for some in found] == [("e3", 0), ("e2", 1)]


def test_replacements_of_one_seed_are_one_list_and_another_seed_draws_anew():
    one = problem(np.full((1, 30), 0.5))
    lists = {
        seed: [some.expert for some in seats.reserves(seated(one, (0, 0)), 0, 0, seed)]
        for seed in ("a", "b")
    }

    assert lists["a"] == [some.expert for some in seats.reserves(seated(one, (0, 0)), 0, 0, "a")]
    assert sorted(lists["a"]) == sorted(lists["b"])
    assert lists["a"] != lists["b"]


def test_two_plans_beside_each_other():
    one = problem([[0.6, 0.5], [0.5, 0.6]])
    first, second = plan(one, "seed"), plan(replace(one, affinity=1 - one.affinity), "seed")

    found = compare.compare(first, second)

    assert (found.common, found.declarations) == (0, ("d0", "d1"))
    assert found.only_first == (("d0", "e0"), ("d1", "e1"))
    assert found.only_second == (("d0", "e1"), ("d1", "e0"))
    assert compare.compare(first, first).common == 2
    assert (
        compare.figures_of(one, first.pairs)
        == first.figures
        == figures(Seating(one, first.pairs), 600_000)
    )
