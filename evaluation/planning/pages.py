"""What the officers' pages of a plan show, made ready for their templates."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count
from django.utils.translation import gettext as _

from evaluation.assignment.explain import Alternative, alternatives, why
from evaluation.conflicts import earlier
from evaluation.models import AssignmentPlan, Case, Expert, PlanSeat
from evaluation.planning import words
from evaluation.planning.by_hand import Edit
from evaluation.planning.documents import over_limits
from evaluation.planning.reading import Reading, declarations_of, read
from evaluation.planning.told import seats_by_hand

PAGE = 25


@dataclass(frozen=True, slots=True)
class Seated:
    """An expert at a declaration: how well they fit, and what the seat rests on."""

    expert: UUID
    name: str
    affinity: str
    terms: list[words.TermLine]
    load: int
    why: list[str]
    fixed: bool


@dataclass(frozen=True, slots=True)
class Other:
    """An expert who does not sit there: why not, and what it would cost."""

    expert: UUID
    name: str
    affinity: str
    terms: list[words.TermLine]
    load: int
    why_not: list[str]
    cost: str
    possible: bool


@dataclass(frozen=True, slots=True)
class SeatsPage:
    """Some declarations of a plan with their experts; ``next_key`` is empty on the last page."""

    rows: list[tuple[Case, list[PlanSeat]]]
    next_key: str
    by_hand: frozenset[int]  # the seats that are not as they were drawn


def seats(plan: AssignmentPlan, reader: Any, after: str) -> SeatsPage:
    """Return a page of the table, by number; of what the reader may see."""
    cases = Case.objects.visible_to(reader).filter(pk__in=declarations_of(plan))
    ordered = cases.select_related("declaration").order_by("declaration__number")
    if after:
        ordered = ordered.filter(declaration__number__gt=after)
    found = list(ordered[: PAGE + 1])
    shown = found[:PAGE]
    sitting: dict[UUID, list[PlanSeat]] = {one.pk: [] for one in shown}
    rows = plan.seats.filter(case__in=list(sitting)).select_related("expert__user")
    for seat in rows.order_by("-points", "expert"):
        sitting[seat.case_id].append(seat)
    more = len(found) > PAGE
    return SeatsPage(
        [(one, sitting[one.pk]) for one in shown],
        (shown[-1].declaration.number or "") if more else "",
        frozenset(seats_by_hand(plan).filter(case__in=list(sitting)).values_list("pk", flat=True)),
    )


def loads(plan: AssignmentPlan) -> list[tuple[int, int]]:
    """Return how many experts have how many declarations, the most first."""
    counted = plan.seats.order_by().values("expert").annotate(load=Count("pk"))
    experts: dict[int, int] = {}
    for one in counted:
        experts[one["load"]] = experts.get(one["load"], 0) + 1
    return sorted(experts.items(), reverse=True)


def numbers_of(keys: Iterable[str], reader: Any) -> dict[str, str]:
    """Return the numbers of the cases the reader may see, by key."""
    rows = Case.objects.visible_to(reader).filter(pk__in=set(filter(None, keys))).order_by()
    return {str(pk): number or "" for pk, number in rows.values_list("pk", "declaration__number")}


def told(plan: AssignmentPlan, outcome: dict[str, Any], reader: Any) -> dict[str, Any]:
    """Return an outcome in words, with the numbers the reader may see."""
    keys = {outcome["figures"]["worst_declaration"]}
    keys |= {one["declaration"] for one in outcome["missing"]}
    keys |= {key for one in outcome["clashes"] for key in one["declarations"]}
    names = numbers_of(keys, reader)
    over = over_limits(plan.inputs.document)
    return {
        "figures": list(words.figures(outcome["figures"], names)),
        "missing": words.missing(outcome["missing"], names),
        "clashes": words.clashes(outcome["clashes"], names),
        "uneven": words.uneven(outcome["uneven"]),
        "over": words.over_limits(over, plan.cap, names_of(key for key, *_rest in over)),
    }


def of_case(plan: AssignmentPlan, case: Case, reader: Any) -> dict[str, Any]:
    """Return who sits at a declaration and why; and of everybody else, why not."""
    reading = read(plan)
    row = reading.rows[case.pk]
    names = names_of(reading.columns)
    problem = reading.seating.problem
    sitting = reading.seating.columns[reading.seating.seats_of(row)].tolist()
    others = alternatives(reading.seating, row)
    numbers = numbers_of([one.cost.partner or "" for one in others if one.cost], reader)
    judged = earlier.told(case.declaration_id, list(reading.columns), reader)
    found = [_other(reading, row, one, names, numbers) for one in others]
    for other in found:
        other.why_not.extend(judged.get(other.expert, ()))
    seated = [_seated(reading, row, column, names) for column in sitting]
    by_hand = set(seats_by_hand(plan).filter(case=case).values_list("expert", flat=True))
    for one in seated:
        if one.expert in by_hand:
            one.why.insert(0, _("Given by hand, not drawn."))
        one.why.extend(judged.get(one.expert, ()))
    return {
        "seated": seated,
        # Who could sit there first, the best fitting of them first.
        "others": sorted(found, key=lambda one: (not one.possible, -float(one.affinity), one.name)),
        "seats": int(problem.seats[row]),
        "empty": int(problem.seats[row]) - len(sitting),
    }


def names_of(keys: Iterable[Any]) -> dict[str, str]:
    """Return the names of experts by key; of what is no expert there is none."""
    asked = set(keys)
    if not asked:
        return {}
    rows = Expert.objects.filter(pk__in=asked).order_by()
    return {str(pk): name for pk, name in rows.values_list("pk", "user__name")}


def _seated(reading: Reading, row: int, column: int, names: dict[str, str]) -> Seated:
    found = why(reading.seating, row, column)
    key = reading.seating.problem.experts[column]
    return Seated(
        UUID(key),
        names[key],
        words.percent(found.affinity),
        words.terms(reading.fit.of(row, column)),
        found.load,
        words.why(found),
        found.fixed,
    )


def _other(
    reading: Reading, row: int, one: Alternative, names: dict[str, str], numbers: dict[str, str]
) -> Other:
    column = reading.columns[UUID(one.expert)]
    free = not reading.barred(row, column)
    hidden = one.cost and one.cost.partner and one.cost.partner not in numbers
    return Other(
        UUID(one.expert),
        names[one.expert],
        words.percent(one.affinity),
        words.terms(reading.fit.of(row, column)),
        one.load,
        words.why_not(one, reading.barred(row, column)),
        words.cost(one.cost, names, numbers) if free else "",
        free and not hidden,
    )


def exchange(plan: AssignmentPlan, case: Case, coming: UUID, reader: Any) -> list[Edit]:
    """Return the cheapest edits that seat an expert at a declaration; none where there are none.

    None either where they reach into a declaration the reader may not see.
    """
    reading = read(plan)
    row = reading.rows[case.pk]
    sitting = reading.seating.columns[reading.seating.seats_of(row)]
    if len(sitting) < reading.seating.problem.seats[row]:
        return [Edit(case.pk, None, coming)]
    found = {one.expert: one for one in alternatives(reading.seating, row)}
    one = found.get(str(coming))
    if one is None or one.cost is None:
        return []
    leaving = UUID(one.cost.leaving)
    edits = [Edit(case.pk, leaving, coming)]
    if one.cost.partner is not None:
        if not numbers_of([one.cost.partner], reader):
            return []
        edits.append(Edit(UUID(one.cost.partner), coming, leaving))
    return edits
