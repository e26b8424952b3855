"""What makes a criteria set sound; only a document without faults is sealed."""

from collections.abc import Collection, Iterable, Iterator
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from evaluation.criteria.asking import GATES, is_asked
from evaluation.criteria.documents import Document
from reference.names import in_language

WEIGHTS = 100  # what the weights of one level sum to
BEST, WORST = 100, 0  # points
LONGEST_SCALE, SHORTEST_SCALE = 100, 2
LEAST_BANDS = 2


def faults(document: Document, *, fields: Collection[str] | None = None) -> list[str]:
    """Return a sentence for each thing that is wrong with the document.

    ``fields`` are the codes of the fields of technology there are; None: not looked at.
    """
    try:
        return list(_faults(document, fields))
    except (KeyError, TypeError, ValueError, AttributeError, InvalidOperation) as error:
        return [_("The document does not have the shape of a criteria set: %s") % repr(error)]


def _faults(document: Document, fields: Collection[str] | None) -> Iterator[str]:
    if not document["code"] or int(document["version"]) < 1:
        yield _("A criteria set has a code and a version from 1.")
    yield from _text_faults(document["names"], named(document))
    yield from _gate_faults(document["gates"])
    scale = document.get("best", BEST)
    if not (isinstance(scale, int) and SHORTEST_SCALE <= scale <= LONGEST_SCALE):
        yield _("The scale ends at a whole number from 2 to 100.")
    dimensions = document["dimensions"]
    yield from _entry_faults(dimensions, named(document))
    yield from _weight_faults(dimensions, named(document), None)
    for dimension in dimensions:
        yield from _dimension_faults(dimension, scale, fields)


def named(entry: Document) -> str:
    """Return what a reader knows a set, a dimension or an indicator by: its code has no texts."""
    return in_language(entry["names"]) or str(entry["code"])


def _dimension_faults(
    dimension: Document, scale: int, fields: Collection[str] | None
) -> Iterator[str]:
    indicators = dimension["indicators"]
    where = named(dimension)
    yield from _point_faults(dimension.get("minimum", ""), where)
    yield from _entry_faults(indicators, where)
    fields_named = sorted({field for one in indicators for field in one.get("fields", [])})
    for field in fields_named:
        if fields is not None and field not in fields:
            yield _("There is no field of technology “%s”.") % field
    # None stands for every field that no indicator names.
    for field in [None, *fields_named]:
        asked = [one for one in indicators if is_asked(one.get("fields", []), field)]
        yield from _weight_faults(asked, where, field)
        if asked and all(one.get("not_applicable") for one in asked):
            yield (
                _("In “%s” every indicator may be said not to apply; one has to be scored.") % where
            )
    for indicator in indicators:
        yield from _point_faults(indicator.get("veto_below", ""), named(indicator))
        yield from _band_faults(indicator, scale)


def _entry_faults(entries: list[Document], where: str) -> Iterator[str]:
    """Yield what is wrong with the codes and names of entries that stand side by side."""
    codes = [entry["code"] for entry in entries]
    if len(set(codes)) < len(codes):
        yield _("A code in “%s” occurs twice.") % where
    for entry in entries:
        yield from _text_faults(entry["names"], named(entry))


def _weight_faults(entries: list[Document], where: str, field: str | None) -> Iterator[str]:
    """Yield what is wrong with the entries that share one hundred points of weight."""
    total = sum(int(entry["weight"]) for entry in entries)
    if total != WEIGHTS and field is None:
        yield _("The weights in “%(where)s” sum to %(total)d, not to 100.") % {
            "where": where,
            "total": total,
        }
    elif total != WEIGHTS:
        yield _(
            "The weights in “%(where)s” sum to %(total)d in the field %(field)s, not to 100."
        ) % {
            "where": where,
            "total": total,
            "field": field,
        }
    if any(int(entry["weight"]) < 1 for entry in entries):
        yield _("A weight in “%s” is less than 1.") % where


def _band_faults(indicator: Document, scale: int) -> Iterator[str]:
    """Bands run from best to worst and leave no score between 0 and the best out."""
    bands = indicator["bands"]
    covered = (
        len(bands) >= LEAST_BANDS
        and bands[0]["to"] == scale
        and bands[-1]["from"] == WORST
        and all(band["from"] <= band["to"] for band in bands)
        and all(upper["from"] == lower["to"] + 1 for upper, lower in pairwise(bands))
    )
    if not covered:
        yield _("The bands of “%(code)s” do not cover 0 to %(best)d without a gap.") % {
            "code": named(indicator),
            "best": scale,
        }
    for band in bands:
        yield from _text_faults(band["texts"], named(indicator))


def _gate_faults(entries: dict[str, str]) -> Iterator[str]:
    values = {name: Decimal(entries[name]) for name in GATES}
    if not all(WORST <= value <= BEST for value in values.values()):
        yield _("A gate lies outside 0 to 100.")
    if values["panel"] > values["recommended"]:
        yield _("The gate for discussion lies above the one for recommendation.")


def _point_faults(points: str, where: str) -> Iterator[str]:
    if points and not WORST < Decimal(points) <= BEST:
        yield _("The least points of “%s” lie outside 0 to 100.") % where


def _text_faults(texts: dict[str, Any], where: str) -> Iterator[str]:
    # An expert reads one language: a set is complete in each complete language of the portal.
    for language in missing_languages(texts):
        yield _("“%(where)s” has no text in the language “%(language)s”.") % {
            "where": where,
            "language": language,
        }


def missing_languages(texts: dict[str, Any]) -> Iterable[str]:
    return [
        language
        for language in settings.LANGUAGES_COMPLETE
        if not str(texts.get(language, "")).strip()
    ]
