"""What differs between two versions of a criteria set, line by line, for who has to sign."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from evaluation.criteria.documents import (
    DIMENSION_DEFAULTS,
    INDICATOR_DEFAULTS,
    SET_DEFAULTS,
    Document,
)
from evaluation.criteria.draft_words import WORDS, shown
from reference.names import in_language

ABSENT: dict[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Difference:
    """One line: where, what, as it was and as it would be."""

    where: str
    what: str
    before: str
    after: str


def differences(before: Document, after: Document) -> list[Difference]:
    """Return what a reader has to know, in the order of the newer document."""
    return [*_set(before, after), *_dimensions(before, after)]


def _set(before: Document, after: Document) -> Iterator[Difference]:
    where = _("The whole set")
    for name in ("names", *SET_DEFAULTS):
        default = SET_DEFAULTS.get(name, {})
        yield from _one(where, name, before.get(name, default), after.get(name, default))
    for gate, points in after["gates"].items():
        yield from _one(where, gate, before["gates"].get(gate, ""), points)


def _dimensions(before: Document, after: Document) -> Iterator[Difference]:
    was = {one["code"]: one for one in before["dimensions"]}
    now = {one["code"]: one for one in after["dimensions"]}
    for code, dimension in now.items():
        name = in_language(dimension["names"])
        if code not in was:
            yield Difference(name, "", "", _("new"))
        yield from _columns(
            name, was.get(code, ABSENT), dimension, ("names", "weight"), DIMENSION_DEFAULTS
        )
        yield from _indicators(name, was.get(code, {"indicators": []}), dimension)
    for code in was.keys() - now.keys():
        yield Difference(in_language(was[code]["names"]), "", "", _("left out"))


def _indicators(dimension: str, before: Document, after: Document) -> Iterator[Difference]:
    was = {one["code"]: one for one in before["indicators"]}
    now = {one["code"]: one for one in after["indicators"]}
    columns = ("names", "weight", "bands", "evidence")
    for code, indicator in now.items():
        where = f"{dimension} – {in_language(indicator['names'])}"
        if code in was:
            yield from _columns(where, was[code], indicator, columns, INDICATOR_DEFAULTS)
        else:
            yield Difference(where, "", "", _("new"))
    for code in was.keys() - now.keys():
        yield Difference(f"{dimension} – {in_language(was[code]['names'])}", "", "", _("left out"))


def _columns(
    where: str, before: Document, after: Document, columns: tuple[str, ...], defaults: Document
) -> Iterator[Difference]:
    if not before:
        return
    for name in (*columns, *defaults):
        default = defaults.get(name)
        yield from _one(where, name, before.get(name, default), after.get(name, default))


def _one(where: str, name: str, before: Any, after: Any) -> Iterator[Difference]:
    if before != after:
        yield Difference(where, str(WORDS[name]), shown(before), shown(after))
