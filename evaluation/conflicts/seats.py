"""Seats nobody can fill: a bar came after the expert was asked, and took every right on it."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from evaluation.conflicts import avoided
from evaluation.models import Assignment, BarringReview, LateBar, Tie


def barred(assignments: QuerySet[Assignment]) -> QuerySet[Assignment]:
    """Return those whose expert holds no right on them any more, as the rights have it."""
    return assignments.filter(_bar())


def free(assignments: QuerySet[Assignment]) -> QuerySet[Assignment]:
    """Return those whose expert may go on."""
    return assignments.exclude(_bar())


def _bar() -> Q:
    """Ask for what takes rights from experts (``evaluation.relations.bars``), pair by pair."""
    expert, case = OuterRef("expert"), OuterRef("case")
    ties = Tie.objects.filter(
        user_id=expert, organisation_id=OuterRef("case__declaration__organisation")
    )
    asked = avoided.meaning(expert, OuterRef("expert__user__name")).filter(
        declaration=OuterRef("case__declaration")
    )
    judged = BarringReview.objects.filter(user_id=expert, case_id=case)
    late = LateBar.objects.filter(user_id=expert, case_id=case)
    return Q(Exists(ties)) | Q(Exists(asked)) | Q(Exists(judged)) | Q(Exists(late))
