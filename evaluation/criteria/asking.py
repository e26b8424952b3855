"""What a set asks about a declaration, and how the answers weigh."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from evaluation.criteria.documents import Document
from evaluation.models import Indicator
from evaluation.scoring import DimensionWeights, Gates

GATES = ("dimension_minimum", "recommended", "panel")


@dataclass(frozen=True, slots=True)
class Yardstick:
    """By what the scores of one case become figures; ``best`` is the highest score there is."""

    weights: list[DimensionWeights]
    gates: Gates
    best: int


def is_asked(fields: Iterable[str], field: str | None) -> bool:
    """Say whether an indicator for ``fields`` is asked of a declaration in ``field``.

    An indicator that names no fields is asked of every declaration.
    """
    named = list(fields)
    return not named or field in named


def asked_of(document: Document, field: str | None) -> list[Document]:
    """Return the dimensions with those of their indicators that are asked in a field."""
    return [
        {
            **dimension,
            "indicators": [
                one for one in dimension["indicators"] if is_asked(one.get("fields", []), field)
            ],
        }
        for dimension in document["dimensions"]
    ]


def yardstick(document: Document, field: str | None) -> Yardstick:
    """Return weights and gates of a set for declarations in a field of technology."""
    dimensions = asked_of(document, field)
    return Yardstick(
        dimension_weights(dimensions), _gates(document, dimensions), document.get("best", 100)
    )


def dimension_weights(dimensions: Iterable[Document]) -> list[DimensionWeights]:
    return [
        DimensionWeights(
            dimension["code"],
            Decimal(dimension["weight"]),
            {one["code"]: Decimal(one["weight"]) for one in dimension["indicators"]},
        )
        for dimension in dimensions
    ]


def _gates(document: Document, dimensions: list[Document]) -> Gates:
    return Gates(
        **{name: Decimal(document["gates"][name]) for name in GATES},
        minimums={one["code"]: Decimal(one["minimum"]) for one in dimensions if one.get("minimum")},
        vetoes={
            f"{dimension['code']}.{one['code']}": Decimal(one["veto_below"])
            for dimension in dimensions
            for one in dimension["indicators"]
            if one.get("veto_below")
        },
    )


def asks_the_same(one: Document, other: Document) -> bool:
    """Say whether two sets put the same questions, so that scores for one count by the other.

    Weights, gates and evidence may differ; indicators, their bands and the scale may not.
    """
    return _questions(one) == _questions(other)


def _questions(document: Document) -> Document:
    return {"best": document.get("best", 100)} | {
        f"{dimension['code']}.{one['code']}": (
            one["names"],
            one["bands"],
            sorted(one.get("fields", [])),
            one.get("not_applicable", False),
        )
        for dimension in document["dimensions"]
        for one in dimension["indicators"]
    }


def must_be_explained(indicator: Indicator, value: int | None, *, not_applicable: bool) -> bool:
    """Say whether an answer needs a comment and evidence.

    It does in the best and in the worst band, and where the indicator is said not to apply.
    """
    if value is None:
        return not_applicable
    best, worst = indicator.bands[0], indicator.bands[-1]
    return bool(value >= best["from"] or value <= worst["to"])
