"""Rows of the table of rights: experts, criteria, cases, assignments, score sheets, decisions.

Until a decision is released the declaring organisation has no row here at all: no sign of
experts, counts or dates.
"""

from django.db.models import Model

from accounts.relations import self_only
from accounts.roles import Role
from core.rights import ACCOUNT, PUBLIC, Address, Bar, ObjectRights, Relation, Rule, rule, staff
from evaluation.conflicts.rights import OBJECTS as CONFLICTS
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
    Indicator,
    Score,
    ScoreSheet,
)
from evaluation.pool.states import LIVE
from evaluation.relations import (
    ASSIGNABLE,
    AVOIDED,
    COMPETING,
    EXPERTS,
    JOINTLY,
    JUDGED,
    JUDGES,
    LATE,
    OFFICER,
    OFFICERS,
    OPENED,
    PREPARING,
    THEIRS,
    accepted,
    asked,
    avoided,
    bars,
    competing,
    conflicting,
    found_late,
    in_force_somewhere,
    joint_to,
    judged_before,
    judging,
    not_included,
    oneself,
    released_to_member,
    was_public,
)
from evaluation.states import (
    HANDED_IN,
    PENDING,
    STANDING,
    AssignmentStatus,
    CaseStatus,
    ChangeStatus,
    DraftStatus,
    SheetStatus,
)
from submissions.states import Status

OBJECTS = (
    *CONFLICTS,
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
        "case",
        Case,
        relations={Role.ANYONE: was_public, **OFFICER},
        rules=[
            rule(Role.OFFICER, "read"),
            rule(Role.OFFICER, "assign", ASSIGNABLE),
            rule(Role.OFFICER, "decide ask_further", {CaseStatus.SCORED}),
            # What is signed can be sent back until it is known.
            rule(Role.OFFICER, "release", PENDING),
            rule(Role.OFFICER, "co_release", {CaseStatus.SIGNED}),
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
            # What is judged, beside the sheet; not after a conflict was found.
            rule(Role.EXPERT, "open", {SheetStatus.DRAFT, SheetStatus.SUBMITTED}),
            rule(Role.EXPERT, "score", {SheetStatus.DRAFT}),
            # A conflict found late: who has it says so, or an officer does.
            rule(Role.EXPERT, "exclude", {SheetStatus.SUBMITTED}),
            rule(Role.OFFICER, "read", HANDED_IN),
            rule(Role.OFFICER, "exclude reopen", {SheetStatus.SUBMITTED}),
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

# What an expert may do with the declaration to be scored, and the applicant about who judges
# it; laid beside the rows of submissions.
ON_DECLARATION: tuple[dict[str, Relation], list[Rule]] = (
    {Role.EXPERT: judging},
    [
        rule(Role.EXPERT, "read"),
        # Before it is accepted: whether the review has begun is nothing to be told by a form.
        rule(Role.EDITOR, "avoid", {Status.SUBMITTED, Status.IN_CHECK, Status.RETURNED}),
    ],
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
        Bar(EXPERTS, avoided("pk"), AVOIDED),
        Bar(EXPERTS, judged_before("pk"), JUDGED),
        Bar(JUDGES, found_late("pk"), LATE),
        Bar(OFFICERS, avoided("pk"), AVOIDED, frozenset({"check", "hear", "give_time"})),
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
    "evaluation:late-conflict": staff(Role.EXPERT, needs="exclude score sheet"),
    "evaluation:scoring-desk": staff(Role.EXPERT, needs="read score sheet"),
    "evaluation:scoring-print": staff(Role.EXPERT, needs="read score sheet"),
    "evaluation:scoring-workbook": staff(Role.EXPERT, needs="read score sheet"),
    "evaluation:scoring-file": staff(Role.EXPERT, needs="score score sheet"),
    "evaluation:scoring-autosave": staff(Role.EXPERT, needs="read score sheet"),
    "evaluation:scoring-check": staff(Role.EXPERT, needs="score score sheet"),
    "evaluation:expert-pool": PUBLIC,
    "evaluation:expert-apply": ACCOUNT,
    "evaluation:expert-profile": ACCOUNT,
    "evaluation:expert-edit": ACCOUNT,
    "evaluation:expert-step": ACCOUNT,
    "evaluation:employment-*": ACCOUNT,
    "evaluation:absence-*": ACCOUNT,
    "evaluation:connection-add": ACCOUNT,
    # What the link of a mail opens; who consents signs in.
    "evaluation:nomination": PUBLIC,
    "evaluation:nomination-decline": PUBLIC,
    "evaluation:nomination-consent": ACCOUNT,
    "evaluation:decision-detail": ACCOUNT,
    "evaluation:avoidance": ACCOUNT,
    "evaluation:avoidance-withdraw": ACCOUNT,
    "evaluation:publicity-*": PUBLIC,
    "evaluation:criteria-list": PUBLIC,
    "evaluation:criteria-detail": PUBLIC,
    "evaluation:criteria-document": PUBLIC,
    "admin:evaluation_*": staff(Role.OFFICER),
}
