"""What a plan came to, as it is stored beside it: figures, what is missing, clashes, loads."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from evaluation.assignment.ceiling import ceiling_of
from evaluation.assignment.plan import Plan, figures, missing
from evaluation.assignment.seating import Seating

Outcome = Mapping[str, Any]


def of_plan(plan: Plan) -> dict[str, Any]:
    """Return the outcome of a plan that was drawn, as JSON."""
    return {
        "figures": asdict(plan.figures),
        "missing": [asdict(one) for one in plan.missing],
        "clashes": [
            {**asdict(one), "rules": sorted(str(rule) for rule in one.rules)}
            for one in plan.clashes
        ],
        "uneven": [asdict(one) for one in plan.uneven],
    }


def of_seating(seating: Seating) -> dict[str, Any]:
    """Return the outcome of seats edited by hand: nothing is said of clashes."""
    return {
        "figures": asdict(figures(seating, ceiling_of(seating))),
        "missing": [asdict(one) for one in missing(seating)],
        "clashes": [],
        "uneven": [],
    }
