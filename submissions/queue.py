"""The officers' queue: what waits for them, the longest waiting first."""

from typing import Any

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, When

from accounts.models import Organisation
from submissions.models import Declaration, JointConfirmation, Recommendation, Rejection
from submissions.states import JointStatus, RecommendationStatus, Status

WAITING = (Status.SUBMITTED, Status.IN_CHECK, Status.CONTESTED)
# Of a list of all declarations: what waits, as the queue has it, then the others, the latest first.
ORDER = (
    Case(When(status__in=WAITING, then="state_since"), default=None).asc(nulls_last=True),
    "-submitted_at",
    "pk",
)


def waiting(user: Any) -> QuerySet[Declaration]:
    """Return what somebody has to do something about and one may read as an officer."""
    mine = Organisation.objects.of_member(user)
    rows = Declaration.objects.visible_to(user).filter(status__in=WAITING, version__isnull=False)
    return rows.exclude(organisation__in=mine.values("pk")).order_by("state_since", "pk")


def to_work_on(user: Any, *, held_by_others: bool = False) -> QuerySet[Declaration]:
    """Return of what waits that about which this officer can do something now.

    Left out is what waits for a recommending unit or a joint applicant, what another officer has
    in hand (but for ``held_by_others``), and a contested rejection of one's own.
    """
    rows = waiting(user).exclude(_waits_for_somebody_else()).exclude(_rejected_by(user))
    return rows if held_by_others else rows.exclude(_held_by_another(user))


def _waits_for_somebody_else() -> Q:
    unit = Recommendation.objects.filter(
        declaration=OuterRef("pk"), status=RecommendationStatus.ASKED
    )
    joint = JointConfirmation.objects.filter(version=OuterRef("version"), status=JointStatus.ASKED)
    # The check of what joint applicants have not answered can be begun, and not ended.
    return Q(Exists(unit), status=Status.SUBMITTED) | Q(Exists(joint), status=Status.IN_CHECK)


def _rejected_by(user: Any) -> Q:
    own = Rejection.objects.filter(
        declaration=OuterRef("pk"), rejected_by=user.pk, contested_at__isnull=False
    )
    return Q(Exists(own), status=Status.CONTESTED)


def _held_by_another(user: Any) -> Q:
    held = Q(status__in=(Status.SUBMITTED, Status.IN_CHECK), checked_by__isnull=False)
    return held & ~Q(checked_by=user.pk)


def neighbours(
    declaration: Declaration, rows: QuerySet[Declaration]
) -> tuple[Declaration | None, Declaration | None]:
    """Return what stands before and after it in a queue; two questions, however long it is."""
    since, pk = declaration.state_since, declaration.pk
    rows = rows.only("number", "state_since")
    earlier = Q(state_since__lt=since) | Q(state_since=since, pk__lt=pk)
    later = Q(state_since__gt=since) | Q(state_since=since, pk__gt=pk)
    return rows.filter(earlier).last(), rows.filter(later).first()


def following(declaration: Declaration, rows: QuerySet[Declaration]) -> Declaration | None:
    """Return what comes after it; at the end of the queue, what was passed over before."""
    _before, after = neighbours(declaration, rows)
    return after or rows.exclude(pk=declaration.pk).first()
