"""What stands in an activity at this moment, as far as a plan depends on it: a few queries.

Read for drawing, for what has changed since, and once more under the lock of a publication.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from accounts.keys import NameKey
from core.clock import database_now
from evaluation.conflicts.pairs import Barred, Declared, pairs
from evaluation.models import Assignment, Case, Expert
from evaluation.pool.workflow import day_of
from evaluation.relations import ASSIGNABLE
from evaluation.states import STANDING, SheetStatus
from submissions.models import Activity

Key = tuple[UUID, UUID]  # case, expert


@dataclass(frozen=True, slots=True)
class Row:
    """A declaration that waits for experts."""

    case: UUID
    number: str
    organisation: UUID
    version: int
    language: str
    field: str
    sub_category: str


@dataclass(frozen=True, slots=True)
class Column:
    """An expert. cap: how many of these declarations at most; None where there is no limit.

    available: may be asked anything new.
    """

    expert: UUID
    available: bool
    cap: int | None
    house: str
    economics: bool
    keywords: tuple[str, ...]
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """Rows and columns in the order of their keys.

    standing: pairs that were asked and stand; gone: pairs that were declined or cancelled, or whose
    sheet was excluded; barred: pairs with a conflict.
    """

    rows: tuple[Row, ...]
    columns: tuple[Column, ...]
    standing: frozenset[Key]
    gone: frozenset[Key]
    barred: dict[Key, Barred]


def read(activity: Activity, also: Iterable[UUID] = ()) -> Facts:
    """Return the facts of an activity; ``also`` these experts, available or not."""
    rows = _rows(activity)
    asked = list(
        Assignment.objects.binding()
        .filter(case__in=[one.case for one in rows])
        .values_list("case", "expert", "status", "sheet__status")
    )
    standing = frozenset(
        (case, one)
        for case, one, status, sheet in asked
        if status in STANDING and sheet != SheetStatus.EXCLUDED
    )
    finished = [one for _case, one, _status, sheet in asked if sheet == SheetStatus.SUBMITTED]
    columns = _columns({one for _case, one in standing} | set(also), rows, finished)
    declared = [Declared(one.case, one.organisation, one.version) for one in rows]
    return Facts(
        rows,
        columns,
        standing,
        frozenset((case, one) for case, one, _status, _sheet in asked) - standing,
        pairs(declared, [one.expert for one in columns]),
    )


def available() -> QuerySet[Expert]:
    """Return the experts who may be asked anything new."""
    today = day_of(database_now())
    return Expert.objects.available().filter(renewed_until__gte=today, user__is_active=True)


def sub_categories(activities: Iterable[Activity]) -> set[str]:
    """Return the sub-categories of the declarations that wait for experts."""
    found = _waiting(activities).values_list("declaration__subcategory", flat=True)
    return {sub or "" for sub in found.distinct()}


def _waiting(activities: Iterable[Activity]) -> QuerySet[Case]:
    return Case.objects.filter(declaration__activity__in=activities, status__in=ASSIGNABLE)


def _rows(activity: Activity) -> tuple[Row, ...]:
    found = (
        _waiting([activity])
        .order_by("pk")
        .values_list(
            "pk",
            "declaration__number",
            "declaration__organisation",
            "version",
            "declaration__language",
            "declaration__subcategory__field",
            "declaration__subcategory",
        )
    )
    return tuple(
        Row(case, number or "", organisation, version, language, field or "", sub or "")
        for case, number, organisation, version, language, field, sub in found
    )


def _columns(besides: set[UUID], rows: tuple[Row, ...], finished: list[UUID]) -> tuple[Column, ...]:
    cases = [one.case for one in rows]
    may = available()
    experts: list[Any] = list(
        Expert.objects.annotate(
            may=Exists(may.filter(pk=OuterRef("pk"))),
            key=NameKey("employer_name"),
            elsewhere=Count("assignments", filter=_unfinished() & ~Q(assignments__case__in=cases)),
        )
        .filter(Q(may=True) | Q(pk__in=besides))
        .order_by("pk")
    )
    houses = _houses(experts)
    return tuple(
        Column(
            one.pk,
            one.may,
            _cap(one, finished.count(one.pk)),
            houses[one.pk],
            one.economics,
            tuple(one.keywords),
            tuple(one.languages),
        )
        for one in experts
    )


def _unfinished() -> Q:
    return Q(assignments__status__in=STANDING) & (
        Q(assignments__sheet=None) | Q(assignments__sheet__status=SheetStatus.DRAFT)
    )


def _cap(expert: Any, finished: int) -> int | None:
    """Return how many of these an expert can have: what is finished here no longer counts."""
    if expert.cap is None:
        return None
    return int(max(0, expert.cap - expert.elsewhere) + finished)


def _houses(experts: list[Any]) -> dict[UUID, str]:
    """Return by what each expert's employer is known: the entry, else the name; "" for none.

    Who names an employer that is the entry of another expert's works there, too.
    """
    entries = {one.key: str(one.employer_id) for one in experts if one.employer_id and one.key}
    return {
        one.pk: str(one.employer_id) if one.employer_id else entries.get(one.key, one.key or "")
        for one in experts
    }
