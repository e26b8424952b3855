"""What each step of an activity and of a declaration asks and does."""

from typing import Any
from uuid import UUID

from core.workflow import Step, Workflow
from submissions import notifications, recommending, steps
from submissions.models import Activity, Declaration
from submissions.states import ACTIVITY, DECLARATION

ACTIVITIES: Workflow[Activity] = Workflow(
    ACTIVITY,
    Activity,
    {
        "open": Step(guards=(steps.scheme_is_sound,)),
        "close": Step(guards=(steps.is_over,), change=steps.note_closing),
        "run_out": Step(guards=(steps.has_run_out,), change=steps.note_closing),
    },
)

DECLARATIONS: Workflow[Declaration] = Workflow(
    DECLARATION,
    Declaration,
    {
        "submit": Step(
            guards=(
                steps.activity_takes_declarations,
                recommending.unit_is_named,
                steps.nothing_is_missing,
            ),
            change=steps.file_version,
            after=(recommending.ask_unit, notifications.send_receipt),
        ),
        "begin_check": Step(guards=(recommending.unit_has_answered,), change=steps.note_checker),
        "accept": Step(after=(notifications.tell_accepted,)),
        "return": Step(change=steps.ask_corrections, after=(notifications.tell_returned,)),
        "reject": Step(after=(notifications.tell_rejected,)),
        "withdraw": Step(after=(notifications.tell_withdrawn,)),
    },
)


def perform(name: str, pk: UUID, *, actor: Any, reason: str = "", **inputs: Any) -> Declaration:
    """Take a step of a declaration; see ``core.workflow.Workflow.perform``."""
    return DECLARATIONS.perform(name, pk, actor=actor, reason=reason, **inputs)
