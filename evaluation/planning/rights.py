"""Rows of the table of rights: plans, their seats, replacements."""

from django.db.models import Model

from accounts.roles import Role
from core.rights import Bar, ObjectRights, rule
from evaluation.models import (
    AssignmentPlan,
    PlanInputs,
    PlannedAssignment,
    PlanSeat,
    Replacement,
)
from evaluation.planning.states import AT_WORK, DRAWN, PlanStatus
from evaluation.relations import COMPETING, OFFICER, OFFICERS, bars, competing

OBJECTS = (
    ObjectRights(
        "assignment plan",
        AssignmentPlan,
        relations={**OFFICER},
        rules=[
            rule(Role.OFFICER, "read add"),
            rule(Role.OFFICER, "cancel", AT_WORK),
            # Another plan made from this one, by hand.
            rule(Role.OFFICER, "derive", DRAWN),
            # Besides, the right to assign in every case of the plan is asked for.
            rule(Role.OFFICER, "publish", {PlanStatus.COMPUTED}),
            rule(Role.OFFICER, "undo", {PlanStatus.PUBLISHED}),
            rule(Role.PORTAL, "read compute"),
        ],
        bars=[Bar(OFFICERS, competing("activity"), COMPETING)],
    ),
    ObjectRights(
        "replacement",
        Replacement,
        relations={**OFFICER},
        rules=[rule(Role.OFFICER, "read")],
        state_field="",
        bars=bars("declined__case"),
    ),
)

PARTS: dict[type[Model], str] = {
    PlanInputs: "plan",
    PlannedAssignment: "plan",
    # With the case: of a declaration one may not judge, one does not see the experts either.
    PlanSeat: "case",
}
