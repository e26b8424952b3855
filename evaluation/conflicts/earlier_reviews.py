"""Who judged an earlier declaration of the same organisation, in words for who assigns.

Found from the portal's own score sheets. Dated by the sheet, named by the number of the earlier
declaration: but only to who may read its case, because who judged what is told to nobody else.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from evaluation.models import Case, ConflictRule, EarlierReview


def told(declaration: UUID, experts: Iterable[UUID], reader: Any) -> dict[UUID, list[str]]:
    """Return what each expert judged before, the newest first; three queries, for however many.

    Whether it bars is said by the conflicts; that it does not is said here.
    """
    keys = list(experts)
    rows = list(
        EarlierReview.objects.filter(declaration_id=declaration, user_id__in=keys)
        .order_by("-judged_on", "sheet_id")
        .values_list("user_id", "earlier_id", "judged_on", "again", "jointly")
    )
    if not rows:
        return {}
    cases = Case.objects.visible_to(reader).filter(declaration__in={row[1] for row in rows})
    numbers = dict(cases.order_by().values_list("declaration", "declaration__number"))
    barring = ConflictRule.objects.filter(pk=ConflictRule.Kind.JUDGED, bars=True).exists()
    found: dict[UUID, list[str]] = defaultdict(list)
    for expert, earlier, day, again, jointly in rows:
        found[expert].append(sentence(numbers.get(earlier), day, again=again, jointly=jointly))
    if not barring:
        for said in found.values():
            said.append(_("By the rule of today this does not bar."))
    return dict(found)


def sentence(number: str | None, day: dt.date, *, again: bool, jointly: bool) -> str:
    """Return one earlier review in words; without a number where the reader may not know it."""
    values = {
        "number": number or _("an earlier declaration"),
        "day": date_format(day, "SHORT_DATE_FORMAT"),
    }
    if again and number:
        said = _(
            "Judged this declaration when it was filed before, as %(number)s; sheet of %(day)s."
        )
    elif jointly:
        said = _(
            "Judged %(number)s, which has an applicant or joint applicant in common with this "
            "declaration; sheet of %(day)s."
        )
    else:
        said = _("Judged %(number)s of the same organisation; sheet of %(day)s.")
    return said % values
