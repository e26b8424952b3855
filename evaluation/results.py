"""The figures of cases: what lies in the database, put through the arithmetic."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from core.canonical import content_hash
from evaluation import scoring
from evaluation.criteria.asking import Yardstick, yardstick
from evaluation.criteria.documents import Document, document_of
from evaluation.models import Case, CriteriaSet, Score, ScoreSheet
from evaluation.states import SheetStatus

Values = dict[str, int | None]  # "dimension.indicator" -> score, from 0 to the best of the set


def counted(case: Case) -> QuerySet[ScoreSheet]:
    """Return the sheets that count: submitted, and not excluded."""
    return ScoreSheet.objects.submitted().filter(assignment__case=case)


def case_result(
    case: Case, *, method: str = scoring.METHOD, sheets: Iterable[Any] | None = None
) -> dict[str, Any]:
    """Return the result document of a case; see ``scoring.result``.

    Over the sheets that count, or over those of the given keys: a decision, and a late conflict,
    name the sheets their results rest on. It names the criteria set by its hash, so that the
    figures can be worked out again.
    """
    keys = counted(case).values_list("pk", flat=True) if sheets is None else sheets
    by = yardstick(document_of(case.weights), case.field_id)
    return _stated(case, values_of(keys), by, method=method)


def case_results(cases: Iterable[Case]) -> dict[UUID, dict[str, Any]]:
    """Return of each case what ``case_result`` does, over the sheets that count.

    The cases bring their criteria sets; one query, and two for each set they are judged by.
    """
    rows = list(cases)
    given, stored = sheets_of(rows), Yardsticks()
    return {one.pk: _stated(one, given.get(one.pk, {}), stored.of(one)) for one in rows}


def _stated(
    case: Case, sheets: dict[str, Values], by: Yardstick, *, method: str = scoring.METHOD
) -> dict[str, Any]:
    sealed = case.weights
    found = measured(sheets, by, method=method)
    return found | source(sealed.code, sealed.version, sealed.content_hash)


def source(code: str, version: int, seal: str) -> dict[str, Any]:
    """Return by which criteria set a result was worked out, as the result names it."""
    return {"criteria": {"code": code, "version": version, "hash": seal}}


def measured(
    sheets: dict[str, Values], by: Yardstick, *, method: str = scoring.METHOD
) -> dict[str, Any]:
    """Return the result document of scores by the key of their sheet; see ``scoring.result``."""
    points = {
        key: {name: points_of(value, by.best) for name, value in values.items()}
        for key, values in sheets.items()
    }
    return scoring.result(by.weights, by.gates, points, method=method)


def values_of(sheets: Iterable[Any]) -> dict[str, Values]:
    """Return the scores of sheets by their id, keyed "dimension.indicator"; one query."""
    found: dict[str, Values] = defaultdict(dict)
    rows = Score.objects.filter(sheet__in=sheets).values_list(
        "sheet", "indicator__dimension__code", "indicator__code", "value"
    )
    for sheet, dimension, indicator, value in rows:
        found[str(sheet)][f"{dimension}.{indicator}"] = value
    return dict(found)


def sheets_of(cases: Iterable[Case]) -> dict[UUID, dict[str, Values]]:
    """Return the submitted sheets of cases, by case and sheet; one query."""
    rows = Score.objects.filter(
        sheet__assignment__case__in=[case.pk for case in cases],
        sheet__status=SheetStatus.SUBMITTED,
    ).values_list(
        "sheet__assignment__case", "sheet", "indicator__dimension__code", "indicator__code", "value"
    )
    found: dict[UUID, dict[str, Values]] = defaultdict(lambda: defaultdict(dict))
    for case, sheet, dimension, indicator, value in rows:
        found[case][str(sheet)][f"{dimension}.{indicator}"] = value
    return {case: dict(sheets) for case, sheets in found.items()}


class Yardsticks:
    """The yardsticks of cases, each worked out once."""

    def __init__(self) -> None:
        self._documents: dict[int, Document] = {}
        self._found: dict[tuple[int, str | None], Yardstick] = {}

    def of(self, case: Case) -> Yardstick:
        key = (case.weights.pk, case.field_id)
        if key not in self._found:
            self._found[key] = yardstick(self._document(case.weights), case.field_id)
        return self._found[key]

    def _document(self, criteria_set: CriteriaSet) -> Document:
        if criteria_set.pk not in self._documents:
            self._documents[criteria_set.pk] = document_of(criteria_set)
        return self._documents[criteria_set.pk]


def points_of(value: int | None, best: int) -> Fraction | None:
    """Return a score, from 0 to ``best``, as points from 0 to 100; exact."""
    return None if value is None else Fraction(100 * value, best)


def sheet_document(sheet: ScoreSheet) -> dict[str, Any]:
    """Return what an expert gave, as a document whose hash seals it."""
    return sheet_documents([sheet])[str(sheet.pk)]


def sheet_documents(sheets: Collection[ScoreSheet]) -> dict[str, dict[str, Any]]:
    """Return the documents of sheets by their key; one query for all of them."""
    found = {str(one.pk): _sheet_document(one) for one in sheets}
    rows = Score.objects.filter(sheet__in=[one.pk for one in sheets])
    rows = rows.order_by("indicator__dimension__order", "indicator__order")
    for sheet, *told in rows.values_list(
        "sheet",
        "indicator__dimension__code",
        "indicator__code",
        "value",
        "comment",
        "not_applicable",
        "evidence",
    ):
        found[str(sheet)]["scores"].append(_score_document(*told))
    return found


def _sheet_document(sheet: ScoreSheet) -> dict[str, Any]:
    # What is empty is not written: a sheet sealed before one could say it keeps its hash.
    said = {
        "recommendation": sheet.recommendation,
        "remark": sheet.remark,
        "salt": sheet.salt,
    }
    return {
        "sheet": str(sheet.pk),
        "scores": [],
        "comment": sheet.comment,
        **{key: text for key, text in said.items() if text},
    }


def seals_of(document: dict[str, Any]) -> dict[str, Any]:
    """Return what the audit keeps of a sheet: the hash of it all, and of each score by itself.

    By the second, a score that was changed afterwards can be named. The salt of the sheet is in
    each: who reads the audit, and no score, finds none by trying all there are.
    """
    salt = {key: document[key] for key in ("salt",) if key in document}
    scores = {one["indicator"]: content_hash(one | salt) for one in document["scores"]}
    return {"content_hash": content_hash(document), "scores": scores}


def _score_document(
    dimension: str, indicator: str, value: int | None, comment: str, *more: Any
) -> dict[str, Any]:
    said = {"indicator": f"{dimension}.{indicator}", "value": value, "comment": comment}
    kept = zip(("not_applicable", "evidence"), more, strict=True)
    return said | {key: one for key, one in kept if one}
