"""Scores laid out as declarations crossed with experts, for the statistics. No Django here.

Most cells are empty: a declaration is judged by a few experts of many. Everything is kept sorted
by key, so that the same scores give the same sums to the last bit in whatever order they came.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import SupportsFloat

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

Scores = Mapping[tuple[str, str], SupportsFloat | None]  # (declaration, expert) -> points


@dataclass(frozen=True, slots=False, eq=False)
class Crossed:
    """The given scores of one figure: one entry per sheet, sorted by declaration, then expert.

    ``row`` and ``column`` (each of the length of ``values``) point into ``declarations`` and
    ``experts``. Values are finite; their unit and range are those of what was put in.
    """

    declarations: tuple[str, ...]
    experts: tuple[str, ...]
    row: Ints
    column: Ints
    values: Floats

    @cached_property
    def sheets_of_declarations(self) -> Ints:
        """How many sheets each declaration has; shape (declarations,)."""
        return np.bincount(self.row, minlength=len(self.declarations))

    @cached_property
    def sheets_of_experts(self) -> Ints:
        return np.bincount(self.column, minlength=len(self.experts))

    @cached_property
    def incidence(self) -> Floats:
        """1.0 where the expert judged the declaration; shape (declarations, experts)."""
        found = np.zeros((len(self.declarations), len(self.experts)))
        found[self.row, self.column] = 1.0
        return found

    def filled(self) -> Floats:
        """The scores as a table with NaN in empty cells; shape (declarations, experts)."""
        found = np.full((len(self.declarations), len(self.experts)), np.nan)
        found[self.row, self.column] = self.values
        return found

    def means(self) -> Floats:
        """The plain mean per declaration; shape (declarations,)."""
        return self.per_declaration(self.values) / self.sheets_of_declarations

    def per_declaration(self, values: Floats) -> Floats:
        """Add one value per sheet up by declaration."""
        found: Floats = np.bincount(self.row, values, len(self.declarations)).astype(np.float64)
        return found

    def per_expert(self, values: Floats) -> Floats:
        found: Floats = np.bincount(self.column, values, len(self.experts)).astype(np.float64)
        return found


def crossed(scores: Scores) -> Crossed:
    """Lay scores out; None is an empty cell, and who gave or got no score does not appear."""
    given = sorted((pair, float(value)) for pair, value in scores.items() if value is not None)
    declarations = tuple(sorted({pair[0] for pair, _value in given}))
    experts = tuple(sorted({pair[1] for pair, _value in given}))
    rows = {key: place for place, key in enumerate(declarations)}
    columns = {key: place for place, key in enumerate(experts)}
    values = np.array([value for _pair, value in given], dtype=np.float64)
    if not np.isfinite(values).all():
        raise ValueError("A score is a finite number or None.")
    return Crossed(
        declarations,
        experts,
        np.array([rows[pair[0]] for pair, _value in given], dtype=np.int64),
        np.array([columns[pair[1]] for pair, _value in given], dtype=np.int64),
        values,
    )


def only(table: Crossed, sheets: Flags) -> Crossed:
    """Return the table of the marked sheets alone; ``sheets`` has one flag per sheet."""
    rows, row = np.unique(table.row[sheets], return_inverse=True)
    columns, column = np.unique(table.column[sheets], return_inverse=True)
    return Crossed(
        tuple(table.declarations[place] for place in rows),
        tuple(table.experts[place] for place in columns),
        row.astype(np.int64),
        column.astype(np.int64),
        table.values[sheets],
    )


def connected_parts(table: Crossed) -> list[Crossed]:
    """Split where no chain of shared experts leads from one declaration to another.

    Severities can be told from merit only within a part: across parts nobody compares.
    """
    label = np.arange(len(table.declarations))
    while True:
        by_expert = np.full(len(table.experts), len(label))
        np.minimum.at(by_expert, table.column, label[table.row])
        lowest = label.copy()
        np.minimum.at(lowest, table.row, by_expert[table.column])
        if np.array_equal(lowest, label):
            break
        label = lowest
    return [only(table, label[table.row] == one) for one in np.unique(label)]
