"""The network of an assignment and its cheapest flow (OR-Tools, cost scaling push-relabel).

    declaration -> (a node for each limit) -> expert -> sink

The specialist and the economist rule are limits on the *other* experts, which a flow can keep: at
most need - n from outside the sub-field, at most need - 1 without economics. Where both count, the
limits do not nest; one place outside the sub-field is then set aside for an economist, which is a
little too strict and made good by exchanges afterwards. The organisation rule is not in the network
(``exchange.mend``).

Nothing is infeasible here: a seat left empty, a specialist or an economist missing and an uneven
load are arcs of their own. One step of load outweighs all affinity that a cycle of the residual
network could save (Ahuja, Magnanti, Orlin 1993, theorem 9.1), a rule outweighs all steps of load.
So there is no status but OPTIMAL, after which alone flows may be read: after INFEASIBLE, OR-Tools
9.15 ends the process.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from ortools.graph.python import min_cost_flow

from evaluation.assignment.candidates import Candidates, Points
from evaluation.assignment.problem import POINTS, Bools, Ints, Problem

PER_UNIT = 2_000  # units of cost in an affinity of 1: finer only takes longer

FREE, NO_ECONOMIST, NO_SPECIALIST, EMPTY, LEVEL = range(5)


@dataclass(frozen=True, slots=True, eq=False)
class Wanted:
    """What is left to fill once the fixed pairs sit: (D,) each."""

    seats: Ints
    specialists: Ints
    economist: Bools

    @classmethod
    def of(cls, problem: Problem) -> "Wanted":
        rows, columns = problem.fixed.T
        length = problem.shape[0]
        of_field = np.bincount(rows[problem.specialist[rows, columns]], minlength=length)
        with_economics = np.bincount(rows[problem.economist[columns]], minlength=length)
        seats = problem.seats - np.bincount(rows, minlength=length)
        missing = (problem.least_specialists - of_field).clip(0, seats)
        return cls(seats, missing, problem.wants_economist & (with_economics == 0) & (seats > 0))


class Arcs:
    """Arcs as they are collected: tails, heads, capacities, and what a unit costs by kind."""

    def __init__(self, nodes: int) -> None:
        self.nodes = nodes
        self._parts: list[list[Ints]] = []

    def add(
        self,
        tails: Ints,
        heads: Ints | int,
        most: Ints | int,
        kind: int = FREE,
        level: Ints | int = 0,
    ) -> None:
        columns = (tails, heads, most, kind, level)
        self._parts.append(
            [np.broadcast_to(np.asarray(one, np.int64), tails.shape) for one in columns]
        )

    def limit(self, above: Ints, most: Ints, kind: int) -> Ints:
        """Add a node below each that lets ``most`` through, more only at the price of the kind."""
        nodes = self.nodes + np.arange(len(above))
        self.nodes += len(above)
        self.add(above, nodes, most.clip(0))
        self.add(above, nodes, POINTS, kind)
        return nodes

    def joined(self) -> list[Ints]:
        return [np.concatenate(columns) for columns in zip(*self._parts, strict=True)]


class Network:
    """The arcs for one set of candidates; the fixed pairs are not among them."""

    def __init__(self, problem: Problem, found: Candidates, worths: Points) -> None:
        self.problem, self.found, self.wanted = problem, found, Wanted.of(problem)
        self._gain = worths[found.rows, found.columns].astype(np.int64) * PER_UNIT // POINTS
        length, width = problem.shape
        self._sink = length + width
        arcs = Arcs(length + width + 1)
        tails = self._tails(arcs)
        experts = length + found.columns
        arcs.add(np.arange(length), self._sink, self.wanted.seats, EMPTY)
        self._loads(arcs)
        rest = arcs.joined()
        pairs = [tails, experts, np.ones_like(tails), np.zeros_like(tails), np.zeros_like(tails)]
        self._arcs = [np.concatenate(both) for both in zip(pairs, rest, strict=True)]
        self._arcs = [*self._arcs[:3], self._costs(*self._arcs[3:])]

    def _tails(self, arcs: Arcs) -> Ints:
        """Add the nodes of the rules; return where the arc of each candidate begins."""
        problem, found, wanted = self.problem, self.found, self.wanted
        rows = np.arange(problem.shape[0])
        field, economist = wanted.specialists > 0, wanted.economist
        both = field & economist
        others = wanted.seats - wanted.specialists
        plain, outside, extra = rows.copy(), rows.copy(), rows.copy()
        plain[economist] = arcs.limit(rows[economist], wanted.seats[economist] - 1, NO_ECONOMIST)
        outside[field] = arcs.limit(plain[field], (others - both)[field], NO_SPECIALIST)
        extra[both] = arcs.limit(rows[both], others[both].clip(0, 1), NO_SPECIALIST)
        is_special = problem.specialist[found.rows, found.columns] | ~field[found.rows]
        is_economist = problem.economist[found.columns] & economist[found.rows]
        tails = np.where(is_economist, rows[found.rows], plain[found.rows])
        tails = np.where(~is_special & ~is_economist, outside[found.rows], tails)
        chosen: Ints = np.where(~is_special & is_economist, extra[found.rows], tails)
        return chosen

    def _loads(self, arcs: Arcs) -> None:
        """Add arcs to the sink, each unit of load dearer than the one before.

        The cheapest loads are then as even as they can be: on the bases of a flow the least sum of
        a convex function is "decreasingly minimal" (Frank, Murota 2022).
        """
        problem, length = self.problem, self.problem.shape[0]
        load, columns = problem.fixed_load, np.arange(problem.shape[1])
        # An expert has no more places than pairs.
        found = np.bincount(self.found.columns, minlength=len(columns))
        above = np.minimum(found, (problem.caps - load).clip(0))
        repeated = np.repeat(columns, above)
        place = np.arange(len(repeated)) - np.repeat(np.cumsum(above) - above, above)
        arcs.add(length + repeated, self._sink, 1, LEVEL, load[repeated] + place)

    def _costs(self, kinds: Ints, levels: Ints) -> Ints:
        """Return the cost of each arc, by kind and level."""
        nodes = min(self.problem.shape) + 1
        step = 2 * nodes * (int(np.abs(self._gain).max(initial=0)) + 1)
        economist = step * (int(levels.max(initial=0)) + 2)
        price = np.array([0, economist, 2 * economist, 16 * economist, step])
        costs = price[kinds] * np.where(kinds == LEVEL, levels, 1)
        costs[: len(self._gain)] = -self._gain
        return costs

    def solve(self) -> Bools:
        """Return (m,) which candidates are chosen."""
        tails, heads, most, costs = self._arcs
        flow = min_cost_flow.SimpleMinCostFlow()
        arcs = flow.add_arcs_with_capacity_and_unit_cost(tails, heads, most, costs)
        flow.set_nodes_supplies(np.arange(self.problem.shape[0]), self.wanted.seats)
        flow.set_node_supply(self._sink, -int(self.wanted.seats.sum()))
        status = flow.solve()
        if status != flow.OPTIMAL:  # reading flows now would end the process
            raise ArithmeticError(f"the flow ended as {status.name}")
        found: NDArray[np.bool_] = flow.flows(arcs[: len(self._gain)]) > 0
        return found
