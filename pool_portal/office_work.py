"""What waits for an officer, counted in the order of the work."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Q, Value
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from catalog.earlier.workflow import to_release
from catalog.measure_states import MeasureStatus
from catalog.models import EarlierList, ListingMeasure
from evaluation.clarifications.states import ClarificationStatus
from evaluation.conflicts.avoidance_states import AvoidanceStatus
from evaluation.criteria.workflow import to_confirm, to_seal
from evaluation.models import (
    AvoidanceRequest,
    Case,
    Clarification,
    CriteriaChange,
    CriteriaDraft,
    Expert,
    Objection,
    PanelMeeting,
    Verification,
)
from evaluation.objections import rights as objection_rights
from evaluation.objections.states import OPEN, ObjectionStatus
from evaluation.office import next_steps
from evaluation.office.stuck import lacking_experts
from evaluation.panel.states import MeetingStatus
from evaluation.pool.states import ExpertStatus
from evaluation.releasing import held_back, to_sign
from evaluation.states import CaseStatus
from evaluation.verifications import verifying
from pool_portal.work_items import Desk, Item
from submissions.models import Declaration
from submissions.queue import waiting
from submissions.states import Status

Asked = tuple[Any, str, str, int]  # label, list, what is asked of it, how many


def officers_desk(user: User) -> Desk:
    """Count what waits for an officer, in the order of the work; each line leads to its list."""
    objected, few = _objections(user), _few(user)
    asked = [
        *_before_review(user, few),
        *_in_evaluation(user, objected, few),
        *_beside_it(user, few),
    ]
    items = [
        Item(label, f"{reverse(f'admin:{page}_changelist')}?{which}", str(number))
        for label, page, which, number in asked
        if number
    ]
    return Desk(
        _("Work of the office"),
        [
            *items,
            *(_stuck(user) if objected["open"] else ()),
        ],
        _("Nothing waits for an officer."),
        reverse("admin:index"),
        _("Officers’ desk"),
    )


Few = dict[str, dict[str, int]]  # kind -> how many in each state


def _few(user: User) -> Few:
    """Count what there is little of, all in one question."""
    return _counts_of(
        requests=AvoidanceRequest.objects.with_right(user, "decide"),
        questions=Clarification.objects.with_right(user, "handle"),
        meetings=PanelMeeting.objects.visible_to(user),
        lacking=lacking_experts(Case.objects.visible_to(user)),
        signing=to_sign(Case.objects.with_right(user, "release"), user),
        held=held_back(Case.objects.visible_to(user)),
        reports=verifying.awaiting_report(Verification.objects.with_right(user, "report")),
        drafts=to_seal(CriteriaDraft.objects.with_right(user, "seal"), user),
        changes=to_confirm(CriteriaChange.objects.with_right(user, "confirm"), user),
        earlier=to_release(EarlierList.objects.with_right(user, "release"), user),
    )


def _before_review(user: User, few: Few) -> Iterator[Asked]:
    yield _("Criteria to seal"), "evaluation_criteriadraft", "waits=me", _all(few["drafts"])
    label, page = _("Changes of criteria to confirm"), "evaluation_criteriachange"
    yield label, page, "waits=me", _all(few["changes"])
    # As on the desk: what one's own organisation filed, or one rejected oneself, is for others.
    page, checks = "submissions_declaration", _counts(waiting(user))
    contested = _counts(Declaration.objects.with_right(user, "hear"))
    yield _in(_("Formal checks to begin"), page, Status.SUBMITTED, checks)
    yield _in(_("Formal checks to finish"), page, Status.IN_CHECK, checks)
    yield _in(_("Contested rejections"), page, Status.CONTESTED, contested)
    label, page = _("Avoidance requests to decide"), "evaluation_avoidancerequest"
    yield _in(label, page, AvoidanceStatus.ASKED, few["requests"])


def _in_evaluation(user: User, objected: dict[str, int], few: Few) -> Iterator[Asked]:
    page, cases = "evaluation_case", _counts(Case.objects.visible_to(user))
    steps = next_steps.counts(user)
    yield _in(_("Cases without experts"), page, CaseStatus.AWAITING, cases)
    yield _("Cases that lack experts"), page, "experts=lacking", _all(few["lacking"])
    yield _in(_("Cases in review"), page, CaseStatus.IN_REVIEW, cases)
    questions, put = "evaluation_clarification", few["questions"]
    yield _in(_("Questions of experts to pass on"), questions, ClarificationStatus.ASKED, put)
    reports = _("Defences and visits to report on"), "evaluation_verification"
    yield *reports, "report=awaited", _all(few["reports"])
    yield _("Defences and visits to arrange"), page, "next=arrange", steps["arrange"]
    yield _("Cases to put on an agenda"), page, "next=agenda", steps["agenda"]
    yield from _meetings(few["meetings"])
    yield _("Cases to decide"), page, "next=decide", steps["decide"]
    # Not those one took oneself: a second officer signs.
    mine = "status__exact=decided&release=mine"
    yield _("Decisions to release"), page, mine, _all(few["signing"])
    yield _in(_("Decisions awaiting the release"), page, CaseStatus.SIGNED, cases)
    yield _("Decisions due that are held back"), page, "release=held", _all(few["held"])
    page = "evaluation_objection"
    yield _in(_("Objections to admit or refuse"), page, ObjectionStatus.RECEIVED, objected)
    yield _in(_("Objections to rule on"), page, ObjectionStatus.ADMITTED, objected)


def _meetings(meetings: dict[str, int]) -> Iterator[Asked]:
    page = "evaluation_panelmeeting"
    label = _("Panel meetings to prepare and announce")
    yield _in(label, page, MeetingStatus.PREPARED, meetings)
    yield _in(_("Panel meetings to hold"), page, MeetingStatus.ANNOUNCED, meetings)
    yield _in(_("Panel meetings to close"), page, MeetingStatus.IN_SESSION, meetings)


def _beside_it(user: User, few: Few) -> Iterator[Asked]:
    yield _measures(user)
    page = "catalog_earlierlist"
    yield _("Earlier lists to release"), page, "waits=me", _all(few["earlier"])
    experts = _counts(Expert.objects.with_right(user, "decide"))
    label = _("Applications to the expert pool")
    yield _in(label, "evaluation_expert", ExpertStatus.APPLIED, experts)


def _in(label: Any, page: str, status: str, counts: dict[str, int]) -> Asked:
    """Lead to all that stands in one state."""
    return label, page, f"status__exact={status}", counts.get(status, 0)


def _all(counts: dict[str, int]) -> int:
    return sum(counts.values())


def _objections(user: User) -> dict[str, int]:
    """Count those one may handle, those one may rule on, and those still open; one query.

    Nobody rules on what is said against their own decision.
    """
    mine = Objection.objects.visible_to(user)
    return mine.aggregate(
        received=Count("pk", filter=_held(user, "handle", ObjectionStatus.RECEIVED)),
        admitted=Count("pk", filter=_held(user, "rule", ObjectionStatus.ADMITTED)),
        open=Count("pk", filter=Q(status__in=OPEN)),
    )


def _held(user: User, right: str, status: str) -> Q:
    rows = Objection.objects.with_right(user, right).filter(status=status)
    return Q(pk__in=rows.values("pk"))


def _stuck(user: User) -> Iterator[Item]:
    """Say how many objections no officer may handle: their entries would wait for ever."""
    if number := objection_rights.nobodys(user):
        title = _("Objections no officer may handle: appoint another officer")
        yield Item(title, reverse("admin:evaluation_objection_changelist"), str(number))


def _measures(user: User) -> Asked:
    """Count the measures on listings that another officer proposed."""
    rows = ListingMeasure.objects.with_right(user, "confirm").exclude(proposed_by=user)
    label, page = _("Measures on listings to confirm"), "catalog_listingmeasure"
    return _in(label, page, MeasureStatus.PROPOSED, _counts(rows))


def _counts(rows: Any) -> dict[str, int]:
    return dict(rows.order_by().values_list("status").annotate(number=Count("pk")))


def _counts_of(**rows: Any) -> Few:
    parts = [
        some.order_by()
        .annotate(of_what=Value(kind))
        .values_list("of_what", "status")
        .annotate(number=Count("pk"))
        for kind, some in rows.items()
    ]
    found: Few = {kind: {} for kind in rows}
    for kind, status, number in parts[0].union(*parts[1:], all=True):
        found[kind][status] = number
    return found
