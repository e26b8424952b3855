"""How many of what there are, in which state: what the load ended in."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, QuerySet

from catalog.models import Collection, Delivery, EarlierList, Enquiry, Technology
from core.models import StoredMail
from evaluation.models import Assignment, Case, Objection, ScoreSheet
from submissions.models import Declaration

Row = tuple[str, str, int]  # of what, in which state, how many


def counts() -> list[Row]:
    return list(_counts())


def _counts() -> Iterator[Row]:
    for code in ("DEMO-1", "DEMO-2", "DEMO-3", "DEMO-4"):
        rows = Declaration.objects.filter(activity__code=code)
        yield from _by("declarations of " + code, rows, "status")
    yield from _by("cases", Case.objects.all(), "status")
    yield from _by("assignments", Assignment.objects.all(), "status")
    yield from _by("score sheets", ScoreSheet.objects.all(), "status")
    yield from _by("objections", Objection.objects.all(), "status")
    yield from _by("earlier lists", EarlierList.objects.all(), "status")
    yield from _by("enquiries", Enquiry.objects.all(), "status")
    yield from _by("collections", Collection.objects.all(), "status")
    yield from _by("technologies", Technology.objects.all(), "status")
    yield from _by("deliveries", Delivery.objects.all(), "state")
    yield ("mails", "written", StoredMail.objects.count())


def _by(what: str, rows: QuerySet[Any, Any], field: str) -> Iterator[Row]:
    found = rows.order_by(field).values_list(field).annotate(number=Count("pk"))
    for state, number in found:
        yield (what, state, number)
