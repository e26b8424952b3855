"""The figures of a case: what lies in the database, put through the arithmetic."""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from evaluation import criteria, scoring
from evaluation.models import Case, Score, ScoreSheet


def case_result(case: Case) -> dict[str, Any]:
    """Return the result document of a case over its submitted sheets; see ``scoring.result``.

    It names the criteria set by its hash, so that the figures can be worked out again.
    """
    submitted = ScoreSheet.objects.submitted().filter(assignment__case=case)
    result = scoring.result(
        criteria.dimension_weights(case.criteria_set.with_dimensions()),
        criteria.gates(case.criteria_set),
        scores_of(submitted.values_list("pk", flat=True)),
    )
    sealed = case.criteria_set
    return {
        **result,
        "criteria": {
            "code": sealed.code,
            "version": sealed.version,
            "hash": sealed.content_hash,
        },
    }


def scores_of(sheets: Iterable[Any]) -> dict[str, scoring.Scores]:
    """Return the values of sheets by their id, keyed "dimension.indicator"; one query."""
    found: dict[str, dict[str, Decimal | None]] = defaultdict(dict)
    rows = Score.objects.filter(sheet__in=sheets).values_list(
        "sheet", "indicator__dimension__code", "indicator__code", "value"
    )
    for sheet, dimension, indicator, value in rows:
        found[str(sheet)][f"{dimension}.{indicator}"] = None if value is None else Decimal(value)
    return dict(found)


def sheet_document(sheet: ScoreSheet) -> dict[str, Any]:
    """Return what an expert gave, as a document whose hash seals it."""
    scores = sheet.scores.order_by("indicator__dimension__order", "indicator__order").values_list(
        "indicator__dimension__code", "indicator__code", "value", "comment"
    )
    return {
        "sheet": str(sheet.pk),
        "scores": [
            {"indicator": f"{dimension}.{indicator}", "value": value, "comment": comment}
            for dimension, indicator, value, comment in scores
        ],
        "comment": sheet.comment,
    }
