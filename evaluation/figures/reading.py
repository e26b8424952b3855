"""What the figures of an activity are worked out from, read out of the database."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Max, QuerySet, Subquery
from django.db.models.functions import Coalesce

from evaluation.criteria.asking import GATES
from evaluation.criteria.documents import Document, document_of
from evaluation.models import ActivityCriteria, CriteriaSet, Score, ScoreSheet
from submissions.models import Activity


def counted(activity: Activity) -> QuerySet[ScoreSheet]:
    """Return the sheets that count in an activity: the one place where that is said."""
    return ScoreSheet.objects.submitted().filter(assignment__case__declaration__activity=activity)


@dataclass(frozen=True, slots=True)
class Newest:
    """By what one sees, without reading any sheet, whether something came."""

    sheets: int
    newest_sheet_at: dt.datetime | None
    criteria_hash: str
    judged_by: dict[str, str]


def newest(activity: Activity) -> Newest:
    """Return how the activity stands now; two queries."""
    whole = counted(activity).order_by().values("assignment__case__declaration__activity")
    number, last = whole.annotate(asked=Count("pk")), whole.annotate(asked=Max("submitted_at"))
    in_force = ActivityCriteria.objects.filter(activity=activity).annotate(
        number=Coalesce(Subquery(number.values("asked")), 0), last=Subquery(last.values("asked"))
    )
    rows = in_force.values_list("criteria_set__content_hash", "number", "last")
    seal, sheets, newest_at = rows.first() or ("", 0, None)
    return Newest(sheets, newest_at, seal, judged_by(activity, seal))


def judged_by(activity: Activity, in_force: str) -> dict[str, str]:
    """Return by which set the cases are judged that are not judged by the one in force.

    A change of the criteria passes over what is decided: its figures stay those it was decided by.
    """
    own = Coalesce(
        F("assignment__case__weighed_by__content_hash"),
        F("assignment__case__criteria_set__content_hash"),
    )
    rows = counted(activity).annotate(judged_by=own).exclude(judged_by=in_force)
    told = rows.order_by().values_list("assignment__case", "judged_by").distinct()
    return {str(case): seal for case, seal in told}


def input_of(activity: Activity) -> dict[str, Any]:
    """Return every sheet that counts, and the criteria in force, as one document.

    What is decided is judged by another version perhaps: ``judged_by`` names it by its hash, and
    ``others`` holds its weights and gates. A sheet is [case, expert, scores in the order of the
    indicators]; None is not scored, not applicable or not asked. The sheets stand in the order in
    which they came in.
    """
    in_force = ActivityCriteria.objects.select_related("criteria_set").get(activity=activity)
    document = document_of(in_force.criteria_set)
    seal = in_force.criteria_set.content_hash
    own = judged_by(activity, seal)
    others = CriteriaSet.objects.filter(content_hash__in=set(own.values()))
    keys = [
        f"{dimension['code']}.{one['code']}"
        for dimension in document["dimensions"]
        for one in dimension["indicators"]
    ]
    given = _values(activity)
    sheets = counted(activity).order_by("submitted_at", "pk")
    rows = sheets.values_list("pk", "assignment__case", "assignment__expert")
    return {
        "criteria": _criteria(document, seal),
        "others": {
            one.content_hash: _criteria(document_of(one), one.content_hash) for one in others
        },
        "judged_by": own,
        "indicators": keys,
        "sheets": [
            [str(case), str(expert), [given[sheet].get(key) for key in keys]]
            for sheet, case, expert in rows
        ],
    }


def _values(activity: Activity) -> dict[Any, dict[str, int | None]]:
    found: dict[Any, dict[str, int | None]] = defaultdict(dict)
    rows = Score.objects.filter(sheet__in=counted(activity)).values_list(
        "sheet", "indicator__dimension__code", "indicator__code", "value"
    )
    for sheet, dimension, indicator, value in rows:
        found[sheet][f"{dimension}.{indicator}"] = value
    return found


def _criteria(document: Document, seal: str) -> Document:
    """Return weights and gates of a set; lists, because their order counts."""
    dimensions = document["dimensions"]
    return {
        "hash": seal,
        "best": document.get("best", 100),
        "dimensions": [
            {
                "code": one["code"],
                "weight": str(one["weight"]),
                "indicators": [[x["code"], str(x["weight"])] for x in one["indicators"]],
            }
            for one in dimensions
        ],
        "gates": {name: document["gates"][name] for name in GATES}
        | {
            "minimums": {one["code"]: one["minimum"] for one in dimensions if one.get("minimum")},
            "vetoes": {
                f"{one['code']}.{x['code']}": x["veto_below"]
                for one in dimensions
                for x in one["indicators"]
                if x.get("veto_below")
            },
        },
    }
