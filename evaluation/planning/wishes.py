"""With what the form of a plan begins: the usual, as far as the pool can give it."""

from collections import defaultdict
from collections.abc import Iterable
from math import inf
from typing import Any
from uuid import UUID

from evaluation.models import ActivityCriteria, AssignmentPlan, Expert
from evaluation.planning import facts
from evaluation.planning.facts import Column, Facts
from submissions.models import Activity


def wishes(activities: Iterable[Activity]) -> dict[str, Any]:
    """Return numbers of experts that can be met in every one of these activities.

    Conflicts and the limits of single experts are looked at; how all of it goes together, the
    solver alone can say.
    """
    plain = AssignmentPlan()  # as its columns begin
    need, special = plain.need, plain.specialists
    for activity in activities:
        found = facts.read(activity)
        wanted = ActivityCriteria.objects.filter(activity=activity).first()
        least = wanted.experts_wanted if wanted else 1
        able = {one.expert for one in found.columns}
        everybody = {row.case: able for row in found.rows}
        need = min(need, max(_odd(_most(found, everybody, need)), least | 1))
        special = min(special, _most(found, _specialists(found), special))
    return {"need": need, "specialists": min(special, need)}


def _odd(number: int) -> int:
    return number if number % 2 else max(number - 1, 1)


def _specialists(found: Facts) -> dict[UUID, set[UUID]]:
    """Return the experts of the sub-category of each declaration."""
    of_sub: dict[str, set[UUID]] = defaultdict(set)
    rows = Expert.subcategories.through.objects.filter(
        expert__in=[one.expert for one in found.columns]
    )
    for expert, sub in rows.values_list("expert", "subcategory"):
        of_sub[sub].add(expert)
    return {row.case: of_sub[row.sub_category] for row in found.rows}


def _most(found: Facts, able: dict[UUID, set[UUID]], wanted: int) -> int:
    """Return how many of those who are able each declaration can have, at most as wanted."""
    free = {one.expert for one in found.columns if one.available}
    limits = {one.expert: _limit(one) for one in found.columns}
    most, groups = wanted, defaultdict[frozenset[UUID], int](int)
    for row in found.rows:
        mine = {
            one
            for one in able[row.case]
            if (row.case, one) in found.standing
            or (one in free and (row.case, one) not in found.barred.keys() | found.gone)
        }
        most = min(most, len(mine))
        groups[frozenset(able[row.case])] += 1
    for group, number in groups.items():
        seats = sum(min(limits[one], number) for one in group)
        most = min(most, int(seats // number))
    return most


def _limit(one: Column) -> float:
    return inf if one.cap is None else one.cap
