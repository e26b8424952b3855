"""All figures of an activity at once, out of one document. No Django here: a replay calls it too.

What comes in is a ``Round``; the result is a document. The raw figures in it
are those of ``evaluation.scoring``, exact; all others are floats that a replay finds again to
1e-9 (docs/adr/0018).
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from evaluation import scoring
from evaluation.scoring import SheetFigures
from evaluation.statistics import agreement
from evaluation.statistics.calibration import Calibration, Estimate, calibrate
from evaluation.statistics.chance import METHOD as CHANCE
from evaluation.statistics.extra_opinions import propose
from evaluation.statistics.habits import Figure, Habits, Sheet, habits
from evaluation.statistics.rounds import Pair, Round
from evaluation.statistics.stability import Cut, Stability, stability

METHOD = f"two-way-1 {CHANCE}"
TOTAL = ""  # the key of the total among the dimensions
Tell = Callable[[int, int], None]  # how many steps are done, of how many


@dataclass(frozen=True, slots=True)
class Terms:
    """How the figures are worked out: kept beside them."""

    seed: int
    draws: int
    level: float
    cut: Cut


def steps_of(found: Round) -> int:
    return len(found.dimensions) + len(found.indicators) + 4


def compute(found: Round, terms: Terms, tell: Tell = lambda _done, _of: None) -> dict[str, Any]:
    """Return all figures of an activity."""
    sheets = {
        pair: scoring.figures(found.of(pair[0]).dimensions, scores)
        for pair, scores in found.scores.items()
    }
    steps, done = steps_of(found), 0

    def step() -> None:
        nonlocal done
        done += 1
        tell(done, steps)

    adjusted = {TOTAL: calibrate(_totals(sheets), terms.level)}
    step()
    for one in found.dimensions:
        adjusted[one.code] = calibrate(_of_dimension(sheets, one.code), terms.level)
        step()
    total = adjusted[TOTAL]
    places = stability(total, seed=terms.seed, cut=terms.cut, number=terms.draws, level=terms.level)
    step()
    agreements = {TOTAL: _agreement(_totals(sheets), terms)}
    step()
    for key in found.indicators:
        agreements[key] = _agreement(
            {pair: _float(scores.get(key)) for pair, scores in found.scores.items()}, terms
        )
        step()
    experts = habits(_as_sheets(found, sheets), total, terms.level)
    step()
    return {
        **_overview(found, total),
        "declarations": _declarations(found, sheets, adjusted, places),
        "swaps": [[one.inside, one.outside, one.probability] for one in places.swaps],
        "proposals": [
            [one.declaration, one.opinions, one.worth, one.wrong_side]
            for one in propose(total, terms.cut, len(found.scores))
        ],
        "experts": {key: _habits(one, total.experts.get(key)) for key, one in experts.items()},
        "agreement": agreements,
        "cells": _cells(sheets),
        # What is not there is not written: a result without it is what it was before.
        **({"judged_by": dict(found.judged_by)} if found.judged_by else {}),
    }


def _totals(sheets: Mapping[Pair, SheetFigures]) -> dict[Pair, float | None]:
    return {pair: _float(one.total) for pair, one in sheets.items()}


def _of_dimension(sheets: Mapping[Pair, SheetFigures], code: str) -> dict[Pair, float | None]:
    return {pair: _float(one.dimensions[code]) for pair, one in sheets.items()}


def _overview(found: Round, total: Calibration) -> dict[str, Any]:
    parts = total.components
    return {
        "method": METHOD,
        "counts": {
            "declarations": len({pair[0] for pair in found.scores}),
            "experts": len({pair[1] for pair in found.scores}),
            "sheets": len(found.scores),
        },
        "parts": len(total.parts),
        "too_little": _lack(total),
        "components": None
        if parts is None
        else {
            "mean": parts.mean,
            "declaration": parts.declaration,
            "expert": parts.expert,
            "error": parts.error,
        },
    }


def _lack(total: Calibration) -> str | None:
    """Say why nothing is shown of the whole; None where some part has figures."""
    lacks = [one.too_little for one in total.parts]
    if not lacks:
        return "no_sheets"
    return str(lacks[0]) if all(lacks) and lacks[0] else None


def _declarations(
    found: Round,
    sheets: Mapping[Pair, SheetFigures],
    adjusted: Mapping[str, Calibration],
    places: Stability,
) -> dict[str, Any]:
    scores: dict[str, dict[str, Mapping[str, Fraction | None]]] = defaultdict(dict)
    for (declaration, expert), given in found.scores.items():
        scores[declaration][expert] = given
    return {key: _declaration(key, found, scores[key], adjusted, places) for key in sorted(scores)}


def _declaration(
    key: str,
    found: Round,
    scores: Mapping[str, Mapping[str, Fraction | None]],
    adjusted: Mapping[str, Calibration],
    places: Stability,
) -> dict[str, Any]:
    by = found.of(key)
    raw = scoring.result(by.dimensions, by.gates, scores)
    standing = places.standings.get(key)
    return {
        "raw": raw["total"],
        "verdict": raw["verdict"],
        "dimensions": {code: one["mean"] for code, one in raw["dimensions"].items()},
        "adjusted": {code: _estimate(one.declarations.get(key)) for code, one in adjusted.items()},
        "place": None if standing is None else [standing.place, standing.lowest, standing.highest],
        "above": None if standing is None else standing.above,
    }


def _estimate(one: Estimate | None) -> dict[str, Any] | None:
    if one is None:
        return None
    return {
        "sheets": one.sheets,
        "figure": None if one.value is None else [one.value, one.lower, one.upper],
        "too_little": None if one.too_little is None else str(one.too_little),
    }


def _agreement(scores: dict[Pair, float | None], terms: Terms) -> dict[str, Any]:
    """Return alpha and correlation of one figure, over every declaration that has it."""
    activity = {pair[0] for pair, value in scores.items() if value is not None}
    if not activity:
        return {"alpha": None, "correlation": None}
    alpha = agreement.alpha(
        scores, activity, seed=terms.seed, number=terms.draws, level=terms.level
    )
    correlation = agreement.correlation(scores, activity, level=terms.level)
    return {"alpha": _coefficient(alpha), "correlation": _coefficient(correlation)}


def _coefficient(one: agreement.Agreement) -> dict[str, Any]:
    return {
        "figure": None if one.value is None else [one.value, one.lower, one.upper],
        "declarations": one.declarations,
        "sheets": one.sheets,
        "too_little": None if one.too_little is None else str(one.too_little),
    }


def _as_sheets(found: Round, sheets: Mapping[Pair, SheetFigures]) -> list[Sheet]:
    keys = found.indicators
    return [
        Sheet(
            *pair,
            found.order[pair],
            [_float(found.scores[pair].get(key)) for key in keys],
            [_float(one.dimensions[dimension.code]) for dimension in found.dimensions],
            _float(one.total),
        )
        for pair, one in sheets.items()
    ]


def _habits(one: Habits, severity: Estimate | None) -> dict[str, Any]:
    return {
        "sheets": one.sheets,
        "severity": _estimate(severity),
        "spread": _figure(one.spread),
        "halo": _figure(one.halo),
        "straight": _figure(one.straight),
        "longest_run": one.longest_run,
        "drift": _figure(one.drift),
    }


def _figure(one: Figure | None) -> list[float | None] | None:
    return None if one is None else [one.value, one.lower, one.upper]


def _cells(sheets: Mapping[Pair, SheetFigures]) -> dict[str, dict[str, str]]:
    """Return the total of each sheet, rounded, by declaration and expert."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for (declaration, expert), one in sorted(sheets.items()):
        if one.total is not None:
            found[declaration][expert] = str(scoring.rounded(one.total))
    return dict(found)


def _float(value: Fraction | None) -> float | None:
    return None if value is None else float(value)
