"""Experts and cases in each state, made through the services a person uses."""

import datetime as dt
import re
import uuid
from collections.abc import Sequence
from itertools import count
from typing import Any

from django.utils import timezone

from accounts.models import Organisation, User
from accounts.roles import Level
from accounts.services import add_member
from core.canonical import content_hash
from core.models import StoredMail
from evaluation import services
from evaluation.clarifications import clarifying
from evaluation.clarifications.clarifying import CLARIFICATIONS
from evaluation.desk.saving import Given, Scores, save_scores
from evaluation.models import (
    Absence,
    Assignment,
    Case,
    Clarification,
    Decision,
    Expert,
    Indicator,
    Nomination,
    ScoreSheet,
)
from evaluation.pool import nominating, profiles, putting_forward
from evaluation.pool.workflow import EXPERTS
from evaluation.results import sheet_document
from evaluation.states import CaseStatus
from evaluation.workflow import perform_assignment, perform_case, perform_sheet
from reference.models import Field
from submissions.models import Activity, Declaration
from submissions.states import Status
from tests.builders import accounts, procedures, submissions
from tests.builders.criteria import criteria as criteria  # for whoever builds with this module

_numbers = count(1)
# What an expert says before the content opens.
PROMISES: dict[str, Any] = {"no_conflict": True, "confidential": True}


def expert(
    *,
    user: User | None = None,
    employer: Organisation | None = None,
    employer_name: str = "",
    field_codes: Sequence[str] = ("WAT",),
    name: str = "",
    **profile: Any,
) -> Expert:
    """Return an expert of the pool whose employer declares nothing, unless one is given."""
    made = applicant(
        user=user,
        employer=employer,
        employer_name=employer_name,
        field_codes=field_codes,
        name=name,
        **profile,
    )
    enrolled = EXPERTS.perform("enrol", made.pk, actor=accounts.officer())
    if user is not None:  # the role is new to it, and every session before is over
        user.refresh_from_db()
        user.__dict__.pop("roles", None)
    return enrolled


def applicant(
    *,
    user: User | None = None,
    employer: Organisation | None = None,
    employer_name: str = "",
    field_codes: Sequence[str] = ("WAT",),
    name: str = "",
    **profile: Any,
) -> Expert:
    """Return somebody who has applied to the pool, with nothing decided."""
    given = {"name": employer_name, "organisation": employer, "since": dt.date(2015, 3, 1)}
    if not employer and not employer_name:
        given["name"] = f"Institute {next(_numbers)}"
    return profiles.apply(
        actor=user or accounts.user(name=name),
        employment=given,
        fields=Field.objects.filter(code__in=field_codes),
        **{"title": "Professor", "languages": ["en"], **profile},
    )


def away(expert: Expert, days: int = 7) -> Absence:
    """Let an expert be away from today on."""
    today = timezone.localdate()
    return profiles.be_away(
        expert.pk, actor=expert.user, from_on=today, until_on=today + dt.timedelta(days=days)
    )


def nominated(address: str = "", **given: Any) -> tuple[Nomination, str]:
    """Return a nomination nobody has answered, and the token of the link in its mail."""
    values = {"actor": given.pop("actor", None) or accounts.officer(), "language": "en", **given}
    made = nominating.nominate(
        name=values.pop("name", "Nomi Nee"),
        address=address or f"nominated{next(_numbers)}@example.org",
        **values,
    )
    return made, token_of(made)


def put_forward(
    house: Organisation, address: str = "", *, actor: User | None = None, **given: Any
) -> tuple[Nomination, str]:
    """Return a nomination an organisation made itself, and the token of the link in its mail.

    Where the person was not asked, there is neither mail nor token.
    """
    values = {"name": "Nomi Nee", "language": "en", **given}
    made = putting_forward.put_forward(
        house.pk,
        actor=actor or accounts.owner_of(house),
        address=address or f"nominated{next(_numbers)}@example.org",
        **values,
    )
    return made, "" if made.unasked else token_of(made)


def token_of(nomination: Nomination) -> str:
    """Return the token in the newest mail of a nomination."""
    mail = StoredMail.objects.filter(
        recipient=nomination.address, template="expert_nomination"
    ).latest("created_at")
    (token,) = re.findall(r"/nominations/([^/\s]+)/", mail.body)
    return str(token)


def consent(token: str, *, user: User | None = None, **profile: Any) -> Expert:
    """Let a person (or one made for it) consent to a nomination."""
    return nominating.consent(
        token,
        actor=user or accounts.user(),
        employment={"name": f"Institute {next(_numbers)}"},
        fields=Field.objects.filter(code="WAT"),
        **profile,
    )


def activity(*, experts_wanted: int = 2, **more: Any) -> Activity:
    """Return an open activity whose cases want ``experts_wanted`` sheets."""
    return submissions.open_activity(experts_wanted=experts_wanted, **more)


PATH = (
    CaseStatus.AWAITING,
    CaseStatus.IN_REVIEW,
    CaseStatus.SCORED,
    CaseStatus.DECIDED,
    CaseStatus.RELEASED,
)


def case(
    status: str = CaseStatus.AWAITING,
    *,
    experts_wanted: int = 2,
    publicity_days: int = 7,
    outcome: str = Decision.Outcome.INCLUDED,
    **declaration: Any,
) -> Case:
    """Return a case in ``status``, brought there step by step.

    A released case goes on by itself: ask for PUBLICITY, CLEARED or NOT_INCLUDED. SIGNED: its
    activity announced a moment of release.
    ``declaration`` goes to the builder of the declaration.
    """
    if status == CaseStatus.NOT_INCLUDED and outcome == Decision.Outcome.INCLUDED:
        outcome = Decision.Outcome.NOT_INCLUDED
    if status == CaseStatus.CLEARED:
        publicity_days = 0
    if status == CaseStatus.SIGNED:
        later = timezone.now() + dt.timedelta(days=60)
        how = {"experts_wanted": experts_wanted, "publicity_days": publicity_days}
        declaration.setdefault("activity", procedures.activity(release_at=later, **how))
    if "activity" not in declaration:
        declaration["activity"] = activity(
            experts_wanted=experts_wanted, publicity_days=publicity_days
        )
    accepted = submissions.declaration(Status.ACCEPTED, **declaration)
    made = Case.objects.get(declaration=accepted)
    goal = PATH.index(CaseStatus(status)) if status in PATH else len(PATH) - 1
    for step in (_assign, score_all, decide_for(outcome), release)[:goal]:
        step(made)
    if status == CaseStatus.CLEARED:
        services.end_due_publicity()
    return reread(made)


def scored_case(**more: Any) -> Case:
    return case(CaseStatus.SCORED, **more)


def released_case(outcome: str = Decision.Outcome.INCLUDED, **more: Any) -> Case:
    """Return a case whose decision was released: in publicity when it is to be included."""
    return case(CaseStatus.RELEASED, outcome=outcome, **more)


def assign(case: Case, *experts: Expert, actor: User | None = None) -> list[Assignment]:
    """Ask experts (or as many as are wanted, made for it); return their assignments."""
    asked = list(experts) or [expert() for _n in range(case.experts_wanted)]
    perform_case(
        "assign",
        case.pk,
        actor=actor or accounts.officer(),
        experts=asked,
        due_at=timezone.now() + dt.timedelta(days=14),
    )
    mine = case.assignments.filter(expert__in=asked).select_related("expert__user")
    return sorted(mine, key=lambda one: asked.index(one.expert))


def _assign(case: Case) -> None:
    assign(case)


def an_assignment(case: Case) -> Assignment:
    """Return one of those asked about the case."""
    return case.assignments.select_related("expert__user").order_by("invited_at", "pk")[0]


def accept(assignment: Assignment) -> ScoreSheet:
    """Let the expert accept; return her empty score sheet."""
    perform_assignment("accept", assignment.pk, actor=assignment.expert.user, **PROMISES)
    return ScoreSheet.objects.get(pk=assignment.pk)


def sheet_with_file() -> tuple[ScoreSheet, Any]:
    """Return a sheet on a declaration that was filed with a file, and the file."""
    draft = submissions.draft(activity=activity(experts_wanted=1))
    file = submissions.attachment(draft, upload=submissions.pdf(pages=12))
    return sheet_of(draft), file


def sheet_of(draft: Declaration) -> ScoreSheet:
    """Return a sheet on a draft, which is filed and accepted for it."""
    owner, officer = accounts.owner_of(draft.organisation), accounts.officer()
    for step, actor in (("submit", owner), ("begin_check", officer), ("accept", officer)):
        submissions.take(draft, step, actor)
    (assignment,) = assign(Case.objects.get(declaration=draft))
    return accept(assignment)


def full_scores(case: Case, value: int = 80, **by_code: int) -> Scores:
    """Return a score for each indicator: ``value``, or that of its dimension in ``by_code``."""
    indicators = Indicator.objects.filter(
        dimension__criteria_set=case.criteria_set_id
    ).select_related("dimension")
    return {
        one.pk: Given(
            by_code.get(one.dimension.code, value),
            f"Because of {one.code}.",
            evidence=("technology.summary",),
        )
        for one in indicators
    }


WORDS = {"comment": "A sound technology.", "recommendation": "include"}


def fill(sheet: ScoreSheet, value: int = 80, **by_code: int) -> ScoreSheet:
    """Save a full sheet, not submitted yet."""
    saved = save_scores(
        sheet.pk,
        full_scores(sheet.assignment.case, value, **by_code),
        words=WORDS,
        actor=sheet.assignment.expert.user,
    )
    return saved.sheet


def submit(sheet: ScoreSheet, value: int = 80, **by_code: int) -> ScoreSheet:
    """Fill a sheet and submit it."""
    fill(sheet, value, **by_code)
    return perform_sheet("submit", sheet.pk, actor=sheet.assignment.expert.user)


def exclude(sheet: ScoreSheet, *, actor: User | None = None) -> ScoreSheet:
    """Let an officer find a conflict when the sheet is in."""
    return perform_sheet(
        "exclude",
        sheet.pk,
        actor=actor or accounts.officer(),
        reason="Shares in the applicant.",
        evidence="The register of companies.",
    )


def sheet_hash(sheet: ScoreSheet) -> str:
    """Return the hash of what lies in the database for a sheet."""
    return content_hash(sheet_document(sheet))


def score_all(case: Case, value: int = 80) -> None:
    """Let every expert asked accept and submit."""
    for assignment in case.assignments.order_by("invited_at", "pk"):
        submit(accept(assignment), value)


def decide(
    case: Case, outcome: str = Decision.Outcome.INCLUDED, *, actor: User | None = None
) -> Decision:
    perform_case(
        "decide",
        case.pk,
        actor=actor or accounts.officer(),
        outcome=outcome,
        statement="The experts agree.",
    )
    return Decision.objects.standing().get(case=case)


def decide_for(outcome: str) -> Any:
    def step(case: Case) -> None:
        decide(case, outcome)

    return step


def release(case: Case, *, actor: User | None = None) -> Case:
    return perform_case("release", case.pk, actor=actor or accounts.second_officer())


def asked(
    sheet: ScoreSheet | None = None, question: str = "Where was it measured?", **given: Any
) -> Clarification:
    """Return a question of an expert (or of one made for it) that no officer has looked at."""
    mine = sheet or accept(an_assignment(case(CaseStatus.IN_REVIEW)))
    given = {"section": "technology", "field": "summary", "key": uuid.uuid4(), **given}
    actor = mine.assignment.expert.user
    return clarifying.ask(mine.pk, actor=actor, question=question, **given)


def pass_on(
    row: Clarification, wording: str = "Please say where it was measured.", *, days: int = 7
) -> Clarification:
    due_on = clarifying.day_of(timezone.now()) + dt.timedelta(days=days)
    officer = accounts.officer()
    return CLARIFICATIONS.perform("pass_on", row.pk, actor=officer, wording=wording, due_on=due_on)


def end_of_day(row: Clarification) -> dt.datetime:
    """Return the first moment at which a question can no longer be answered."""
    assert row.due_on
    return clarifying.end_of(row.due_on)


def answer(row: Clarification, text: str = "At the outlet.") -> Clarification:
    owner = accounts.owner_of(row.assignment.case.declaration.organisation)
    return CLARIFICATIONS.perform("answer", row.pk, actor=owner, answer=text)


def reread(case: Case) -> Case:
    return Case.objects.select_related(
        "declaration__activity", "declaration__organisation", "criteria_set"
    ).get(pk=case.pk)


def mails_to(person: User) -> Any:
    """Return what was mailed to a person, in order."""
    return (
        StoredMail.objects.filter(recipient=person.email)
        .order_by("created_at", "pk")
        .values_list("template", flat=True)
    )


def involve(person: User, case: Case) -> None:
    """Let a person belong to the organisation that declares in the activity of a case."""
    add_member(case.declaration.organisation_id, person, Level.VIEW, actor=None)
