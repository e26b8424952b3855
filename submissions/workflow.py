"""What each step of an activity and of a declaration asks and does."""

from typing import Any
from uuid import UUID

from core.lifecycle import Transition
from core.workflow import Step, Workflow
from submissions import (
    checklist,
    formal_check,
    joint,
    looked_at,
    notifications,
    recommending,
    steps,
)
from submissions.models import Activity, Declaration
from submissions.rule_sets import pin_rules
from submissions.states import ACTIVITY, DECLARATION

ACTIVITIES: Workflow[Activity] = Workflow(
    ACTIVITY,
    Activity,
    {
        "open": Step(guards=(steps.scheme_is_sound,), change=pin_rules),
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
            after=(
                recommending.ask_unit,
                joint.ask_joint_applicants,
                notifications.send_receipt,
                notifications.tell_checker,
            ),
        ),
        "begin_check": Step(
            guards=(recommending.unit_has_answered,), change=formal_check.note_checker
        ),
        "accept": Step(
            guards=(looked_at.is_as_seen, checklist.is_done, joint.all_have_confirmed),
            after=(notifications.tell_accepted,),
        ),
        "return": Step(
            guards=(looked_at.is_as_seen,),
            change=formal_check.ask_corrections,
            after=(notifications.tell_returned,),
        ),
        "give_time": Step(change=formal_check.give_time, after=(notifications.tell_more_time,)),
        "reject": Step(
            guards=(looked_at.is_as_seen,),
            change=formal_check.note_rejection,
            after=(notifications.tell_rejected,),
        ),
        "contest": Step(
            guards=(formal_check.may_be_contested,),
            change=formal_check.note_contest,
            after=(notifications.tell_contested,),
        ),
        "reopen": Step(change=formal_check.reopen, after=(notifications.tell_reopened,)),
        "uphold": Step(change=formal_check.uphold, after=(notifications.tell_upheld,)),
        "withdraw": Step(after=(notifications.tell_withdrawn,)),
    },
    since="state_since",
)


def offered(declaration: Declaration, actor: Any) -> list[Transition]:
    """Return the steps to show to a person; more time only where a day was set."""
    steps = DECLARATIONS.open_to(actor, declaration)
    dated = declaration.corrections_due_on is not None
    return [step for step in steps if dated or step.name != "give_time"]


def perform(name: str, pk: UUID, *, actor: Any, reason: str = "", **inputs: Any) -> Declaration:
    """Take a step of a declaration; see ``core.workflow.Workflow.perform``."""
    return DECLARATIONS.perform(name, pk, actor=actor, reason=reason, **inputs)
