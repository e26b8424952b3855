"""Who knows the scores of a case before a sheet of their own: nobody asks them for one.

One rule for who assigns by hand, for plans, and for who takes a seat that became free. Who knew
once knows for ever: it is read off the acts where the row may go (a panel taken back, a visit
cancelled after it was held).
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, Exists, F, Func, OuterRef, Q, QuerySet, UUIDField
from django.db.models.functions import Cast, Coalesce
from django.utils.translation import gettext_lazy as _

from accounts.models import RoleGrant
from accounts.roles import Role
from core.models import AuditEntry
from evaluation.models import Case, PanelMeeting, ScoreSheet, Verification
from evaluation.states import SheetStatus
from evaluation.verifications.states import VerificationStatus

KNOWS = _(
    "The expert reads the scores on the panel or in the office, "
    "or takes part in a defence or visit."
)
Pairs = set[tuple[UUID, UUID]]
OFFICES = (Role.OFFICER, Role.AUDITOR)


def who_know(cases: Iterable[UUID]) -> Pairs:
    """Return the pairs of case and expert: read scores or hear findings of it; two queries."""
    keys = set(cases)
    if not keys:  # PostgreSQL does not take apart an array of nothing
        return set()
    return _invited(keys).union(_heard(keys).union(_in_office(keys), all=True))


def _invited(cases: set[UUID]) -> Pairs:
    """Whoever was once invited had the papers, though the meeting was taken back after."""
    activities = Case.objects.filter(pk__in=cases).values("declaration__activity")
    meetings = PanelMeeting.objects.filter(
        activity__in=activities, announced_at__isnull=False
    ).annotate(key=Cast("pk", CharField()))
    acts = AuditEntry.objects.filter(
        subject_type="panel meeting", subject_id__in=meetings.values("key")
    )
    found: Pairs = set()
    sitting: dict[str, set[UUID]] = {}
    listed: dict[str, set[UUID]] = {}
    for meeting, act, told in acts.order_by("pk").values_list("subject_id", "act", "details"):
        people, agenda = sitting.setdefault(meeting, set()), listed.setdefault(meeting, set())
        if act == "panel meeting.member added":
            people.add(UUID(told["expert"]))
        elif act == "panel meeting.member removed":
            people.discard(UUID(told["expert"]))
        elif act == "panel meeting.items added":
            agenda.update(UUID(one) for one in told["cases"])
        elif act == "panel meeting.item removed":
            agenda.discard(UUID(told["case"]))
        elif act == "panel meeting.announce":
            found.update((case, expert) for case in agenda & cases for expert in people)
    return found


def _heard(cases: set[UUID]) -> QuerySet[Any, Any]:
    """Whoever takes part in a visit, or did: one cancelled in time was never held."""
    late = AuditEntry.objects.filter(
        act="verification.cancel",
        subject_type="verification",
        subject_id=Cast(OuterRef("pk"), CharField()),
        at__gte=OuterRef("held_at"),
    )
    held = Verification.objects.filter(
        ~Q(status=VerificationStatus.CANCELLED) | Exists(late), case__in=cases
    )
    return held.exclude(experts=None).order_by().values_list("case", "experts")


def _in_office(cases: set[UUID]) -> QuerySet[Any, Any]:
    """Officers and auditors read what is handed in; also what was given back to its expert."""
    handed_in = ScoreSheet.objects.filter(
        ~Q(status=SheetStatus.DRAFT) | ~Q(reopened=""), assignment__case__in=cases
    )
    # Who left the office before knows nothing of it; whose role stands has no end.
    until = Coalesce(OuterRef("revoked_at"), F("submitted_at"))
    read = handed_in.filter(Q(submitted_at=None) | Q(submitted_at__lte=until))
    each = Func(
        ArraySubquery(read.values("assignment__case")),
        function="unnest",
        output_field=UUIDField(),
    )
    grants = RoleGrant.objects.filter(role__in=OFFICES, user__expert__isnull=False)
    return grants.order_by().annotate(case=each).values_list("case", "user")


def knowing(case: UUID) -> Q:
    """Name the experts who know the scores of one case."""
    return Q(pk__in={expert for _case, expert in who_know([case])})
