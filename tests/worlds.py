"""One object in one state, with the people around it: what the grid of all steps stands on."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from accounts.models import Organisation, User
from accounts.roles import Level, Role
from accounts.services import add_member
from accounts.states import OrganisationStatus
from catalog.measure_states import MeasureStatus
from catalog.models import Collection, Destination, EarlierList, Technology
from core.workflow import Workflow
from evaluation.clarifications.states import ClarificationStatus
from evaluation.criteria.sealing import set_activity_criteria
from evaluation.figures.asking import LEASE
from evaluation.models import (
    AssignmentPlan,
    Case,
    CriteriaChange,
    Decision,
    Expert,
    StatisticRun,
)
from evaluation.panel.states import ItemStatus, MeetingStatus
from evaluation.planning.compute import read_inputs
from evaluation.pool.states import NominationStatus
from evaluation.states import AssignmentStatus, CaseStatus, SheetStatus
from submissions.models import Declaration, JointConfirmation, Recommendation
from submissions.states import Status
from tests.builders import (
    accounts,
    catalog,
    collections,
    connections,
    criteria,
    earlier,
    enquiries,
    evaluation,
    figures,
    letters,
    objections,
    panel,
    planning,
    submissions,
    tokens,
    verifications,
)
from tests.forcing import force

DRAWN: dict[str, Any] = {"outcome": {}, "seats": [], "inputs_hash": ""}

# What a step has to be given before its guards speak.
INPUTS: dict[str, dict[str, Any]] = {
    "assign": {"experts": []},
    "accept": evaluation.PROMISES,
    "admit": {"kind": "formal"},
    "refuse": {"refusal": "late"},
    "respond": {"response": "It was here."},
    **dict.fromkeys(("dismiss", "correct", "uphold"), objections.RULING),
    "finish": {**DRAWN, "attempt": 0, "result": {}, "method": "none"},
    "clash": DRAWN,
    "decide": {"outcome": Decision.Outcome.INCLUDED, "statement": "Well proven."},
    "return": {
        "corrections": [{"section": "technology", "field": "summary", "reason": "Say more."}]
    },
}


@dataclass(frozen=True, slots=True)
class World:
    """The object's key, the organisation it is about, and an expert asked about it."""

    pk: uuid.UUID | str
    organisation: Organisation
    expert: User


def with_object(flow: Workflow[Any], state: str) -> World:
    """Build an object of ``flow`` in ``state``, as far as can be by the steps themselves."""
    world = BUILDERS[flow.lifecycle.object](state)
    force(flow, world.pk, state)
    return world


def _activity(_state: str) -> World:
    activity = submissions.prepared_activity()
    set_activity_criteria(
        activity, evaluation.criteria(), experts_wanted=1, actor=accounts.officer()
    )
    # A draft in it, whatever its state: somebody's interest in what becomes of it.
    organisation = accounts.organisation()
    Declaration.objects.create(
        activity=activity,
        organisation=organisation,
        language="en",
        created_by=accounts.owner_of(organisation),
    )
    return World(activity.pk, organisation, accounts.expert_user())


def _criteria_draft(_state: str) -> World:
    """One with all it has when it is sealed: raw SQL leads it through its states."""
    draft = criteria.draft()
    draft.proposed_by, draft.sealed_as = draft.writers.get(), criteria.next_version()
    draft.save()
    return World(draft.pk, accounts.organisation(), accounts.expert_user())


def _criteria_change(_state: str) -> World:
    activity = submissions.open_activity()
    newer = criteria.next_version(gates__recommended="80")
    change = CriteriaChange.objects.create(
        activity=activity,
        previous=evaluation.criteria(),
        criteria_set=newer,
        reason="Asked for.",
        proposed_by=accounts.with_role(Role.OFFICER),
        confirmed_by=accounts.with_role(Role.OFFICER),
    )
    organisation = accounts.organisation()
    Declaration.objects.create(
        activity=activity,
        organisation=organisation,
        language="en",
        created_by=accounts.owner_of(organisation),
    )
    return World(change.pk, organisation, accounts.expert_user())


def _declaration(state: str) -> World:
    known = (Status.DRAFT, Status.SUBMITTED, Status.IN_CHECK, Status.REJECTED)
    natural = state if state in known else "in_check"
    declaration = submissions.declaration(natural)
    return World(declaration.pk, declaration.organisation, accounts.expert_user())


def _attachment(_state: str) -> World:
    draft = submissions.draft()
    attachment = submissions.attachment(draft)
    submissions.take(draft, "submit", accounts.owner_of(draft.organisation))
    return World(attachment.pk, draft.organisation, accounts.expert_user())


def _recommendation(_state: str) -> World:
    """One with all that it has once the unit answered: raw SQL leads it through its states."""
    filed = submissions.declaration(Status.SUBMITTED)
    row = Recommendation.objects.create(
        declaration=filed,
        unit="A bureau",
        address="bureau@example.org",
        language="en",
        version=filed.version,
        token_hash=uuid.uuid4().hex,
        asked_at=timezone.now(),
        answered_at=timezone.now(),
        opinion="Sound.",
        signatory="The head of the bureau",
    )
    return World(row.pk, filed.organisation, accounts.expert_user())


def _joint(_state: str) -> World:
    """One that was answered already: raw SQL cannot say when."""
    filed = submissions.declaration(Status.SUBMITTED)
    assert filed.version
    row = JointConfirmation.objects.create(
        declaration=filed,
        version=filed.version,
        place=0,
        name="Partner Ltd",
        address="partner@example.org",
        language="en",
        token_hash=uuid.uuid4().hex,
        asked_at=timezone.now() - dt.timedelta(days=2),
        answered_at=timezone.now(),
        signatory="K. Partner",
    )
    return World(row.pk, filed.organisation, accounts.expert_user())


def _avoidance(state: str) -> World:
    """One that was decided already where it must be: raw SQL cannot say by whom."""
    filed = submissions.declaration(Status.SUBMITTED)
    row = connections.avoidance(filed)
    if state in ("admitted", "refused"):
        connections.decide(row, "admit" if state == "admitted" else "refuse")
    return World(str(row.pk), filed.organisation, accounts.expert_user())


def _case(state: str) -> World:
    case = evaluation.case(CaseStatus.SIGNED if state == CaseStatus.RELEASED else state)
    if state == CaseStatus.RELEASED:  # where no case stays: what follows is done at once
        Decision.objects.filter(case=case).update(released_at=timezone.now())
    asked = case.assignments.select_related("expert__user").first()
    return World(
        case.pk,
        case.declaration.organisation,
        asked.expert.user if asked else accounts.expert_user(),
    )


def _assignment(state: str) -> World:
    assignment = evaluation.assign(evaluation.case(), evaluation.expert())[0]
    if state in (AssignmentStatus.ACCEPTED, AssignmentStatus.DECLINED):
        evaluation.accept(assignment)
    return World(assignment.pk, assignment.case.declaration.organisation, assignment.expert.user)


def _sheet(state: str) -> World:
    assignment = evaluation.assign(evaluation.case(), evaluation.expert())[0]
    sheet = evaluation.accept(assignment)
    if state != SheetStatus.DRAFT:
        evaluation.submit(sheet)
    if state == SheetStatus.EXCLUDED:
        evaluation.exclude(sheet)
    return World(sheet.pk, assignment.case.declaration.organisation, assignment.expert.user)


def _plan(_state: str) -> World:
    """One with all it has when it is published: raw SQL leads it through its states."""
    plan = planning.asked()
    read_inputs(plan)
    rows = AssignmentPlan.objects.filter(pk=plan.pk)
    rows.update(published_by=plan.asked_by, published_at=timezone.now())
    case = Case.objects.filter(declaration__activity=plan.activity_id)[0]
    return World(plan.pk, case.declaration.organisation, accounts.expert_user())


def _expert(state: str) -> World:
    """One with a year that is over: raw SQL cannot say until when somebody is enrolled."""
    expert = evaluation.applicant()
    Expert.objects.filter(pk=expert.pk).update(renewed_until=dt.date(2026, 1, 1))
    return World(expert.pk, accounts.organisation(), expert.user)


def _nomination(state: str) -> World:
    nomination, token = evaluation.put_forward(house := accounts.verified(accounts.organisation()))
    if state == NominationStatus.CONSENTED:
        evaluation.consent(token)
    return World(nomination.pk, house, accounts.expert_user())


def _technology(_state: str) -> World:
    technology = catalog.listed_technology()
    case = Case.objects.get(technology=technology)
    asked = case.assignments.select_related("expert__user").first()
    assert asked
    return World(technology.pk, technology.holder, asked.expert.user)


def _listing_measure(state: str) -> World:
    """One confirmed by the step: raw SQL cannot say who confirmed it."""
    world = _technology("")
    measure = catalog.proposed(Technology.objects.get(pk=world.pk))
    if state == MeasureStatus.CONFIRMED:
        catalog.answer(measure)
        catalog.confirm(measure)
    return World(str(measure.pk), world.organisation, world.expert)


def _earlier_list(_state: str) -> World:
    """One that says who proposed and released it: raw SQL leads it through its states."""
    row = earlier.prepared(house := accounts.verified(accounts.organisation()))
    signed = {"proposed_by": accounts.officer(), "released_by": accounts.officer()}
    now = timezone.now()
    EarlierList.objects.filter(pk=row.pk).update(proposed_at=now, released_at=now, **signed)
    return World(row.pk, house, accounts.expert_user())


def _enquiry(state: str) -> World:
    """Brought there by the steps: raw SQL cannot say who closed it."""
    world = _technology("")
    row = enquiries.enquiry(state, technology=Technology.objects.get(pk=world.pk))
    return World(row.pk, world.organisation, world.expert)


def _collection(_state: str) -> World:
    """One with the day it was published: raw SQL leads it through its states."""
    technology = catalog.technology(holder=accounts.organisation())
    row = collections.draft(numbers=[technology.number])
    Collection.objects.filter(pk=row.pk).update(published_at=timezone.now())
    return World(row.pk, technology.holder, accounts.expert_user())


def _destination(_state: str) -> World:
    destination = Destination.objects.get()
    return World(destination.pk, accounts.organisation(), accounts.expert_user())


def _token(_state: str) -> World:
    token, _secret = tokens.issued()
    return World(str(token.pk), accounts.organisation(), accounts.expert_user())


def _organisation(state: str) -> World:
    """Raw SQL cannot say when an organisation was verified, or into which one it was merged."""
    organisation = accounts.organisation()
    if state == OrganisationStatus.VERIFIED:
        accounts.verified(organisation)
    if state == OrganisationStatus.MERGED:
        accounts.merged(organisation)
        add_member(organisation.pk, accounts.user(), Level.OWN, actor=None)  # as if one came back
    return World(organisation.pk, organisation, accounts.expert_user())


def _clarification(state: str) -> World:
    """One asked, passed on or answered by the steps: raw SQL cannot say what was written."""
    row = evaluation.asked()
    if state not in (ClarificationStatus.ASKED, ClarificationStatus.DECLINED):
        evaluation.pass_on(row)
    if state == ClarificationStatus.ANSWERED:
        evaluation.answer(row)
    assignment = row.assignment
    return World(row.pk, assignment.case.declaration.organisation, assignment.expert.user)


def _objection(state: str) -> World:
    """One brought there by the steps: raw SQL cannot say what was ruled."""
    row = objections.objection(state)
    return World(row.pk, row.case.declaration.organisation, accounts.expert_user())


def _letter(state: str) -> World:
    """Brought there by the steps: raw SQL cannot say by whom, nor seal it."""
    row = letters.letter(state)
    asked = evaluation.an_assignment(row.case)
    return World(row.pk, row.case.declaration.organisation, asked.expert.user)


def _verification(state: str) -> World:
    """Brought there by the steps: raw SQL cannot say what was found."""
    row = verifications.verification(state)
    asked = evaluation.an_assignment(row.case)
    return World(row.pk, row.case.declaration.organisation, asked.expert.user)


def _statistic_run(_state: str) -> World:
    """One that was finished already: raw SQL cannot say when."""
    activity = figures.activity(declarations=1, experts=1, each=1)
    asked = figures.asked(activity)
    now = timezone.now()
    StatisticRun.objects.filter(pk=asked.pk).update(claimed_at=now - LEASE, finished_at=now)
    case = Case.objects.select_related("declaration__organisation").latest("opened_at")
    expert = case.assignments.select_related("expert__user").get().expert
    return World(asked.pk, case.declaration.organisation, expert.user)


def _panel_meeting(state: str) -> World:
    """One with all it has when it is closed: raw SQL cannot seal minutes."""
    made = panel.meeting(state)
    case = panel.item_of(made).case
    return World(made.pk, case.declaration.organisation, panel.chair(made).expert.user)


def _panel_item(state: str) -> World:
    """One of a meeting in session; a vote that is counted has its proposal."""
    item = panel.item_of(panel.meeting(MeetingStatus.IN_SESSION))
    if state == "voted":
        item = panel.voted(item)
    elif state == ItemStatus.VOTING:
        item = panel.opened(item)
    item = panel.item_of(item.meeting)
    return World(item.pk, item.case.declaration.organisation, panel.chair(item.meeting).expert.user)


BUILDERS = {
    "organisation": _organisation,
    "activity": _activity,
    "declaration": _declaration,
    "recommendation": _recommendation,
    "joint confirmation": _joint,
    "attachment": _attachment,
    "criteria draft": _criteria_draft,
    "criteria change": _criteria_change,
    "avoidance request": _avoidance,
    "case": _case,
    "assignment": _assignment,
    "score sheet": _sheet,
    "clarification": _clarification,
    "objection": _objection,
    "feedback letter": _letter,
    "verification": _verification,
    "statistic run": _statistic_run,
    "assignment plan": _plan,
    "panel meeting": _panel_meeting,
    "panel item": _panel_item,
    "expert": _expert,
    "nomination": _nomination,
    "technology": _technology,
    "listing measure": _listing_measure,
    "earlier list": _earlier_list,
    "enquiry": _enquiry,
    "collection": _collection,
    "destination": _destination,
    "program token": _token,
}
