"""Brings one case as far as its destiny says: experts, scores, decision, release, publicity."""

import datetime as dt

from accounts.models import User
from core.clock import database_now
from core.errors import TransitionError
from demo import letters, people, questions, scores
from demo.plan import Destiny, Item
from evaluation.conflicts import found_late
from evaluation.desk.saving import Scores, save_scores
from evaluation.models import Assignment, Case, Decision, Expert, Indicator, ScoreSheet
from evaluation.panel import deciding
from evaluation.states import AssignmentStatus, CaseStatus, SheetStatus
from evaluation.workflow import perform_assignment, perform_case, perform_sheet

DAYS_TO_SCORE = 60
INCLUDED = "Included, on generated scores: this is a demonstration and no listing by FECO."
NOT_INCLUDED = (
    "Not included: the declaration shows a bench test only. Generated for the demonstration."
)
RELEASED = {Destiny.NOT_INCLUDED, Destiny.LISTED, Destiny.WITHDRAWN}
DECIDED = {Destiny.DECIDED} | RELEASED
REVIEWED = {Destiny.INVITED, Destiny.SCORING, Destiny.SCORED} | DECIDED
# The step out of each state, and the destinies that take it.
GOES_ON = {
    CaseStatus.AWAITING: ("assign", REVIEWED),
    CaseStatus.IN_REVIEW: ("review", REVIEWED),
    CaseStatus.SCORED: ("decide", DECIDED),
    CaseStatus.DECIDED: ("release", RELEASED),
    CaseStatus.PUBLICITY: ("clear", {Destiny.LISTED, Destiny.WITHDRAWN}),
}
# How many experts, the visitor's own not among them, have done how much.
ACCEPTED_ONLY = {Destiny.INVITED: 2, Destiny.SCORING: 1}
FINISHED = {Destiny.INVITED: 0, Destiny.SCORING: 2}


def next_step(destiny: Destiny, status: str) -> str:
    """Say what comes next for a case; "" when the rest is the visitor's, or there is none."""
    step, destinies = GOES_ON.get(CaseStatus(status), ("", set()))
    return step if destiny in destinies else ""


def judge(item: Item, case: Case) -> Case:
    """Take every step of the case that its destiny asks for."""
    while step := next_step(item.destiny, case.status):
        if step == "decide" and not deciding.may_be_decided(case):
            break  # the panel meets when all are scored
        before = case.status
        _take(step, item, case)
        case.refresh_from_db()
        if case.status == before:
            break
    return case


def _take(step: str, item: Item, case: Case) -> None:
    officer = _user(people.OFFICER)
    if step == "assign":
        due_at = database_now() + dt.timedelta(days=DAYS_TO_SCORE)
        perform_case(step, case.pk, actor=officer, experts=_choose(item, case), due_at=due_at)
    elif step == "review":
        _review(item, case)
    elif step == "decide":
        _decide(item, case, officer)
    elif step == "release":
        letters.write(item, case)
        perform_case(step, case.pk, actor=_user(people.SECOND_OFFICER))
    else:
        _clear(case)


def _decide(item: Item, case: Case, officer: User) -> None:
    included = item.destiny != Destiny.NOT_INCLUDED
    outcomes = Decision.Outcome
    perform_case(
        "decide",
        case.pk,
        actor=officer,
        outcome=outcomes.INCLUDED if included else outcomes.NOT_INCLUDED,
        statement=INCLUDED if included else NOT_INCLUDED,
    )


def _clear(case: Case) -> None:
    """End the publicity of no days; the worker, woken for the same, may be quicker."""
    try:
        perform_case("clear", case.pk, actor=None)
    except TransitionError:
        case.refresh_from_db()
        if case.status != CaseStatus.CLEARED:
            raise


def _choose(item: Item, case: Case) -> list[Expert]:
    """Return the experts of the field, the turn beginning elsewhere for each technology.

    Not those with a conflict: one that was found late bars from all that the firm declares.
    """
    field = str(case.declaration.subcategory_id).partition("-")[0]  # codes are "AIR-04"
    experts = {one.user.email: one for one in Expert.objects.select_related("user")}
    barred = found_late.against(case, experts.values())
    emails = [
        email
        for one in people.EXPERTS
        if field in one.fields and experts[email := one.person.email].pk not in barred
    ]
    mine = people.EXPERT.email
    if item.destiny in ACCEPTED_ONLY and mine in emails:
        emails.remove(mine)
        chosen = [mine, *scores.turn(item, emails)][: case.experts_wanted]
    else:
        chosen = scores.turn(item, emails)[: case.experts_wanted]
    return [experts[email] for email in chosen]


def _review(item: Item, case: Case) -> None:
    """Let each expert do their part; what is done already is not done again."""
    assignments = case.assignments.select_related("case", "expert__user").order_by(
        "expert__user__email"
    )
    if item.destiny not in ACCEPTED_ONLY:
        for assignment in assignments:
            _score(item, _accepted(assignment))
        return
    others = [one for one in assignments if one.expert.user.email != people.EXPERT.email]
    finished, accepted = FINISHED[item.destiny], ACCEPTED_ONLY[item.destiny]
    for assignment in others[:finished]:
        _score(item, _accepted(assignment))
    for assignment in others[finished : finished + accepted]:
        _accepted(assignment)
    if item.destiny == Destiny.SCORING:
        for assignment in assignments:
            if assignment.expert.user.email == people.EXPERT.email:
                _begin_to_score(item, _accepted(assignment))
                questions.answered(assignment, _user(people.OFFICER))


def _accepted(assignment: Assignment) -> Assignment:
    if assignment.status == AssignmentStatus.INVITED:
        actor = assignment.expert.user
        perform_assignment(
            "accept", assignment.pk, actor=actor, no_conflict=True, confidential=True
        )
        assignment.refresh_from_db()
    return assignment


def _score(item: Item, assignment: Assignment) -> None:
    sheet = _sheet(assignment)
    if sheet is None:
        return
    actor = assignment.expert.user
    if not sheet.scores.exists():
        given = scores.of_sheet(item, actor.email, _indicators(assignment))
        _save(sheet, given, scores.said(item), actor)
    perform_sheet("submit", assignment.pk, actor=actor)


def _begin_to_score(item: Item, assignment: Assignment) -> None:
    """Write half a sheet for the visitor to finish; one begun by the visitor stays as it is."""
    sheet = _sheet(assignment)
    if sheet is None or sheet.scores.exists():
        return
    actor = assignment.expert.user
    indicators = _indicators(assignment)
    half = indicators[: len(indicators) // 2]
    _save(sheet, scores.of_sheet(item, actor.email, half), {}, actor)


def _save(sheet: ScoreSheet, given: Scores, words: dict[str, str], actor: User) -> None:
    save_scores(sheet.pk, given, words=words, actor=actor, generated=True)


def _indicators(assignment: Assignment) -> list[int]:
    """Return the keys of the indicators in the order of the score sheet."""
    rows = Indicator.objects.filter(dimension__criteria_set=assignment.case.criteria_set_id)
    return list(rows.order_by("dimension__order", "order").values_list("pk", flat=True))


def _sheet(assignment: Assignment) -> ScoreSheet | None:
    """Return the sheet that is still being written, if it is."""
    return ScoreSheet.objects.filter(pk=assignment.pk, status=SheetStatus.DRAFT).first()


def _user(who: people.Person) -> User:
    return User.objects.get(email=who.email)
