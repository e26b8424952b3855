"""With what the form of a plan begins: the usual, as far as the pool can give it."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from math import inf
from typing import Any
from uuid import UUID

from evaluation.models import ActivityCriteria, AssignmentPlan, Expert
from evaluation.planning import facts
from evaluation.planning.facts import Column, Facts, Key
from submissions.models import Activity

Able = dict[UUID, frozenset[UUID]]  # by case; the same set where the same experts are


def wishes(activities: Iterable[Activity]) -> dict[str, Any]:
    """Return numbers of experts that can be met in every one of these activities.

    In the first, conflicts and the limits of single experts are looked at; how all of it goes
    together, the solver alone can say. In the others only whom the pool has is counted: a page
    waits for it.
    """
    plain, given = AssignmentPlan(), list(activities)  # as its columns begin
    need, special = plain.need, plain.specialists
    for first in given[:1]:
        found = facts.read(first)
        everybody = frozenset(one.expert for one in found.columns)
        held = _odd(_most(found, {row.case: everybody for row in found.rows}, need))
        need = min(need, max(held, _least([first])))
        special = min(special, _most(found, _specialists(found), special))
    if others := given[1:]:
        there, of_sub = _pool()
        need = min(need, max(_odd(there), _least(others)))
        special = min([special, *(of_sub[one] for one in facts.sub_categories(others))])
    return {"need": need, "specialists": min(special, need)}


def _least(activities: list[Activity]) -> int:
    """Return how many experts are wanted in all of these at least; an odd number."""
    rows = ActivityCriteria.objects.filter(activity__in=activities)
    wanted = list(rows.values_list("experts_wanted", flat=True))
    return 1 if len(wanted) < len(activities) else min(wanted) | 1


def _pool() -> tuple[int, Counter[str]]:
    """Return how many experts may be asked at all, and how many of each sub-category."""
    there = facts.available()
    rows = Expert.subcategories.through.objects.filter(expert__in=there.values("pk"))
    return there.count(), Counter(rows.values_list("subcategory", flat=True))


def _odd(number: int) -> int:
    return number if number % 2 else max(number - 1, 1)


def _specialists(found: Facts) -> Able:
    """Return the experts of the sub-category of each declaration."""
    of_sub: dict[str, set[UUID]] = defaultdict(set)
    rows = Expert.subcategories.through.objects.filter(
        expert__in=[one.expert for one in found.columns]
    )
    for expert, sub in rows.values_list("expert", "subcategory"):
        of_sub[sub].add(expert)
    sets = {sub: frozenset(of_sub[sub]) for sub in {row.sub_category for row in found.rows}}
    return {row.case: sets[row.sub_category] for row in found.rows}


def _most(found: Facts, able: Able, wanted: int) -> int:
    """Return how many of those who are able each declaration can have, at most as wanted.

    Counted from the few pairs that are out, or stand: all pairs are too many for a page.
    """
    free = frozenset(one.expert for one in found.columns if one.available)
    limits = {one.expert: _limit(one) for one in found.columns}
    groups = Counter(able.values())
    may = {group: len(group & free) for group in groups}
    more = _counted(found.standing, able, lambda one: one not in free)
    fewer = _counted((found.barred.keys() | found.gone) - found.standing, able, free.__contains__)
    most = min([wanted, *(may[able[case]] + more[case] - fewer[case] for case in able)])
    for group, number in groups.items():
        seats = sum(min(limits[one], number) for one in group)
        most = min(most, int(seats // number))
    return most


def _counted(keys: Iterable[Key], able: Able, wanted: Callable[[UUID], bool]) -> Counter[UUID]:
    """Count by case the pairs of who is able there, and is wanted."""
    return Counter(case for case, one in keys if one in able[case] and wanted(one))


def _limit(one: Column) -> float:
    return inf if one.cap is None else one.cap
