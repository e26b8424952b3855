"""Severity-adjusted scores: what a declaration would have got from experts of middle severity.

No Django here. The model is ``variance``; this module says when it may be shown, and when the
words are "too little data". The adjusted score stands beside the raw one and never takes its
place: the raw score is ``evaluation.scoring``, exact, and knows nothing of this.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from statistics import NormalDist

import numpy as np

from evaluation.statistics import variance
from evaluation.statistics.crossed import Crossed, Scores, connected_parts, crossed
from evaluation.statistics.variance import Components, Fit

LEVEL = 0.9  # of the intervals
LEAST_EXPERTS = 5
LEAST_SHARED = 2  # declarations an expert judged beside others, to count among those
LEAST_DECLARATIONS = 10  # with two sheets or more
LEAST_SPARE = 20  # sheets beyond those that one value per declaration and expert would use up
LEAST_SHEETS = 2  # of a declaration
ALIKE = 1e-9  # a declaration variance below this share of the whole is nought


class TooLittle(StrEnum):
    """Why no adjusted figure is shown."""

    ONE_SHEET = "one_sheet"  # of this declaration; nobody to hold it against
    FEW_EXPERTS = "few_experts"
    FEW_DECLARATIONS = "few_declarations"
    FEW_SHARED = "few_shared"  # too few sheets more than declarations and experts
    ALL_EQUAL = "all_equal"  # every score is the same
    NOT_TOLD_APART = "not_told_apart"  # experts agree no better than chance on any declaration


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its interval at the level asked for, in points.

    ``sheets`` is how many it rests on. With ``too_little`` the three figures are None.
    """

    sheets: int
    value: float | None
    lower: float | None
    upper: float | None
    too_little: TooLittle | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """Declarations and experts joined by shared sheets: the model is fitted to each part alone.

    Between two parts nobody compares, so a strict part cannot be told from a weak one; each
    keeps the mean of its own raw scores. ``fit`` is None with ``too_little``.
    """

    table: Crossed
    fit: Fit | None
    too_little: TooLittle | None


@dataclass(frozen=True, slots=True, eq=False)
class Calibration:
    """Adjusted scores of declarations and severities of experts, of one figure (a dimension's
    mean or the total), by key.

    A severity is in points against the middle expert: below nought gives less than others.
    """

    declarations: Mapping[str, Estimate]
    experts: Mapping[str, Estimate]
    parts: tuple[Part, ...]
    level: float

    @property
    def components(self) -> Components | None:
        """The variances, where all declarations hang together; else each part has its own."""
        only = self.parts[0].fit if len(self.parts) == 1 else None
        return only.components if only else None


def calibrate(scores: Scores, level: float = LEVEL) -> Calibration:
    """Adjust scores, keyed by (declaration, expert), for the severity of the experts."""
    if not 0.0 < level < 1.0:
        raise ValueError("A level lies between 0 and 1.")
    parts = tuple(_part(table) for table in connected_parts(crossed(scores)))
    width = NormalDist().inv_cdf((1.0 + level) / 2.0)
    declarations: dict[str, Estimate] = {}
    experts: dict[str, Estimate] = {}
    for part in parts:
        declarations |= _of_declarations(part, width)
        experts |= _of_experts(part, width)
    return Calibration(
        dict(sorted(declarations.items())), dict(sorted(experts.items())), parts, level
    )


def too_little(table: Crossed) -> TooLittle | None:
    """Say what a connected table lacks before anything is estimated from it.

    The numbers are conventions with a reason: a variance estimated from n independent pieces has
    a relative error of sqrt(2 / n), so 20 spare sheets give the error variance to a third, and
    below five experts their severities say next to nothing of how experts differ.
    """
    shared = table.sheets_of_declarations >= LEAST_SHEETS
    beside_others = table.incidence[shared].sum(axis=0)
    spare = len(table.values) - len(table.declarations) - len(table.experts) + 1
    if np.count_nonzero(beside_others >= LEAST_SHARED) < LEAST_EXPERTS:
        return TooLittle.FEW_EXPERTS
    if np.count_nonzero(shared) < LEAST_DECLARATIONS:
        return TooLittle.FEW_DECLARATIONS
    if spare < LEAST_SPARE:
        return TooLittle.FEW_SHARED
    if np.ptp(table.values) == 0.0:
        return TooLittle.ALL_EQUAL
    return None


def _part(table: Crossed) -> Part:
    lack = too_little(table)
    if lack:
        return Part(table, None, lack)
    fit = variance.fit(table)
    found = fit.components
    if found.declaration <= ALIKE * (found.declaration + found.expert + found.error):
        return Part(table, None, TooLittle.NOT_TOLD_APART)
    return Part(table, fit, None)


def _of_declarations(part: Part, width: float) -> dict[str, Estimate]:
    counts = part.table.sheets_of_declarations.tolist()
    keyed = zip(part.table.declarations, counts, strict=True)
    if part.fit is None:
        return {key: Estimate(count, None, None, None, part.too_little) for key, count in keyed}
    figures = zip(part.fit.values.tolist(), part.fit.value_errors.tolist(), strict=True)
    return {
        key: _estimate(count, value, width * error)
        if count >= LEAST_SHEETS
        else Estimate(count, None, None, None, TooLittle.ONE_SHEET)
        for (key, count), (value, error) in zip(keyed, figures, strict=True)
    }


def _of_experts(part: Part, width: float) -> dict[str, Estimate]:
    counts = part.table.sheets_of_experts.tolist()
    keyed = zip(part.table.experts, counts, strict=True)
    if part.fit is None:
        return {key: Estimate(count, None, None, None, part.too_little) for key, count in keyed}
    figures = zip(part.fit.severities.tolist(), part.fit.severity_errors.tolist(), strict=True)
    return {
        key: _estimate(count, value, width * error)
        for (key, count), (value, error) in zip(keyed, figures, strict=True)
    }


def _estimate(count: int, value: float, half: float) -> Estimate:
    return Estimate(count, value, value - half, value + half)
