"""What changed since a plan was drawn, in words; what touches its seats bars its publication."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import ngettext

from evaluation.conflicts.pairs import Barred
from evaluation.models import AssignmentPlan, Case, Expert
from evaluation.planning.documents import Document
from evaluation.planning.facts import Facts, Key

MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Change:
    """A sentence; ``blocks``: the plan cannot be published as it is."""

    sentence: str | Promise
    blocks: bool


@dataclass(frozen=True, slots=True)
class _Sides:
    """The plan and what there is, as sets of keys. seats: those to be asked anew.

    per_organisation: how many experts of one organisation may sit at a declaration.
    """

    cases: frozenset[UUID]
    experts: frozenset[UUID]
    fixed: frozenset[Key]
    seats: frozenset[Key]
    now: Facts
    per_organisation: int

    @property
    def seated(self) -> frozenset[UUID]:
        return frozenset(case for case, _expert in self.seats)

    @property
    def asked(self) -> frozenset[UUID]:
        return frozenset(expert for _case, expert in self.seats)


def since(plan: AssignmentPlan, given: Document, now: Facts, reader: Any) -> list[Change]:
    """Return what is different now; of declarations the reader may not see only the number."""
    seats = plan.seats.filter(standing=False).values_list("case", "expert")
    cases = [UUID(one) for one in given["declarations"]]
    experts = [UUID(one["id"]) for one in given["experts"]]
    sides = _Sides(
        frozenset(cases),
        frozenset(experts),
        frozenset((cases[row], experts[column]) for row, column in given["fixed"]),
        frozenset(seats),
        now,
        plan.per_organisation,
    )
    found = list(_of_cases(sides)) + list(_of_experts(sides)) + list(_of_pairs(sides))
    return list(_told([one for one in found if one.keys], reader))


class Found(NamedTuple):
    """Which sentence, what it is about (cases or experts), whether it blocks.

    pairs: the seats for which experts are told of; who may not see these is not told the names.
    """

    kind: str
    keys: Collection[UUID]
    blocks: bool
    pairs: Collection[Key] | None = None

    def named(self, names: Mapping[UUID, str]) -> list[str]:
        if self.pairs is None:
            shown = set(self.keys)
        else:
            shown = {expert for case, expert in self.pairs if case in names}
        return sorted(names[key] for key in shown if key in names)


def _at(seats: Iterable[Key], kind: str, experts: Collection[UUID]) -> Found:
    """Tell of experts because of all these seats of theirs."""
    return Found(kind, experts, True, {one for one in seats if one[1] in experts})


def _of_cases(sides: _Sides) -> Iterator[Found]:
    now = {one.case for one in sides.now.rows}
    yield Found("cases_gone", (sides.cases - now) & sides.seated, True)
    yield Found("cases_came", now - sides.cases, False)
    yield Found("colleagues", _with_many_colleagues(sides), True)


def _with_many_colleagues(sides: _Sides) -> set[UUID]:
    """Return where who is to be asked would be one too many of their organisation, as it is now."""
    houses = {one.expert: one.house for one in sides.now.columns if one.house}
    sitting = sides.seats | sides.now.standing
    number = Counter((case, houses[one]) for case, one in sitting if one in houses)
    return {
        case
        for case, one in sides.seats
        if one in houses and number[case, houses[one]] > sides.per_organisation
    }


def _of_experts(sides: _Sides) -> Iterator[Found]:
    may = {one.expert for one in sides.now.columns if one.available}
    yield _at(sides.seats, "experts_gone", sides.asked - may)
    yield Found("experts_came", may - sides.experts, False)
    loads: dict[UUID, int] = {}
    for _case, expert in sides.seats | sides.now.standing:
        loads[expert] = loads.get(expert, 0) + 1
    caps = {one.expert: one.cap for one in sides.now.columns if one.cap is not None}
    full = {one for one, cap in caps.items() if loads.get(one, 0) > cap}
    yield _at(sides.seats, "experts_full", full & sides.asked)


def _of_pairs(sides: _Sides) -> Iterator[Found]:
    standing, gone = sides.now.standing, sides.now.gone
    barred = sides.seats & sides.now.barred.keys()
    know = {pair for pair in barred if sides.now.barred[pair] == Barred.KNOWS}
    yield _at(barred - know, "conflicts", {expert for _case, expert in barred - know})
    yield _at(know, "know", {expert for _case, expert in know})
    here = {one.case for one in sides.now.rows}
    came = {case for case, _expert in standing - sides.fixed} & sides.cases
    yield Found("asked", came, bool(came & sides.seated))
    left = {case for case, _expert in sides.fixed - standing} & here
    yield Found("unasked", left, True)
    declined = gone & sides.seats
    yield _at(declined, "declined", {expert for _case, expert in declined})


def _told(found: list[Found], reader: Any) -> Iterator[Change]:
    names = _names(found, reader)
    for one in found:
        some, number = one.named(names)[:MOST_NAMED], len(one.keys)
        listed = [*some, *(["…"] if number > len(some) else [])]
        named = f" ({', '.join(listed)})"
        yield Change(_sentence(one.kind, number) % {"n": number} + named, one.blocks)


def _names(found: Iterable[Found], reader: Any) -> dict[UUID, str]:
    keys = {key for one in found for key in one.keys}
    keys |= {case for one in found for case, _expert in one.pairs or ()}
    if not keys:
        return {}
    cases = Case.objects.visible_to(reader).filter(pk__in=keys).order_by()
    names = {pk: number or "" for pk, number in cases.values_list("pk", "declaration__number")}
    experts = Expert.objects.visible_to(reader).filter(pk__in=keys).order_by()
    return names | dict(experts.values_list("pk", "user__name"))


def _sentence(kind: str, n: int) -> str:
    return (_about_cases(n) | _about_experts(n))[kind]


def _about_cases(n: int) -> dict[str, str]:
    return {
        "cases_gone": ngettext(
            "%(n)d declaration no longer waits for experts.",
            "%(n)d declarations no longer wait for experts.",
            n,
        ),
        "cases_came": ngettext(
            "%(n)d declaration has come since and has no seat in this plan.",
            "%(n)d declarations have come since and have no seat in this plan.",
            n,
        ),
        "colleagues": ngettext(
            "At %(n)d declaration too many experts of one organisation would sit by now.",
            "At %(n)d declarations too many experts of one organisation would sit by now.",
            n,
        ),
        "asked": ngettext(
            "About %(n)d declaration somebody was asked since.",
            "About %(n)d declarations somebody was asked since.",
            n,
        ),
        "unasked": ngettext(
            "About %(n)d declaration an expert declined or was released since.",
            "About %(n)d declarations an expert declined or was released since.",
            n,
        ),
    }


def _about_experts(n: int) -> dict[str, str]:
    return {
        "experts_gone": ngettext(
            "%(n)d expert of this plan cannot be asked any more.",
            "%(n)d experts of this plan cannot be asked any more.",
            n,
        ),
        "experts_came": ngettext(
            "%(n)d expert can be asked who could not be then.",
            "%(n)d experts can be asked who could not be then.",
            n,
        ),
        "experts_full": ngettext(
            "%(n)d expert of this plan would get more than they take by now.",
            "%(n)d experts of this plan would get more than they take by now.",
            n,
        ),
        "conflicts": ngettext(
            "%(n)d expert of this plan has a conflict of interest now.",
            "%(n)d experts of this plan have a conflict of interest now.",
            n,
        ),
        "know": ngettext(
            "%(n)d expert of this plan knows the scores by now.",
            "%(n)d experts of this plan know the scores by now.",
            n,
        ),
        "declined": ngettext(
            "%(n)d expert has declined what this plan would ask.",
            "%(n)d experts have declined what this plan would ask.",
            n,
        ),
    }
