"""Rows of the table of rights: connections, what was said of conflicts, requests to be avoided."""

from accounts.relations import member, self_only
from accounts.roles import Role
from core.rights import Bar, ObjectRights, rule
from evaluation.conflicts.avoidance_states import AvoidanceStatus
from evaluation.models import (
    AvoidanceRequest,
    Commitment,
    ConflictCheck,
    ConflictRule,
    Connection,
    LateConflict,
)
from evaluation.relations import (
    COMPETING,
    CONNECTED,
    EDIT,
    JOINTLY,
    OFFICER,
    OFFICERS,
    THEIRS,
    asked,
    bars,
    competing,
    conflicting,
    either,
    joint_to,
    named_oneself,
    oneself,
)

OBJECTS = (
    ObjectRights(
        "connection",
        Connection,
        relations={Role.ACCOUNT: self_only("person"), **OFFICER},
        rules=[
            # Not "read": what is written about oneself is not read by the officers' door.
            rule(Role.ACCOUNT, "own"),
            rule(Role.OFFICER, "read add edit"),
        ],
        state_field="",
        # One may add to the own connections, and take none away.
        bars=[
            Bar(
                OFFICERS,
                either(oneself("person"), oneself("other_person")),
                "one’s own connections",
                EDIT,
            ),
            Bar(
                OFFICERS,
                either(conflicting("organisation"), conflicting("other_organisation")),
                CONNECTED,
                EDIT,
            ),
        ],
    ),
    ObjectRights(
        "conflict rule",
        ConflictRule,
        relations={**OFFICER},
        rules=[rule(Role.OFFICER, "read edit")],
        state_field="",
    ),
    ObjectRights(
        "declaration of interests",
        ConflictCheck,
        relations={Role.EXPERT: asked("assignment__"), **OFFICER},
        rules=[rule(Role.EXPERT, "read"), rule(Role.OFFICER, "read")],
        state_field="",
        bars=bars("assignment__case"),
    ),
    ObjectRights(
        "promise of confidentiality",
        Commitment,
        relations={Role.ACCOUNT: self_only("person"), **OFFICER},
        rules=[rule(Role.ACCOUNT, "own"), rule(Role.OFFICER, "read")],
        state_field="",
        bars=[Bar(OFFICERS, competing("activity"), COMPETING)],
    ),
    ObjectRights(
        "late conflict",
        LateConflict,
        relations={**OFFICER},
        rules=[rule(Role.OFFICER, "read")],
        state_field="",
        bars=bars("sheet__assignment__case"),
    ),
    ObjectRights(
        "avoidance request",
        AvoidanceRequest,
        relations={Role.EDITOR: member(Role.EDITOR, "declaration__organisation"), **OFFICER},
        rules=[
            # Not "read": an officer with a conflict must not come back in by this door.
            rule(Role.EDITOR, "own"),
            rule(Role.EDITOR, "withdraw", {AvoidanceStatus.ASKED}),
            rule(Role.OFFICER, "read"),
            rule(Role.OFFICER, "decide", {AvoidanceStatus.ASKED}),
        ],
        bars=[
            Bar(OFFICERS, conflicting("declaration__organisation"), THEIRS),
            Bar(OFFICERS, competing("declaration__activity"), COMPETING),
            Bar(OFFICERS, joint_to("declaration"), JOINTLY, frozenset({"decide"})),
            Bar(OFFICERS, named_oneself, "requests that name oneself"),
        ],
    ),
)
