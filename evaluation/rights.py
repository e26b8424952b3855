"""Rows of the table of rights: experts, criteria, cases, assignments, score sheets, decisions.

Until a decision is released the declaring organisation has no row here at all: no sign of
experts, counts or dates.
"""

from typing import Any

from django.db.models import Model, Q

from accounts.relations import everyone, granted, member, self_only
from accounts.roles import Role
from core.rights import ACCOUNT, PUBLIC, Address, Bar, ObjectRights, Relation, Rule, rule, staff
from evaluation.conflicts import declared_jointly
from evaluation.models import (
    Absence,
    ActivityCriteria,
    Assignment,
    Case,
    CriteriaChange,
    CriteriaDraft,
    CriteriaSet,
    Decision,
    Dimension,
    Employment,
    Expert,
    House,
    Indicator,
    Nomination,
    Score,
    ScoreSheet,
    Tie,
)
from evaluation.pool_states import LIVE
from evaluation.states import (
    STANDING,
    AssignmentStatus,
    CaseStatus,
    ChangeStatus,
    DraftStatus,
    SheetStatus,
)
from submissions.models import Declaration
from submissions.states import ActivityStatus, Status

PREPARING = {ActivityStatus.PREPARED}
OPENED = {ActivityStatus.OPEN, ActivityStatus.CLOSED}
ASSIGNABLE = {CaseStatus.AWAITING, CaseStatus.IN_REVIEW}
JUDGES = frozenset({Role.OFFICER, Role.EXPERT})
OFFICERS = frozenset({Role.OFFICER})
# Where rights are taken away, in the words of the manual.
THEIRS = "declarations of an organisation one may not judge"
JOINTLY = "declarations with a joint applicant one may not judge"
COMPETING = "activities in which one’s own organisation or employer declares"


def asked(path: str = "") -> Relation:
    """Be the expert of the assignment at ``path``, and still be an expert at all."""

    def relation(user: Any) -> Q | None:
        if not user.is_authenticated or Role.EXPERT not in user.roles:
            return None
        return Q(**{f"{path}expert": user.pk})

    return relation


def accepted(path: str = "") -> Relation:
    """Be the expert who accepted the assignment at ``path``."""
    asked_of = asked(path)

    def relation(user: Any) -> Q | None:
        condition = asked_of(user)
        if condition is None:
            return None
        return condition & Q(**{f"{path}status": AssignmentStatus.ACCEPTED})

    return relation


def judging(user: Any) -> Q | None:
    """Hold the role on the declarations one has accepted to score."""
    condition = accepted()(user)
    if condition is None:
        return None
    return Q(pk__in=Assignment.objects.filter(condition).values("case__declaration"))


def released_to_member(user: Any) -> Q | None:
    """Belong to the organisation a released decision is about."""
    condition = member(Role.VIEWER, "case__declaration__organisation")(user)
    return None if condition is None else condition & Q(released_at__isnull=False)


def conflicting(organisation: str) -> Relation:
    """Name the rows whose ``organisation`` one may not judge."""

    def relation(user: Any) -> Q | None:
        ties = Tie.objects.filter(user_id=user.pk)
        return Q(**{f"{organisation}__in": ties.values("organisation_id")})

    return relation


def scoring(case: str) -> Relation:
    """Name the rows whose ``case`` one scores oneself: nobody decides on their own scores."""

    def relation(user: Any) -> Q | None:
        mine = Assignment.objects.filter(expert=user.pk, status__in=STANDING)
        return Q(**{f"{case}__in": mine.values("case")})

    return relation


def oneself(path: str) -> Relation:
    """Name one's own profile: who could edit it as an officer could take the conflicts away."""

    def relation(user: Any) -> Q | None:
        return Q(**{path: user.pk})

    return relation


def competing(activity: str) -> Relation:
    """Name the rows of an ``activity`` in which one's own organisation declares.

    Prolonging it, or being hard on the others, would favour that organisation. Ties that are
    certain only: by a name like one's employer's, anybody could shut an officer out of a whole
    activity; such a likeness bars from that one declaration (``conflicting``).
    """

    def relation(user: Any) -> Q | None:
        houses = House.objects.filter(user_id=user.pk).values("organisation_id")
        theirs = Declaration.objects.filter(organisation__in=houses)
        theirs = theirs.exclude(status__in=(Status.WITHDRAWN, Status.REJECTED))
        return Q(**{f"{activity}__in": theirs.values("activity")})

    return relation


def joint_to(declaration: str) -> Relation:
    """Name the rows whose ``declaration`` has a joint applicant one may not judge."""

    def relation(user: Any) -> Q | None:
        return Q(**{f"{declaration}__in": declared_jointly(user)})

    return relation


def in_force_somewhere(_user: Any) -> Q | None:
    """Name the sets an activity was opened with, or went on with."""
    chosen = ActivityCriteria.objects.exclude(activity__status__in=PREPARING)
    replaced = CriteriaChange.objects.filter(status=ChangeStatus.CONFIRMED)
    return Q(pk__in=chosen.values("criteria_set")) | Q(pk__in=replaced.values("previous"))


def not_included(_user: Any) -> Q | None:
    """Name the declarations that were evaluated and not taken into the pool."""
    refused = Case.objects.filter(status=CaseStatus.NOT_INCLUDED)
    return Q(pk__in=refused.values("declaration"))


def bars(case: str) -> list[Bar]:
    """Take every right away where there is a conflict; ``case`` is the path to the case."""
    inside = f"{case}__" if case != "pk" else ""
    return [
        Bar(JUDGES, conflicting(f"{inside}declaration__organisation"), THEIRS),
        Bar(OFFICERS, scoring(case), "cases one scores oneself"),
        Bar(OFFICERS, competing(f"{inside}declaration__activity"), COMPETING),
        # Reading stays: it is the decision that is not theirs.
        Bar(
            OFFICERS,
            joint_to(f"{inside}declaration"),
            JOINTLY,
            frozenset({"assign", "decide", "release", "manage"}),
        ),
    ]


OFFICER: dict[str, Relation] = {Role.OFFICER: granted(Role.OFFICER)}

OBJECTS = (
    ObjectRights(
        "criteria set",
        CriteriaSet,
        relations={Role.ANYONE: in_force_somewhere, **OFFICER},
        rules=[
            # By what one is judged is known to all before the first declaration comes.
            rule(Role.ANYONE, "notice"),
            rule(Role.OFFICER, "read"),
            rule(Role.PORTAL, "read add"),
        ],
        state_field="",
    ),
    ObjectRights(
        "criteria draft",
        CriteriaDraft,
        relations={**OFFICER},
        rules=[
            rule(Role.OFFICER, "read add"),
            rule(Role.OFFICER, "edit", {DraftStatus.WRITING}),
            rule(Role.OFFICER, "seal", {DraftStatus.PROPOSED}),
        ],
    ),
    ObjectRights(
        "criteria change",
        CriteriaChange,
        relations={**OFFICER},
        rules=[
            rule(Role.OFFICER, "read add"),
            rule(Role.OFFICER, "confirm", {ChangeStatus.PROPOSED}),
        ],
        bars=[Bar(OFFICERS, competing("activity"), COMPETING)],
    ),
    ObjectRights(
        "criteria of an activity",
        ActivityCriteria,
        relations={**OFFICER},
        rules=[
            rule(Role.OFFICER, "read add"),
            rule(Role.OFFICER, "edit", PREPARING),
            rule(Role.OFFICER, "change", OPENED),
        ],
        state_field="activity__status",
        bars=[Bar(OFFICERS, competing("activity"), COMPETING)],
    ),
    ObjectRights(
        "expert",
        Expert,
        relations={Role.ACCOUNT: self_only("user"), **OFFICER},
        rules=[
            # Not "read": an officer must not come to the own profile by the officers' door.
            rule(Role.ACCOUNT, "own apply renew leave"),
            rule(Role.ACCOUNT, "maintain", LIVE),
            rule(Role.OFFICER, "read edit decide remove"),
            rule(Role.PORTAL, "read proceed leave"),
        ],
        bars=[Bar(OFFICERS, oneself("user"), "one’s own profile")],
    ),
    ObjectRights(
        "employment",
        Employment,
        relations={Role.ACCOUNT: self_only("expert"), **OFFICER},
        rules=[
            rule(Role.ACCOUNT, "end", LIVE),
            rule(Role.OFFICER, "read add edit end"),
        ],
        state_field="expert__status",
        bars=[Bar(OFFICERS, oneself("expert"), "one’s own history")],
    ),
    ObjectRights(
        "nomination",
        Nomination,
        # Whoever holds the link of the mail answers: that is no row of this table.
        relations={**OFFICER},
        rules=[
            rule(Role.OFFICER, "read add manage"),
            rule(Role.PORTAL, "read answer expire manage"),
        ],
    ),
    ObjectRights(
        "case",
        Case,
        relations={Role.ANYONE: everyone, **OFFICER},
        rules=[
            rule(Role.OFFICER, "read"),
            rule(Role.OFFICER, "assign", ASSIGNABLE),
            rule(Role.OFFICER, "decide", {CaseStatus.SCORED}),
            rule(Role.OFFICER, "release", {CaseStatus.DECIDED}),
            # Not "read": an officer with a conflict must not come back in by this door.
            rule(Role.ANYONE, "notice", {CaseStatus.PUBLICITY}),
            rule(Role.PORTAL, "read complete proceed"),
        ],
        bars=bars("pk"),
    ),
    ObjectRights(
        "assignment",
        Assignment,
        relations={Role.EXPERT: asked(), **OFFICER},
        rules=[
            rule(Role.EXPERT, "read", set(AssignmentStatus) - {AssignmentStatus.CANCELLED}),
            rule(Role.EXPERT, "answer", STANDING),
            rule(Role.OFFICER, "read"),
            rule(Role.OFFICER, "manage", STANDING),
            rule(Role.PORTAL, "read manage"),
        ],
        bars=bars("case"),
    ),
    ObjectRights(
        "score sheet",
        ScoreSheet,
        relations={Role.EXPERT: accepted("assignment__"), **OFFICER},
        rules=[
            rule(Role.EXPERT, "read"),
            rule(Role.EXPERT, "score", {SheetStatus.DRAFT}),
            rule(Role.OFFICER, "read", {SheetStatus.SUBMITTED}),
        ],
        bars=bars("assignment__case"),
    ),
    ObjectRights(
        "decision",
        Decision,
        relations={Role.VIEWER: released_to_member, **OFFICER},
        rules=[rule(Role.VIEWER, "read"), rule(Role.OFFICER, "read")],
        state_field="",
        bars=bars("case"),
    ),
)

# Seen together with what they belong to.
PARTS: dict[type[Model], str] = {
    Absence: "expert",
    Dimension: "criteria_set",
    Indicator: "dimension",
    Score: "sheet",
}

# What an expert may do with the declaration to be scored; laid beside the rows of submissions.
ON_DECLARATION: tuple[dict[str, Relation], list[Rule]] = (
    {Role.EXPERT: judging},
    [rule(Role.EXPERT, "read")],
)
# What is taken away on the objects of submissions.
BARS = {
    "recommendation": (
        Bar(OFFICERS, conflicting("declaration__organisation"), THEIRS),
        Bar(OFFICERS, competing("declaration__activity"), COMPETING),
        Bar(OFFICERS, joint_to("declaration"), JOINTLY, frozenset({"waive"})),
    ),
    "joint confirmation": (
        Bar(OFFICERS, conflicting("declaration__organisation"), THEIRS),
        Bar(OFFICERS, competing("declaration__activity"), COMPETING),
        Bar(OFFICERS, joint_to("declaration"), JOINTLY, frozenset({"waive"})),
    ),
    "early look": (
        Bar(OFFICERS, conflicting("declaration__organisation"), THEIRS),
        Bar(OFFICERS, competing("declaration__activity"), COMPETING),
    ),
    "activity": (Bar(OFFICERS, competing("pk"), COMPETING),),
    "declaration": (
        Bar(JUDGES, conflicting("organisation"), THEIRS),
        Bar(OFFICERS, competing("activity"), COMPETING),
        Bar(OFFICERS, joint_to("pk"), JOINTLY, frozenset({"check", "hear", "give_time"})),
        Bar(
            frozenset({Role.EDITOR}),
            not_included,
            "declarations that were not included",
            frozenset({"translate"}),
        ),
    ),
}

ADDRESSES: dict[str, Address] = {
    "evaluation:work-list": staff(Role.EXPERT),
    "evaluation:invitation": staff(Role.EXPERT, needs="read assignment"),
    "evaluation:invitation-step": staff(Role.EXPERT, needs="answer assignment"),
    "evaluation:scoring-desk": staff(Role.EXPERT, needs="read score sheet"),
    "evaluation:scoring-check": staff(Role.EXPERT, needs="score score sheet"),
    "evaluation:expert-pool": PUBLIC,
    "evaluation:expert-apply": ACCOUNT,
    "evaluation:expert-profile": ACCOUNT,
    "evaluation:expert-edit": ACCOUNT,
    "evaluation:expert-step": ACCOUNT,
    "evaluation:employment-*": ACCOUNT,
    "evaluation:absence-*": ACCOUNT,
    # What the link of a mail opens; who consents signs in.
    "evaluation:nomination": PUBLIC,
    "evaluation:nomination-decline": PUBLIC,
    "evaluation:nomination-consent": ACCOUNT,
    "evaluation:decision-detail": ACCOUNT,
    "evaluation:publicity-list": PUBLIC,
    "evaluation:criteria-detail": PUBLIC,
    "evaluation:criteria-document": PUBLIC,
    "admin:evaluation_*": staff(Role.OFFICER),
}
