"""What each step of a case, an assignment and a score sheet asks and does.

What follows by itself is here too: the last sheet completes the review, a release begins the
publicity or concludes the case.
"""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import translation

from core.wakeup import wake
from core.workflow import Act, Step, Workflow
from evaluation import notifications, releasing, review_steps, steps
from evaluation.conflicts import avoiding, interests
from evaluation.dossier import asking as dossiers
from evaluation.letters import writing as letter_writing
from evaluation.models import Assignment, Case, Decision, ScoreSheet
from evaluation.panel import deciding
from evaluation.planning import owing
from evaluation.publicity import ending as publicity
from evaluation.states import ASSIGNMENT, CASE, PENDING, SHEET
from evaluation.verifications import verifying

END_PUBLICITY = "evaluation.end_publicity"


def release_the_others(case: Case, _act: Act) -> None:
    """Enough sheets are in: who has not finished need not, and no longer may read."""
    with translation.override(settings.LANGUAGE_CODE):  # not that of whoever came last
        reason = str(notifications.REVIEW_COMPLETE)
    for assignment in case.assignments.unfinished():
        perform_assignment("cancel", assignment.pk, actor=None, reason=reason)


def complete_when_all_are_in(sheet: ScoreSheet, _act: Act) -> None:
    # The case is locked since before the submission: two last sheets come one after the other.
    case = sheet.assignment.case
    if steps.sheets_in(case) >= case.experts_wanted:
        CASES.perform("complete_review", case.pk, actor=None)


def unsettle_the_decision(sheet: ScoreSheet, _act: Act) -> None:
    """Take a decision back that rests on the sheet; one that was released is marked only."""
    case = Case.objects.get(assignments=sheet.pk)
    if case.status in PENDING:
        CASES.perform("unsettle", case.pk, actor=None)


def take_back_its_dossier(sheet: ScoreSheet, _act: Act) -> None:
    dossiers.forget_of(sheet.pk)


def owe_for_excluded(sheet: ScoreSheet, act: Act) -> None:
    """The seat of a sheet that counts no more is free, while the review goes on."""
    owing.owe(sheet.assignment, act)


def take_back_dossier(assignment: Assignment, _act: Act) -> None:
    dossiers.forget_of(assignment.pk)


def make_known_if_nothing_waits(case: Case, act: Act) -> None:
    if releasing.is_due(case, act.at):
        CASES.perform("make_known", case.pk, actor=None)


def go_on(case: Case, _act: Act) -> None:
    included = steps.standing_decision(case).outcome == Decision.Outcome.INCLUDED
    CASES.perform("begin_publicity" if included else "conclude", case.pk, actor=None)


def wake_when_due(case: Case, act: Act) -> None:
    if case.publicity_ends_at is not None and case.publicity_ends_at <= act.at:
        transaction.on_commit(lambda: wake(END_PUBLICITY))


CASES: Workflow[Case] = Workflow(
    CASE,
    Case,
    {
        "assign": Step(
            guards=(
                steps.experts_are_given,
                avoiding.none_waits,
                steps.experts_are_available,
                steps.experts_have_no_conflict,
                steps.due_date_lies_ahead,
            ),
            change=steps.invite,
        ),
        "complete_review": Step(
            guards=(steps.all_sheets_are_in,),
            change=steps.note_result,
            after=(release_the_others, steps.tell_scored),
        ),
        "decide": Step(
            guards=(
                releasing.officer_signs_not_for_caepi,
                steps.outcome_is_known,
                steps.statement_is_given,
                letter_writing.statement_names_nobody,
                deciding.panel_has_spoken,
                deciding.otherwise_has_a_reason,
                interests.something_counts,
                verifying.nothing_is_open,
            ),
            change=steps.write_decision,
        ),
        "ask_further": Step(
            guards=(interests.a_sheet_is_wanting,),
            change=interests.want_more,
            after=(letter_writing.reopen_of,),
        ),
        "send_back": Step(change=steps.mark_sent_back, after=(letter_writing.reopen_of,)),
        "unsettle": Step(
            guards=(interests.decision_rests_on_excluded,),
            change=steps.mark_sent_back,
            after=(letter_writing.reopen_of,),
        ),
        "release": Step(
            guards=(
                steps.officer_is_another,
                releasing.officer_signs_not_for_caepi,
                letter_writing.is_ready,
            ),
            change=releasing.sign,
            after=(releasing.tell_co_releaser, make_known_if_nothing_waits),
        ),
        "co_release": Step(
            guards=(releasing.signs_for_caepi, releasing.signer_is_a_third),
            change=releasing.co_sign,
            after=(make_known_if_nothing_waits,),
        ),
        "make_known": Step(
            guards=(releasing.nobody_is_waited_for, releasing.moment_has_come),
            change=releasing.note_release,
            after=(letter_writing.hand_out_of, steps.tell_released, go_on),
        ),
        "begin_publicity": Step(
            guards=(steps.is_included,), change=publicity.set_publicity, after=(wake_when_due,)
        ),
        "clear": Step(guards=(publicity.is_over, publicity.nothing_is_objected)),
        "uphold_objection": Step(
            guards=(publicity.an_objection_is_upheld,), change=publicity.note_objection
        ),
        "conclude": Step(guards=(steps.is_not_included,)),
    },
)

ASSIGNMENTS: Workflow[Assignment] = Workflow(
    ASSIGNMENT,
    Assignment,
    {
        "accept": Step(
            guards=(
                interests.no_conflict_is_declared,
                interests.confidence_is_promised,
                review_steps.review_goes_on,
            ),
            change=interests.keep_no_conflict,
            after=(review_steps.open_sheet,),
        ),
        "decline": Step(
            guards=(review_steps.sheet_is_not_in,),
            change=review_steps.note_answer,
            after=(review_steps.tell_declined, take_back_dossier, owing.owe),
        ),
        "recuse": Step(
            guards=(review_steps.sheet_is_not_in,),
            change=interests.keep_conflict,
            after=(interests.tell_conflict, take_back_dossier, owing.owe),
        ),
        "cancel": Step(
            guards=(review_steps.sheet_is_not_in,),
            change=review_steps.note_released,
            after=(review_steps.tell_cancelled, take_back_dossier, owing.owe),
        ),
    },
)

SHEETS: Workflow[ScoreSheet] = Workflow(
    SHEET,
    ScoreSheet,
    {
        "submit": Step(
            guards=(review_steps.case_is_in_review, review_steps.nothing_is_missing),
            change=review_steps.seal,
            after=(complete_when_all_are_in,),
        ),
        "reopen": Step(
            guards=(review_steps.case_is_in_review, review_steps.totals_are_closed),
            change=review_steps.unseal,
            after=(review_steps.tell_reopened,),
        ),
        "exclude": Step(
            guards=(interests.evidence_is_given,),
            change=interests.quarantine,
            after=(
                unsettle_the_decision,
                take_back_its_dossier,
                interests.tell_quarantined,
                owe_for_excluded,
            ),
        ),
    },
)


def perform_case(name: str, pk: UUID, *, actor: Any, reason: str = "", **inputs: Any) -> Case:
    """Take a step of a case and what follows from it by itself; see ``Workflow.perform``."""
    case = CASES.perform(name, pk, actor=actor, reason=reason, **inputs)
    case.refresh_from_db()
    return case


def perform_assignment(
    name: str, pk: UUID, *, actor: Any, reason: str = "", **inputs: Any
) -> Assignment:
    """Take a step of an assignment."""
    return ASSIGNMENTS.perform(name, pk, actor=actor, reason=reason, **inputs)


@transaction.atomic
def perform_sheet(
    name: str, pk: UUID, *, actor: Any, reason: str = "", **inputs: Any
) -> ScoreSheet:
    """Take a step of a score sheet.

    The case is locked first, then the sheet: whoever completes the case takes the locks in the
    same order, so that two last sheets wait for each other and never for ever.
    """
    review_steps.lock_case_of(pk)
    return SHEETS.perform(name, pk, actor=actor, reason=reason, **inputs)
