"""The document a plan is drawn from: numbers under keys, and nothing a person could be known by.

It is kept for ever beside the plan, while a person may be erased: no name, no keyword. Matrices
are little-endian, packed (zlib, base64).
"""

import base64
import zlib
from collections.abc import Iterable
from typing import Any, NamedTuple
from uuid import UUID

import numpy as np

from core.canonical import content_hash
from evaluation.assignment.affinity import TERMS, Affinity, Weights
from evaluation.assignment.problem import NO_CAP, NO_ORGANISATION, Block, Bools, Problem, Rules
from evaluation.models import AssignmentPlan
from evaluation.planning.facts import Facts, Key

Document = dict[str, Any]
FORMAT = 1
FREE, DECLINED, UNAVAILABLE = "", "declined", "unavailable"
BLOCKS = {FREE: Block.FREE, DECLINED: Block.DECLINED, UNAVAILABLE: Block.EDITED}


class Wanted(NamedTuple):
    """What an officer asked for, beside what there is."""

    need: int
    cap: int | None
    rules: Document
    earlier: frozenset[Key] = frozenset()


def wanted(plan: AssignmentPlan, earlier: Iterable[Key] = ()) -> Wanted:
    rules = {
        "per_organisation": plan.per_organisation,
        "specialists": plan.specialists,
        "economists": plan.economists,
        "price": plan.price,  # in hundredths
    }
    return Wanted(plan.need, plan.cap, rules, frozenset(earlier))


def document(facts: Facts, fitting: tuple[Affinity, Bools], asked: Wanted) -> Document:
    """Write down what a plan is drawn from."""
    fit, specialist = fitting
    rows = {one.case: place for place, one in enumerate(facts.rows)}
    columns = {one.expert: place for place, one in enumerate(facts.columns)}
    fixed = _places(facts.standing, rows, columns)
    load: dict[int, int] = {}
    for _row, column in fixed:
        load[column] = load.get(column, 0) + 1
    kinds, blocked = _blocked(facts, rows, columns)
    houses = sorted({one.house for one in facts.columns} - {""})
    return {
        "format": FORMAT,
        "declarations": [str(one.case) for one in facts.rows],
        "experts": [
            {
                "id": str(one.expert),
                "house": houses.index(one.house) if one.house else NO_ORGANISATION,
                "economics": one.economics,
                "cap": _cap(one, asked.cap, load.get(place, 0)),
                **_not_kept(one, asked.cap, load.get(place, 0)),
            }
            for place, one in enumerate(facts.columns)
        ],
        "need": asked.need,
        "rules": asked.rules,
        "fixed": fixed,
        "earlier": _places(asked.earlier, rows, columns),
        "kinds": kinds,
        "blocked": packed(blocked),
        "specialist": packed(specialist.astype(np.uint8)),
        "weights": {name: str(getattr(fit.weights, name)) for name in TERMS},
        "terms": {name: packed(fit.terms[name].astype("<f4")) for name in TERMS},
    }


def _cap(one: Any, common: int | None, load: int) -> int | None:
    """Return the limit of an expert: never below what stands already, nothing new if away."""
    if not one.available:
        return load
    limit = _limit(one, common)
    return None if limit is None else max(load, limit)


def _limit(one: Any, common: int | None) -> int | None:
    """Return the smaller of the own limit and that of the plan."""
    return min((limit for limit in (one.cap, common) if limit is not None), default=None)


def _not_kept(one: Any, common: int | None, load: int) -> dict[str, int]:
    """Write down the limit of an expert of whom more stands already; of all others nothing."""
    limit = _limit(one, common)
    return {} if limit is None or load <= limit else {"limit": limit}


def over_limits(given: Document) -> list[tuple[str, int, int]]:
    """Return whose limit cannot be kept: the expert, what stands already, the limit."""
    fixed = [column for _row, column in given["fixed"]]
    return [
        (one["id"], fixed.count(column), one["limit"])
        for column, one in enumerate(given["experts"])
        if "limit" in one
    ]


def _places(pairs: Iterable[Key], rows: dict[UUID, int], columns: dict[UUID, int]) -> list[Any]:
    """Return pairs as places, sorted; those that are not there any more are left out."""
    known = ((rows[case], columns[one]) for case, one in pairs if case in rows and one in columns)
    return sorted([row, column] for row, column in known)


def _blocked(
    facts: Facts, rows: dict[UUID, int], columns: dict[UUID, int]
) -> tuple[list[str], Any]:
    """Return the names of the reasons, and for each pair the place of its reason among them."""
    kinds = [FREE, DECLINED, UNAVAILABLE, *sorted({str(why) for why in facts.barred.values()})]
    blocked = np.zeros((len(rows), len(columns)), np.uint8)
    for column, one in enumerate(facts.columns):
        if not one.available:
            blocked[:, column] = kinds.index(UNAVAILABLE)
    for row, column in _places(facts.gone, rows, columns):
        blocked[row, column] = kinds.index(DECLINED)
    for (case, expert), why in facts.barred.items():
        blocked[rows[case], columns[expert]] = kinds.index(str(why))
    return kinds, blocked


def seal(given: Document) -> str:
    return content_hash(given)


# And back ---------------------------------------------------------------------------------


def problem_of(given: Document) -> Problem:
    """Return the arithmetic problem a document states."""
    shape = len(given["declarations"]), len(given["experts"])
    rules = given["rules"]
    caps = [NO_CAP if one["cap"] is None else one["cap"] for one in given["experts"]]
    return Problem(
        declarations=given["declarations"],
        experts=[one["id"] for one in given["experts"]],
        affinity=fit_of(given).values,
        need=np.full(shape[0], given["need"], np.int64),
        blocked=_blocks(given, shape),
        caps=np.array(caps, np.int64),
        organisation=np.array([one["house"] for one in given["experts"]], np.int64),
        specialist=unpacked(given["specialist"], shape, np.uint8).astype(np.bool_),
        economist=np.array([one["economics"] for one in given["experts"]], np.bool_),
        fixed=np.array(given["fixed"], np.int64).reshape(-1, 2),
        earlier=np.array(given["earlier"], np.int64).reshape(-1, 2),
        rules=Rules(
            per_organisation=rules["per_organisation"],
            specialists=rules["specialists"],
            economists=rules["economists"],
            price=rules["price"] / 100,
        ),
    )


def fit_of(given: Document) -> Affinity:
    """Return the affinities with their terms; the same sums as when they were first made."""
    shape = len(given["declarations"]), len(given["experts"])
    weights = Weights(**{name: float(text) for name, text in given["weights"].items()})
    terms = {name: unpacked(text, shape, "<f4") for name, text in given["terms"].items()}
    whole = sum(getattr(weights, name) for name in TERMS)
    values = np.zeros(shape, np.float32)
    for name in TERMS:
        values += np.float32(getattr(weights, name) / whole) * terms[name]
    return Affinity(values.clip(0, 1), terms, weights)


def kinds_of(given: Document) -> Any:
    """Return (D, E) places of the reasons in ``given["kinds"]``."""
    shape = len(given["declarations"]), len(given["experts"])
    return unpacked(given["blocked"], shape, np.uint8)


def _blocks(given: Document, shape: tuple[int, int]) -> Any:
    codes = [BLOCKS.get(kind, Block.CONFLICT) for kind in given["kinds"]]
    return np.array(codes, np.uint8)[unpacked(given["blocked"], shape, np.uint8)]


def packed(matrix: Any) -> str:
    return base64.b64encode(zlib.compress(np.ascontiguousarray(matrix).tobytes(), 6)).decode()


def unpacked(text: str, shape: tuple[int, int], kind: Any) -> Any:
    return np.frombuffer(zlib.decompress(base64.b64decode(text)), kind).reshape(shape)
