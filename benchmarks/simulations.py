"""Scores beside the raw one, on rounds whose truth is known

A round is drawn as in the design study: truth with standard deviation 1, experts who differ by
``bias``, noise 1.2, and of 5 + truth + bias + noise the whole number from 0 to 10: one sheet has
the reliability .40, .34 and .29 at bias .3, .7 and 1.0. The variances are always estimated.
"""

from collections import Counter
from typing import NamedTuple

import numpy as np

from evaluation.calibration import Calibration, calibrate
from evaluation.chance import Chance
from evaluation.crossed import Crossed, Floats, crossed
from evaluation.extra_opinions import propose
from evaluation.stability import BestPlaces, places

NOISE = 1.2
DECLARATIONS, EXPERTS, EACH = 300, 60, 3
FIFTH = BestPlaces(DECLARATIONS // 5)
BATCH = 50  # further sheets asked for at a time, before everything is estimated anew

Scores = dict[tuple[str, str], float]


class Round:
    """Declarations and experts with what is true of them, and sheets drawn one by one."""

    def __init__(
        self, seed: int, bias: float, declarations: int = DECLARATIONS, experts: int = EXPERTS
    ):
        self.chance = Chance(seed)
        self.truth = self.chance.normal(declarations)
        self.bias = bias * self.chance.normal(experts)
        self.load: Counter[int] = Counter(dict.fromkeys(range(experts), 0))
        self.scores: Scores = {}

    def ask(self, declaration: int) -> None:
        """Take one more sheet from the least loaded expert who has not judged it, by lot."""
        free = [one for one in self.load if (name(declaration), name(one)) not in self.scores]
        lots = self.chance.uniform(len(free))
        expert = min(zip(free, lots, strict=True), key=lambda it: (self.load[it[0]], it[1]))[0]
        exact = 5 + self.truth[declaration] + self.bias[expert] + NOISE * self.chance.normal(1)[0]
        self.scores[name(declaration), name(expert)] = float(np.clip(np.rint(exact), 0, 10))
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


def flat_round(seed: int, bias: float, each: int = EACH) -> Round:
    one = Round(seed, bias)
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


def hits_flat(seed: int, bias: float, each: int = EACH) -> tuple[float, float]:
    """Hits by raw mean and by adjusted score, the same number of sheets for everybody."""
    one = flat_round(seed, bias, each)
    return (
        hits(one.truth, crossed(one.scores).means()),
        hits(one.truth, adjusted(calibrate(one.scores))),
    )


def hits_adaptive(seed: int, bias: float) -> float:
    one = adaptive_round(seed, bias)
    return hits(one.truth, adjusted(calibrate(one.scores)))
