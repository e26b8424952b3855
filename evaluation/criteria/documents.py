"""A criteria set as a document: dimensions, indicators, anchored bands, weights, gates.

What a set leaves out has its default and is not written down, so that a document sealed before
there was such a choice keeps its seal.
"""

import json
from pathlib import Path
from typing import Any

from core.canonical import content_hash
from evaluation.models import CriteriaSet, Dimension, Indicator

Document = dict[str, Any]

SETS = Path(__file__).parent / "sets"
NEWEST = "default-2"

# What an entry may leave out, and what it then is. Points (0 to 100) are text, as in the gates.
SET_DEFAULTS: Document = {"best": 100}
DIMENSION_DEFAULTS: Document = {"minimum": ""}
INDICATOR_DEFAULTS: Document = {"fields": [], "veto_below": "", "not_applicable": False}

SET_COLUMNS = ("code", "version", "names", "gates")
DIMENSION_COLUMNS = ("code", "names", "weight")
INDICATOR_COLUMNS = ("code", "names", "weight", "bands", "evidence")


def default() -> Document:
    """Return the set the portal comes with."""
    return read(NEWEST)


def read(name: str) -> Document:
    document: Document = json.loads((SETS / f"{name}.json").read_text(encoding="utf-8"))
    return document


def seal_of(document: Document) -> str:
    """Return the hash that seals the set: over what the rows will hold, and nothing else."""
    return content_hash(plain(document))


def part_seals(document: Document) -> dict[str, str]:
    """Return the hash of each row the set becomes, by ``""``, dimension, "dimension.indicator".

    By them, a row that was changed after the sealing can be named.
    """
    sealed = plain(document)
    seals = {"": content_hash({**sealed, "dimensions": []})}
    for dimension in sealed["dimensions"]:
        seals[dimension["code"]] = content_hash({**dimension, "indicators": []})
        for one in dimension["indicators"]:
            seals[f"{dimension['code']}.{one['code']}"] = content_hash(one)
    return seals


def plain(document: Document) -> Document:
    """Return the document as it is sealed: its columns, and of the rest what is not default."""
    return {
        **_kept(document, SET_COLUMNS, SET_DEFAULTS),
        "dimensions": [
            {
                **_kept(dimension, DIMENSION_COLUMNS, DIMENSION_DEFAULTS),
                "indicators": [
                    _kept(one, INDICATOR_COLUMNS, INDICATOR_DEFAULTS)
                    for one in dimension["indicators"]
                ],
            }
            for dimension in document["dimensions"]
        ],
    }


def _kept(entry: Document, columns: tuple[str, ...], defaults: Document) -> Document:
    chosen = {name: entry[name] for name in columns}
    said = {
        name: entry[name] for name in defaults if entry.get(name, defaults[name]) != defaults[name]
    }
    return chosen | said


def set_values(document: Document) -> Document:
    """Return the columns of the set by name; likewise the next two."""
    return _values(document, SET_COLUMNS, SET_DEFAULTS)


def dimension_values(dimension: Document) -> Document:
    return _values(dimension, DIMENSION_COLUMNS, DIMENSION_DEFAULTS)


def indicator_values(indicator: Document) -> Document:
    return _values(indicator, INDICATOR_COLUMNS, INDICATOR_DEFAULTS)


def _values(entry: Document, columns: tuple[str, ...], defaults: Document) -> Document:
    return {name: entry[name] for name in columns} | {
        name: entry.get(name, default) for name, default in defaults.items()
    }


def document_of(criteria_set: CriteriaSet) -> Document:
    """Put the document together again from the rows; its seal is that of the set."""
    return plain(
        {
            **_row(criteria_set, SET_COLUMNS, SET_DEFAULTS),
            "dimensions": [dimension_document(one) for one in criteria_set.with_dimensions()],
        }
    )


def dimension_document(dimension: Dimension) -> Document:
    """Return a dimension with the indicators that were fetched with it."""
    return {
        **_row(dimension, DIMENSION_COLUMNS, DIMENSION_DEFAULTS),
        "indicators": [
            _row(one, INDICATOR_COLUMNS, INDICATOR_DEFAULTS) for one in dimension.indicators.all()
        ],
    }


def _row(row: CriteriaSet | Dimension | Indicator, *names: Any) -> Document:
    return {name: getattr(row, name) for group in names for name in group}
