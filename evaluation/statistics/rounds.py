"""What the figures of an activity are worked out from, read out of one document. No Django here.

The document holds every counted sheet of the activity and by what it is weighed, as numbers of
the sheets and decimals as text; ``evaluation.figures.reading`` writes it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from evaluation.scoring import DimensionWeights, Gates, Measure
from evaluation.statistics.stability import BestPlaces, Cut, LeastScore

Pair = tuple[str, str]  # (declaration, expert)


@dataclass(frozen=True, slots=True)
class Round:
    """The sheets of an activity: scores as points by (declaration, expert), in their order.

    ``measure`` is in force; ``own`` are those of declarations that were decided by another
    version, which asks the same; ``judged_by`` says by which, as the document says it.
    """

    measure: Measure
    scores: Mapping[Pair, Mapping[str, Fraction | None]]
    order: Mapping[Pair, int]
    own: Mapping[str, Measure] = field(default_factory=dict)
    judged_by: Mapping[str, str] = field(default_factory=dict)

    @property
    def dimensions(self) -> tuple[DimensionWeights, ...]:
        return self.measure.dimensions

    def of(self, declaration: str) -> Measure:
        return self.own.get(declaration, self.measure)

    @property
    def indicators(self) -> list[str]:
        return [f"{one.code}.{code}" for one in self.dimensions for code in one.indicators]


def round_of(document: Mapping[str, Any]) -> Round:
    """Read a document as ``evaluation.figures.reading`` writes it."""
    best, keys = document["criteria"]["best"], document["indicators"]
    measure = measure_of(document["criteria"])
    others = {
        seal: _in_order(measure_of(one), measure)
        for seal, one in document.get("others", {}).items()
    }
    judged_by = document.get("judged_by", {})
    points = {value: Fraction(100 * value, best) for value in range(best + 1)}
    scores = {
        (declaration, expert): {
            key: None if value is None else points[value]
            for key, value in zip(keys, values, strict=True)
        }
        for declaration, expert, values in document["sheets"]
    }
    order = {(row[0], row[1]): place for place, row in enumerate(document["sheets"])}
    own = {declaration: others[seal] for declaration, seal in judged_by.items()}
    return Round(measure, scores, order, own, judged_by)


def measure_of(criteria: Mapping[str, Any]) -> Measure:
    dimensions = tuple(
        DimensionWeights(
            one["code"],
            Decimal(one["weight"]),
            {code: Decimal(weight) for code, weight in one["indicators"]},
        )
        for one in criteria["dimensions"]
    )
    return Measure(dimensions, gates_of(criteria["gates"]))


def _in_order(one: Measure, first: Measure) -> Measure:
    """Put the dimensions into the order of those in force: figures stand in columns."""
    by_code = {dimension.code: dimension for dimension in one.dimensions}
    return Measure(tuple(by_code[d.code] for d in first.dimensions), one.gates)


def gates_of(document: Mapping[str, Any]) -> Gates:
    numbers = {
        name: Decimal(document[name]) for name in document if name not in ("minimums", "vetoes")
    }
    return Gates(
        **numbers,
        minimums={code: Decimal(value) for code, value in document["minimums"].items()},
        vetoes={code: Decimal(value) for code, value in document["vetoes"].items()},
    )


def cut_of(document: Mapping[str, Any]) -> Cut:
    """Read a cut line: {"places": 20} or {"points": "75"}."""
    if "places" in document:
        return BestPlaces(int(document["places"]))
    return LeastScore(float(document["points"]))
