"""What another version of the criteria would do to the results there are."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from evaluation.criteria.asking import Yardstick, yardstick
from evaluation.criteria.documents import Document
from evaluation.models import Case, Score
from evaluation.results import Yardsticks, measured, sheets_of
from evaluation.states import WITH_FIGURES, CaseStatus, SheetStatus
from reference.names import in_language


@dataclass(frozen=True, slots=True)
class Effect:
    """One case under the criteria it has and under others; totals in points, as text."""

    case: Case
    before: dict[str, Any]
    after: dict[str, Any]

    @property
    def flips(self) -> bool:
        return bool(self.before["verdict"] != self.after["verdict"])

    @property
    def is_decided(self) -> bool:
        return self.case.status != CaseStatus.SCORED


def effects(cases: QuerySet[Case], document: Document) -> list[Effect]:
    """Return what ``document`` would make of the cases whose figures are open; by their number.

    An indicator that was not asked has no score and counts for nothing; the queries are three,
    and two more for each set the cases were judged by.
    """
    shown = list(
        cases.filter(status__in=WITH_FIGURES)
        .select_related("declaration", "criteria_set", "weighed_by")
        .order_by("declaration__number")
    )
    given = sheets_of(shown)
    stored = Yardsticks()
    proposed: dict[str | None, Yardstick] = {}
    found = []
    for case in shown:
        field = case.field_id
        if field not in proposed:
            proposed[field] = yardstick(document, field)
        after = proposed[field]
        sheets = given.get(case.pk, {})
        found.append(Effect(case, measured(sheets, stored.of(case)), measured(sheets, after)))
    return found


@dataclass(frozen=True, slots=True)
class Uncounted:
    """What a set and the scores there are do not have in common; names of indicators."""

    unscored: list[str]
    left_out: int


def uncounted(cases: QuerySet[Case], document: Document) -> Uncounted:
    """Name the indicators of a set that nobody has scored, and count scored ones it lacks."""
    rows = Score.objects.filter(
        sheet__assignment__case__in=cases.filter(status__in=WITH_FIGURES).values("pk"),
        sheet__status=SheetStatus.SUBMITTED,
    ).order_by()
    scored = set(rows.values_list("indicator__dimension__code", "indicator__code").distinct())
    asked = {
        (dimension["code"], one["code"]): _named(dimension, one)
        for dimension in document["dimensions"]
        for one in dimension["indicators"]
    }
    return Uncounted(
        [name for key, name in asked.items() if key not in scored], len(scored - asked.keys())
    )


def _named(dimension: Document, indicator: Document) -> str:
    return f"{in_language(dimension['names'])} – {in_language(indicator['names'])}"
