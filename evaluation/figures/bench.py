"""What if: other weights, thresholds or experts tried on a run, and kept as a scenario.

Nothing here is adopted. What an activity goes by is changed by a change of its criteria.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core import rights
from core.canonical import content_hash
from core.errors import DomainError
from evaluation.models import FigureScenario, StatisticRun
from evaluation.scoring import Measure
from evaluation.statistics.rounds import Round, round_of
from evaluation.statistics.what_if import Bench, Result, Scenario, flips
from evaluation.writes import record

Inputs = dict[str, Any]
FLIPS_METHOD = "flips-2"  # how it is told who flips; a change of it says so here
GATES = ("recommended", "panel", "dimension_minimum")


def inputs_of(run: StatisticRun) -> Inputs:
    """Return what holds in a run, in the form of what can be tried."""
    criteria = run.input["criteria"]
    return {
        "weights": {one["code"]: one["weight"] for one in criteria["dimensions"]},
        "indicators": {one["code"]: dict(one["indicators"]) for one in criteria["dimensions"]},
        **{name: criteria["gates"][name] for name in GATES},
        "adjusted": False,
        "without": [],
        "places": run.cut.get("places"),
    }


def flips_of(run: StatisticRun, inputs: Inputs) -> list[dict[str, Any]]:
    """Return who would flip: verdict or place above the line, before and after, as JSON."""
    found = round_of(run.input)
    bench = Bench(found.scores)
    before = bench.outcome(_scenario(found, inputs_of(run)))
    after = bench.outcome(_scenario(found, inputs))
    return [
        {"case": one.declaration, "before": _plain(one.before), "after": _plain(one.after)}
        for one in flips(before, after)
    ]


def _scenario(found: Round, inputs: Mapping[str, Any]) -> Scenario:
    """Put what is tried over what holds, for every declaration.

    Who was decided by another version keeps of it whatever is not tried otherwise.
    """
    changes = _changes(found, inputs)
    tried = _tried(found.measure, changes)
    others = {id(one): _tried(one, changes) for one in found.own.values()}
    return Scenario(
        tried.dimensions,
        tried.gates,
        adjusted=inputs["adjusted"],
        without=frozenset(inputs["without"]),
        places=inputs["places"],
        own={key: others[id(one)] for key, one in found.own.items()},
    )


@dataclass(frozen=True, slots=True)
class Changes:
    """What is tried otherwise: weights of the dimensions, of indicators by dimension, gates."""

    weights: Mapping[str, Decimal]
    indicators: Mapping[str, Mapping[str, Decimal]]
    gates: Mapping[str, Any]


def _changes(found: Round, inputs: Mapping[str, Any]) -> Changes:
    weights = {one.code: Decimal(inputs["weights"][one.code]) for one in found.dimensions}
    if weights == {one.code: one.weight for one in found.dimensions}:
        weights = {}
    # Scenarios from before indicators could be tried do not name them.
    given = inputs.get("indicators", {})
    within = {
        one.code: {code: Decimal(given[one.code][code]) for code in one.indicators}
        for one in found.dimensions
        if one.code in given
    }
    held = {one.code: one.indicators for one in found.dimensions}
    gates = {name: Decimal(inputs[name]) for name in GATES}
    present = found.measure.gates
    return Changes(
        weights,
        {code: tried for code, tried in within.items() if tried != held[code]},
        {name: value for name, value in gates.items() if value != getattr(present, name)},
    )


def _tried(one: Measure, changes: Changes) -> Measure:
    dimensions = tuple(
        replace(
            dimension,
            weight=changes.weights.get(dimension.code, dimension.weight),
            indicators=changes.indicators.get(dimension.code, dimension.indicators),
        )
        for dimension in one.dimensions
    )
    return Measure(dimensions, replace(one.gates, **changes.gates))


def _plain(one: Result) -> list[Any]:
    return [None if one.total is None else str(one.total), one.verdict, one.place, one.taken]


@transaction.atomic
def save_scenario(run_id: UUID, title: str, inputs: Inputs, *, actor: User) -> FigureScenario:
    """Keep what was tried with its flips, worked out here and not taken from a page."""
    runs = StatisticRun.objects.visible_to(actor).computed()
    run = runs.filter(pk=run_id).first()
    if run is None or not rights.may_ever(actor, "add", FigureScenario):
        raise PermissionDenied(f"save a scenario of run {run_id}")
    if not title.strip():
        raise DomainError(_("Give the scenario a title."), field="title")
    if inputs == inputs_of(run):
        raise DomainError(_("Nothing differs from what holds."))
    made = FigureScenario.objects.create(
        run=run, title=title.strip(), inputs=inputs, flips=flips_of(run, inputs), saved_by=actor
    )
    details = {
        "run": str(run.pk),
        "inputs": inputs,
        "flips": content_hash(made.flips),
        "number": len(made.flips),
        "method": FLIPS_METHOD,
    }
    record("scenario.saved", made, actor, details=details)
    return made
