"""What a criteria set is made of, and what makes one sound.

A set is a document: dimensions with weights, indicators with weights and anchored bands, gates.
``faults`` says what is wrong with one; only a document without faults is sealed
(``evaluation.services.seal_criteria``), and a sealed one never changes.
"""

import json
from collections.abc import Iterable, Iterator
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from core.canonical import content_hash
from evaluation.models import CriteriaSet, Dimension
from evaluation.scoring import DimensionWeights, Gates

DOCUMENTS = Path(__file__).parent / "criteria"
GATES = ("dimension_minimum", "recommended", "panel")
BEST, WORST = 100, 0
WEIGHTS = 100  # what the weights of one level sum to

# A score outside these limits needs a comment.
COMMENT_BELOW, COMMENT_ABOVE = 60, 90


def default() -> dict[str, Any]:
    """Return the set the portal comes with."""
    return read("default-1")


def read(name: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((DOCUMENTS / f"{name}.json").read_text(encoding="utf-8"))
    return document


def needs_comment(value: int | None) -> bool:
    """Say whether a score is so low or so high that it must be explained."""
    return value is not None and not COMMENT_BELOW <= value <= COMMENT_ABOVE


# The seal --------------------------------------------------------------------------------


def seal_of(document: dict[str, Any]) -> str:
    """Return the hash that seals the set: over what the rows will hold, and nothing else."""
    return content_hash(
        {
            "code": document["code"],
            "version": document["version"],
            "names": document["names"],
            "gates": document["gates"],
            "dimensions": [
                {
                    "code": dimension["code"],
                    "names": dimension["names"],
                    "weight": dimension["weight"],
                    "indicators": [indicator_columns(one) for one in dimension["indicators"]],
                }
                for dimension in document["dimensions"]
            ],
        }
    )


def indicator_columns(indicator: dict[str, Any]) -> dict[str, Any]:
    columns = ("code", "names", "weight", "bands", "evidence")
    return {name: indicator[name] for name in columns}


def document_of(criteria_set: CriteriaSet) -> dict[str, Any]:
    """Put the document together again from the rows; its seal is that of the set."""
    return {
        "code": criteria_set.code,
        "version": criteria_set.version,
        "names": criteria_set.names,
        "gates": criteria_set.gates,
        "dimensions": [
            {
                "code": dimension.code,
                "names": dimension.names,
                "weight": dimension.weight,
                "indicators": [
                    {
                        "code": one.code,
                        "names": one.names,
                        "weight": one.weight,
                        "bands": one.bands,
                        "evidence": one.evidence,
                    }
                    for one in dimension.indicators.all()
                ],
            }
            for dimension in criteria_set.with_dimensions()
        ],
    }


# What the arithmetic is given ------------------------------------------------------------


def dimension_weights(dimensions: Iterable[Dimension]) -> list[DimensionWeights]:
    """Return the weights; asks nothing of the database for ``CriteriaSet.with_dimensions``."""
    return [
        DimensionWeights(
            dimension.code,
            Decimal(dimension.weight),
            {one.code: Decimal(one.weight) for one in dimension.indicators.all()},
        )
        for dimension in dimensions
    ]


def gates(criteria_set: CriteriaSet) -> Gates:
    return Gates(**{name: Decimal(criteria_set.gates[name]) for name in GATES})


# Soundness -------------------------------------------------------------------------------


def faults(document: dict[str, Any]) -> list[str]:
    """Return a sentence for each thing that is wrong with the document."""
    try:
        return list(_faults(document))
    except (KeyError, TypeError, ValueError, AttributeError, InvalidOperation) as error:
        return [_("The document does not have the shape of a criteria set: %s") % repr(error)]


def _faults(document: dict[str, Any]) -> Iterator[str]:
    if not document["code"] or int(document["version"]) < 1:
        yield _("A criteria set has a code and a version from 1.")
    yield from _name_faults(document, document["code"])
    yield from _gate_faults(document["gates"])
    dimensions = document["dimensions"]
    yield from _level_faults(dimensions, document["code"])
    for dimension in dimensions:
        yield from _level_faults(dimension["indicators"], dimension["code"])
        for indicator in dimension["indicators"]:
            yield from _band_faults(indicator)


def _level_faults(entries: list[dict[str, Any]], where: str) -> Iterator[str]:
    """Yield what is wrong with the entries that share one hundred points of weight."""
    if sum(int(entry["weight"]) for entry in entries) != WEIGHTS:
        yield _("The weights in “%s” do not sum to 100.") % where
    if any(int(entry["weight"]) < 1 for entry in entries):
        yield _("A weight in “%s” is less than 1.") % where
    codes = [entry["code"] for entry in entries]
    if len(set(codes)) < len(codes):
        yield _("A code in “%s” occurs twice.") % where
    for entry in entries:
        yield from _name_faults(entry, entry["code"])


def _band_faults(indicator: dict[str, Any]) -> Iterator[str]:
    """Bands run from best to worst and leave no score between 0 and 100 out."""
    bands = indicator["bands"]
    covered = (
        bands
        and bands[0]["to"] == BEST
        and bands[-1]["from"] == WORST
        and all(band["from"] <= band["to"] for band in bands)
        and all(upper["from"] == lower["to"] + 1 for upper, lower in pairwise(bands))
    )
    if not covered:
        yield _("The bands of “%s” do not cover 0 to 100 without a gap.") % indicator["code"]
    for band in bands:
        yield from _text_faults(band["texts"], indicator["code"])


def _gate_faults(entries: dict[str, str]) -> Iterator[str]:
    values = {name: Decimal(entries[name]) for name in GATES}
    if not all(WORST <= value <= BEST for value in values.values()):
        yield _("A gate lies outside 0 to 100.")
    if values["panel"] > values["recommended"]:
        yield _("The gate for discussion lies above the one for recommendation.")


def _name_faults(entry: dict[str, Any], where: str) -> Iterator[str]:
    yield from _text_faults(entry["names"], where)


def _text_faults(texts: dict[str, str], where: str) -> Iterator[str]:
    # An expert reads one language: a set is complete in each complete language of the portal.
    for language in settings.LANGUAGES_COMPLETE:
        if not texts.get(language, "").strip():
            yield _("“%(where)s” has no text in the language “%(language)s”.") % {
                "where": where,
                "language": language,
            }
