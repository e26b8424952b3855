"""What an expert said of a conflict with a case, or was found of it, after being asked to score.

What was found bars from the other declarations of the organisation too (``LateBar``).
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.sentences import follow
from evaluation.conflicts.finding import conflicts_of
from evaluation.models import Case, ConflictCheck, Expert, LateBar, LateConflict, ScoreSheet
from evaluation.states import SheetStatus

SAID = _("The expert declared a conflict of interest when asked to score it.")
FOUND = _("A conflict of interest was found after the expert had scored it.")


def of_case(case: UUID, experts: Iterable[UUID]) -> list[tuple[UUID, Promise]]:
    """Return who it is, and why; two queries."""
    said, found = _rows([case], experts)
    return [
        *((one, SAID) for one in said.values_list("assignment__expert", flat=True).distinct()),
        *((one, FOUND) for one in found.values_list("assignment__expert", flat=True).distinct()),
    ]


def of_cases(cases: Iterable[UUID], experts: Iterable[UUID]) -> set[tuple[UUID, UUID]]:
    """Return each case and who it is; two queries, however many cases."""
    return {
        pair
        for rows in _rows(cases, experts)
        for pair in rows.values_list("assignment__case", "assignment__expert")
    }


def _rows(
    cases: Iterable[UUID], experts: Iterable[UUID]
) -> tuple[QuerySet[ConflictCheck], QuerySet[ScoreSheet]]:
    asked = {"assignment__case__in": list(cases), "assignment__expert__in": list(experts)}
    said = ConflictCheck.objects.filter(answer=ConflictCheck.Answer.CONFLICT, **asked)
    return said, ScoreSheet.objects.filter(status=SheetStatus.EXCLUDED, **asked)


def against(case: Case, experts: Iterable[Expert]) -> dict[UUID, list[str]]:
    """Return why each of the experts takes no part: ties, and what was said or found of the case.

    Three queries; who may take part is not there.
    """
    found = conflicts_of(experts, case.declaration)
    why = {pk: [str(one.reason) for one in told] for pk, told in found.items() if told}
    for pk, reason in of_case(case.pk, found):
        why.setdefault(pk, []).append(str(reason))
    return why


def told(declaration: UUID, experts: Iterable[UUID], reader: Any) -> dict[UUID, list[str]]:
    """Return what was found of each with another declaration, the newest first; two queries.

    Its number and the kind of conflict are told to who may read that case.
    """
    rows = list(
        LateBar.objects.filter(declaration_id=declaration, user_id__in=list(experts))
        .order_by("-found_on", "sheet_id")
        .values_list("user_id", "sheet_id", "found_on", "jointly")
    )
    if not rows:
        return {}
    seen = LateConflict.objects.visible_to(reader).filter(pk__in={row[1] for row in rows})
    number = "sheet__assignment__case__declaration__number"
    known = {pk: (said, why) for pk, said, why in seen.values_list("pk", number, "reason")}
    found: dict[UUID, list[str]] = defaultdict(list)
    for expert, sheet, day, jointly in rows:
        found[expert].append(_sentence(known.get(sheet), day, jointly=jointly))
    return dict(found)


def _sentence(known: tuple[str | None, str] | None, day: dt.date, *, jointly: bool) -> str:
    number, why = known or (None, "")
    values = {
        "number": number or gettext("another declaration"),
        "day": date_format(day, "SHORT_DATE_FORMAT"),
    }
    if jointly:
        said = gettext(
            "Found late in %(number)s, which has an applicant or joint applicant in common with "
            "this declaration, on %(day)s."
        )
    else:
        said = gettext("Found late in %(number)s of the same organisation, on %(day)s.")
    return follow(said % values, why)
