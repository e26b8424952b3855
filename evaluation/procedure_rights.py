"""The row of the table of rights of what lies between score sheets and listing."""

from accounts.roles import Role
from core.rights import Bar, ObjectRights, rule
from evaluation.models import Procedure
from evaluation.relations import COMPETING, OFFICER, OFFICERS, OPENED, PREPARING, competing

OBJECTS = (
    ObjectRights(
        "procedure of an activity",
        Procedure,
        relations={**OFFICER},
        rules=[
            rule(Role.OFFICER, "read add"),
            # Once the activity is open: its dates only, with a reason.
            rule(Role.OFFICER, "edit", PREPARING | OPENED),
        ],
        state_field="activity__status",
        bars=[Bar(OFFICERS, competing("activity"), COMPETING)],
    ),
)
