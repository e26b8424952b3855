"""Scores beside the raw one, on rounds whose truth is known

A round is drawn as in the design study: truth with standard deviation 1, experts who differ by
``bias``, noise 1.2, and of 5 + truth + bias + noise the whole number from 0 to 10: one sheet has
the reliability .40, .34 and .29 at bias .3, .7 and 1.0. The variances are always estimated.
"""

from collections.abc import Callable, Iterable, Iterator
from statistics import fmean, stdev
from typing import NamedTuple

import numpy as np

from benchmarks.report import Rows
from evaluation.statistics import agreement
from evaluation.statistics.calibration import Calibration, calibrate
from evaluation.statistics.chance import Chance
from evaluation.statistics.crossed import Crossed, Floats, Ints, crossed
from evaluation.statistics.extra_opinions import propose
from evaluation.statistics.stability import BestPlaces, places, stability

NOISE = 1.2
DECLARATIONS, EXPERTS, EACH = 300, 60, 3
FIFTH = BestPlaces(DECLARATIONS // 5)
BATCH = 50  # further sheets asked for at a time, before everything is estimated anew
BIASES = (0.3, 0.7, 1.0)
SMALL = ((10, 5, 4), (10, 8, 4), (20, 5, 3))  # rounds that just have enough to be adjusted

Scores = dict[tuple[str, str], float]


def run(full: bool) -> Rows:
    """Play 8 rounds of each kind, ``full``: 50; every figure with its standard error."""
    seeds = range(50 if full else 8)
    return [*_accuracies(seeds), *_hits(seeds), *_coverages(seeds), *_small(range(25 * len(seeds)))]


def _accuracies(seeds: range) -> Iterator[dict[str, str | int | float]]:
    for bias in BIASES:
        found = [accuracy(seed, bias) for seed in seeds]
        for field in Accuracy._fields:
            yield _row(f"correlation, {field}", bias, [getattr(one, field) for one in found])
        yield _row("adjusted less mean", bias, [one.adjusted - one.mean for one in found])
        yield _row("adjusted less z-score", bias, [one.adjusted - one.z_score for one in found])


def _hits(seeds: range) -> Iterator[dict[str, str | int | float]]:
    kinds: dict[str, Callable[[int], float]] = {
        "three each, raw": lambda seed: hits_flat(seed, 0.7),
        "three each, adjusted": lambda seed: hits_flat_adjusted(seed, 0.7),
        "900 sheets where worth most": lambda seed: hits_adaptive(seed, 0.7),
        "five each, raw": lambda seed: hits_flat(seed, 0.7, 5),
    }
    for kind, play in kinds.items():
        yield _row(f"best fifth hit, {kind}", 0.7, map(play, seeds))


def _coverages(seeds: range) -> Iterator[dict[str, str | int | float]]:
    for bias in BIASES:
        found = [coverage(seed, bias) for seed in seeds]
        for field in Coverage._fields:
            yield _row(f"90 % holds, {field}", bias, [getattr(one, field) for one in found])


def _small(seeds: range) -> Iterator[dict[str, str | int | float]]:
    for size in SMALL:
        for bias in BIASES:
            gains = [gain for seed in seeds if (gain := small_gain(seed, bias, *size)) is not None]
            kind = "adjusted less mean, {} declarations, {} experts, {} each".format(*size)
            yield _row(kind, bias, gains)


def _row(what: str, bias: float, values: Iterable[float]) -> dict[str, str | int | float]:
    values = list(values)
    return {
        "what": what,
        "bias": bias,
        "rounds": len(values),
        "mean": round(fmean(values), 4),
        "standard error": round(stdev(values) / len(values) ** 0.5, 4),
    }


class Round:
    """Declarations and experts with what is true of them, and sheets drawn one by one."""

    def __init__(
        self, seed: int, bias: float, declarations: int = DECLARATIONS, experts: int = EXPERTS
    ):
        self.chance = Chance(seed)
        self.truth = self.chance.normal(declarations)
        self.bias = bias * self.chance.normal(experts)
        self.load = np.zeros(experts)
        self.judged = np.zeros((declarations, experts), dtype=bool)
        self.scores: Scores = {}

    def ask(self, declaration: int) -> None:
        """Take one more sheet from the least loaded expert who has not judged it, by lot."""
        rank = self.load + self.chance.uniform(len(self.load)) / 2
        expert = int(np.argmin(np.where(self.judged[declaration], np.inf, rank)))
        exact = 5 + self.truth[declaration] + self.bias[expert] + NOISE * self.chance.normal(1)[0]
        self.scores[name(declaration), name(expert)] = min(max(float(np.rint(exact)), 0.0), 10.0)
        self.judged[declaration, expert] = True
        self.load[expert] += 1

    def ask_each(self, sheets: int) -> None:
        for _sheet in range(sheets):
            order = np.argsort(self.chance.uniform(len(self.truth)))
            for declaration in order.tolist():
                self.ask(declaration)


class Accuracy(NamedTuple):
    """Correlations with the truth."""

    mean: float
    z_score: float
    adjusted: float


def name(number: int) -> str:
    return f"{number:05d}"


def flat_round(
    seed: int, bias: float, each: int = EACH, size: tuple[int, int] = (DECLARATIONS, EXPERTS)
) -> Round:
    one = Round(seed, bias, *size)
    one.ask_each(each)
    return one


def accuracy(seed: int, bias: float) -> Accuracy:
    """One round of 300 declarations with three sheets each by 60 experts."""
    one = flat_round(seed, bias)
    table = crossed(one.scores)
    figures = (table.means(), z_scores(table), adjusted(calibrate(one.scores)))
    return Accuracy(*(float(np.corrcoef(one.truth, found)[0, 1]) for found in figures))


def adjusted(found: Calibration) -> Floats:
    return np.array([one.value for one in found.declarations.values()], dtype=float)


def z_scores(table: Crossed) -> Floats:
    """The usual remedy: each expert's scores brought to mean 0 and standard deviation 1."""
    count = table.sheets_of_experts
    centre = table.per_expert(table.values) / count
    off = table.values - centre[table.column]
    spread = np.sqrt(table.per_expert(off**2) / (count - 1))
    turned = off / np.where(spread > 0, spread, 1.0)[table.column]
    return table.per_declaration(turned) / table.sheets_of_declarations


def hits(truth: Floats, estimate: Floats) -> float:
    """The share of the true best fifth that is among the estimated best fifth."""
    best = places(np.stack([truth, estimate], axis=1)) <= FIFTH.number
    return float((best[:, 0] & best[:, 1]).sum() / best[:, 0].sum())


def adaptive_round(seed: int, bias: float, sheets: int = DECLARATIONS * EACH) -> Round:
    """Two sheets each, then batches where ``propose`` wants them, up to the same number."""
    one = flat_round(seed, bias, each=2)
    while (left := sheets - len(one.scores)) > 0:
        wanted = propose(calibrate(one.scores), FIFTH, min(BATCH, left))
        for proposal in wanted:
            for _opinion in range(proposal.opinions):
                one.ask(int(proposal.declaration))
        if not wanted:
            break
    return one


def hits_flat(seed: int, bias: float, each: int = EACH) -> float:
    """Hits by raw mean, the same number of sheets for everybody."""
    one = flat_round(seed, bias, each)
    return hits(one.truth, crossed(one.scores).means())


def hits_flat_adjusted(seed: int, bias: float) -> float:
    one = flat_round(seed, bias)
    return hits(one.truth, adjusted(calibrate(one.scores)))


def hits_adaptive(seed: int, bias: float) -> float:
    one = adaptive_round(seed, bias)
    return hits(one.truth, adjusted(calibrate(one.scores)))


class Coverage(NamedTuple):
    """How often intervals of 90 % hold what they are for: shares, or 0 and 1 of one round."""

    adjusted_score: float
    severity: float
    place: float
    place_by_drawing_sheets: float
    alpha: float
    correlation: float


def coverage(seed: int, bias: float) -> Coverage:
    one = flat_round(seed, bias)
    found = calibrate(one.scores)
    merit, severity = 5 + one.truth, one.bias
    true_place = places(one.truth[:, None])[:, 0]
    standing = stability(found, seed=seed).standings.values()
    ends = np.array([(place.lowest, place.highest) for place in standing])
    activity = list(found.declarations)
    # The twelfth is what rounding to whole numbers adds.
    reliability = 1 / (1 + bias**2 + NOISE**2 + 1 / 12)
    alpha = agreement.alpha(one.scores, activity, seed=seed)
    correlation = agreement.correlation(one.scores, activity)
    return Coverage(
        _holds(merit, [(one.lower, one.upper) for one in found.declarations.values()]),
        _holds(severity, [(one.lower, one.upper) for one in found.experts.values()]),
        _holds(true_place, ends),
        _holds(true_place, drawn_sheets(crossed(one.scores), seed)),
        _holds([reliability], [(alpha.lower, alpha.upper)]),
        _holds([reliability], [(correlation.lower, correlation.upper)]),
    )


def _holds(truth: object, ends: object) -> float:
    lower, upper = np.array(ends, dtype=float).T
    true = np.array(truth, dtype=float)
    return float(((lower <= true) & (true <= upper)).mean())


def drawn_sheets(table: Crossed, seed: int, number: int = 1000) -> Floats:
    """The naive interval: raw means ranked, the sheets of each declaration drawn anew."""
    chance = Chance(seed)
    sheets = table.values.reshape(len(table.declarations), EACH)
    rows: Ints = np.arange(len(sheets))[:, None, None]
    drawn = sheets[rows, chance.below(EACH, len(sheets), number, EACH)].mean(axis=2)
    # Whole numbers make many equal means; lots decide among them.
    ranked = np.sort(places(drawn + 1e-6 * chance.uniform(*drawn.shape)), axis=1)
    found: Floats = ranked[:, [int(0.05 * number), int(0.95 * number) - 1]].astype(float)
    return found


def small_gain(seed: int, bias: float, declarations: int, experts: int, each: int) -> float | None:
    """By how much adjusting betters the correlation in a small round; None if it is refused."""
    one = flat_round(seed, bias, each, (declarations, experts))
    found = calibrate(one.scores)
    if any(estimate.value is None for estimate in found.declarations.values()):
        return None
    table = crossed(one.scores)
    before, after = (
        float(np.corrcoef(one.truth, figures)[0, 1]) for figures in (table.means(), adjusted(found))
    )
    return after - before
