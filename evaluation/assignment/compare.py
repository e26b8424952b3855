"""Two plans for one activity beside each other. numpy only."""

from dataclasses import dataclass

from evaluation.assignment.ceiling import ceiling_of
from evaluation.assignment.plan import Figures, Plan, figures
from evaluation.assignment.problem import Ints, Problem
from evaluation.assignment.seating import Seating

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The figures of both, how many pairs they share, and by key those that only one has."""

    first: Figures
    second: Figures
    common: int
    only_first: tuple[Pair, ...]
    only_second: tuple[Pair, ...]

    @property
    def declarations(self) -> tuple[str, ...]:
        """Declarations whose experts differ."""
        return tuple(sorted({key for key, _expert in self.only_first + self.only_second}))


def compare(first: Plan, second: Plan) -> Comparison:
    """Return both figures and what differs."""
    one, other = set(first.by_key), set(second.by_key)
    return Comparison(
        first.figures,
        second.figures,
        len(one & other),
        tuple(sorted(one - other)),
        tuple(sorted(other - one)),
    )


def figures_of(problem: Problem, pairs: Ints) -> Figures:
    """Return the figures of pairs edited by hand: (m, 2) rows and columns of the problem."""
    seating = Seating(problem, pairs)
    return figures(seating, ceiling_of(seating))
