"""Statistics of an activity of 1,000 declarations, 150 experts, five sheets each"""

import dataclasses
import time
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import numpy as np

from benchmarks.report import Rows
from evaluation.scoring import DimensionWeights, Gates
from evaluation.statistics import agreement
from evaluation.statistics.calibration import calibrate
from evaluation.statistics.chance import Chance
from evaluation.statistics.extra_opinions import propose
from evaluation.statistics.habits import Sheet, habits
from evaluation.statistics.stability import BestPlaces, stability
from evaluation.statistics.what_if import Bench, Scenario

DIMENSIONS = tuple(
    DimensionWeights(code, Decimal(weight), {f"{n}": Decimal(w) for n, w in enumerate(inner)})
    for code, weight, inner in (
        ("advanced", 25, (40, 35, 25)),
        ("practical", 25, (35, 35, 30)),
        ("economy", 20, (35, 45, 20)),
        ("maturity", 20, (35, 45, 20)),
        ("service", 10, (30, 40, 30)),
    )
)
PLAIN = Scenario(DIMENSIONS, Gates(Decimal(60), Decimal(75), Decimal(60)), places=200)
TIMES = 5


def run(full: bool) -> Rows:
    """Measure with 300 declarations of 60 experts, ``full``: 1,000 of 150."""
    declarations, experts = (1000, 150) if full else (300, 60)
    sheets = _sheets(declarations, experts)
    totals = {
        pair: float(sum(v for v in one.values() if v is not None)) / 15
        for pair, one in sheets.items()
    }
    activity = {pair[0] for pair in sheets}
    found, bench = calibrate(totals), Bench(sheets)
    usual = bench.outcome(PLAIN)
    calls: dict[str, Callable[[], Any]] = {
        "one adjusted score": lambda: calibrate(totals),
        "rank intervals, 1,000 draws": lambda: stability(found, seed=1, cut=BestPlaces(200)),
        "alpha of one indicator, 1,000 draws": lambda: agreement.alpha(totals, activity, seed=1),
        "correlation of one indicator": lambda: agreement.correlation(totals, activity),
        "extra opinions": lambda: propose(found, BestPlaces(200), 300),
        "habits of all experts": lambda: habits(_as_sheets(sheets), found),
        "bench laid out": lambda: Bench(sheets),
        "what if, raw": lambda: bench.outcome(PLAIN),
        "what if, without an expert": lambda: bench.outcome(
            dataclasses.replace(PLAIN, without=frozenset({"e007"}))
        ),
        "what if, adjusted": lambda: bench.outcome(dataclasses.replace(PLAIN, adjusted=True)),
    }
    assert len(usual) == declarations  # noqa: S101 -- a benchmark of nothing would look fast
    return [_row(what, call) for what, call in calls.items()]


def _row(what: str, call: Callable[[], Any]) -> dict[str, str | int | float]:
    took, processor = [], []
    for _time in range(TIMES):
        began, began_processor = time.perf_counter(), time.process_time()
        call()
        took.append(time.perf_counter() - began)
        processor.append(time.process_time() - began_processor)
    return {
        "what": what,
        "ms": round(min(took) * 1000, 1),
        "of the processor": round(min(processor) * 1000, 1),
    }


def _sheets(declarations: int, experts: int) -> dict[tuple[str, str], dict[str, Decimal | None]]:
    """Five sheets each, one indicator in fifty not applicable."""
    chance = Chance(1)
    merit, severity = 70 + 8 * chance.normal(declarations), 5 * chance.normal(experts)
    codes = [f"{one.code}.{code}" for one in DIMENSIONS for code in one.indicators]
    found: dict[tuple[str, str], dict[str, Decimal | None]] = {}
    for declaration in range(declarations):
        panel = np.argsort(chance.uniform(experts))[:5].tolist()
        for expert in panel:
            exact = merit[declaration] + severity[expert] + 9 * chance.normal(len(codes))
            given = chance.uniform(len(codes)) > 0.02
            values = np.clip(np.rint(exact), 0, 100).astype(int).tolist()
            found[f"d{declaration:04}", f"e{expert:03}"] = {
                code: Decimal(value) if scored else None
                for code, value, scored in zip(codes, values, given.tolist(), strict=True)
            }
    return found


def _as_sheets(sheets: dict[tuple[str, str], dict[str, Decimal | None]]) -> list[Sheet]:
    rows = []
    for order, ((declaration, expert), scores) in enumerate(sheets.items()):
        values = [None if v is None else float(v) for v in scores.values()]
        parts = [[v for v in values[n : n + 3] if v is not None] for n in range(0, 15, 3)]
        means = [sum(part) / len(part) if part else None for part in parts]
        given = [mean for mean in means if mean is not None]
        rows.append(Sheet(declaration, expert, order, values, means, sum(given) / len(given)))
    return rows
