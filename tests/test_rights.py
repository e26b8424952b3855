"""Every model says who may see its rows: in the table of rights, as a part, or for a reason."""

import datetime as dt
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import Model

from accounts.models import Organisation, User
from accounts.roles import Level
from accounts.services import add_member
from catalog.models import TechnologyVersion
from catalog.sync.drain import drain_all
from core import rights
from core.querysets import VisibleQuerySet
from evaluation.criteria.sealing import set_activity_criteria
from evaluation.dossier import asking as dossiers
from evaluation.models import Case, Dimension, Indicator, Score
from evaluation.panel import running
from evaluation.states import CaseStatus
from submissions import services
from submissions.models import (
    Attachment,
    Correction,
    Declaration,
    DeclarationVersion,
    Translation,
    TranslationVersion,
)
from submissions.presence import note_presence
from submissions.proposals import answer_proposal
from submissions.states import Status
from submissions.workflow import ACTIVITIES, DECLARATIONS, perform
from tests.builders import (
    accounts,
    catalog,
    connections,
    criteria,
    evaluation,
    figures,
    letters,
    listings,
    notices,
    objections,
    panel,
    planning,
    procedures,
    profiles,
    submissions,
    tokens,
    verifications,
)
from tests.test_architecture import ORDER
from tests.unruled import WITHOUT

MODELS = [
    model
    for app in ORDER
    for model in apps.get_app_config(app).get_models()
    if not model._meta.auto_created
]
# Those whose rule is more than a row of the table; it is tested in its app.
OWN_RULE = {Attachment}


def translated(declaration: Declaration) -> None:
    services.save_translation(
        declaration.pk,
        "zh-hans",
        {"technology.title": "膜"},
        actor=accounts.owner_of(declaration.organisation),
        confirm=True,
    )


def answered(declaration: Declaration) -> None:
    """Return a declaration with a proposed wording, which the applicant takes over."""
    asked = {"section": "technology", "field": "summary", "reason": "x", "proposal": "Shorter."}
    officer, owner = accounts.officer(), accounts.owner_of(declaration.organisation)
    perform("return", declaration.pk, actor=officer, reason="x", corrections=[asked])
    correction = Correction.objects.get(proposal="Shorter.")
    answer_proposal(declaration.pk, correction.pk, taken=True, actor=owner)


def manager_of(model: type[Model]) -> Any:
    return model._default_manager


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_every_model_has_a_rule_and_asks_it(model: type[Model]):
    if model._meta.label in WITHOUT:
        assert not hasattr(manager_of(model), "visible_to"), "it is in the short list for nothing"
        return
    ruled = {entry.model for entry in rights.table()} | set(rights.parts()) | OWN_RULE

    assert model in ruled
    assert callable(manager_of(model).visible_to)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_the_rule_is_asked_by_one_method_of_all(model: type[Model]):
    if model._meta.label in WITHOUT or model in OWN_RULE:
        return

    assert type(manager_of(model).all()).visible_to is VisibleQuerySet.visible_to


def test_the_short_list_names_models_there_are():
    assert set(WITHOUT) <= {model._meta.label for model in MODELS}


def rows_of_every_kind():
    """Make at least one row of each model a person may ask for."""
    listed = catalog.listed_technology()
    translated(listed.case.declaration)
    returned = submissions.returned("performance")
    submissions.declaration(Status.REJECTED, activity=returned.activity)
    answered(submissions.declaration(Status.IN_CHECK, activity=returned.activity))
    submissions.attachment(returned)
    submissions.partial_upload(returned)
    notices.one_of_everything(returned)
    note_presence(returned, "technology", accounts.owner_of(returned.organisation))
    profiles.profile(accounts.organisation())
    catalog.technology(announced=True)
    tokens.issued()
    listings.one_of_everything()
    criteria.draft()
    criteria.change(returned.activity)
    drain_all()
    accounts.invited(accounts.organisation())
    evaluation.nominated()
    rows_of_evaluation(listed, returned)


def rows_of_evaluation(listed, returned):
    reviewed = evaluation.case(CaseStatus.IN_REVIEW, activity=returned.activity)
    judged = evaluation.accept(evaluation.an_assignment(reviewed))
    evaluation.pass_on(evaluation.asked(judged))
    dossiers.ask(judged.pk, actor=judged.assignment.expert.user, language="en")
    figures.scenario()
    evaluation.away(evaluation.expert())
    connections.connection(accounts.user(), accounts.organisation())
    connections.avoidance(submissions.declaration(Status.SUBMITTED, activity=returned.activity))
    objections.received(files=1)
    evaluation.exclude(evaluation.an_assignment(listed.case).sheet)
    planning.declined()
    _panels()


def _panels():
    """Make a row of each kind of a panel: of a secret ballot that is counted."""
    item = panel.voting_item(members=4)
    last = panel.people(item.meeting)[3]
    running.recuse(item.pk, last.pk, actor=last.expert.user, reason="Shares.")
    panel.say(item, "include", "defer", "abstain")
    visited = verifications.scored()
    letters.begun(visited)
    verifications.with_files(verifications.held(visited))
    procedures.procedure()


@pytest.mark.django_db
def test_strangers_see_what_is_public_and_themselves_and_nothing_else():
    """Rows of every kind are there: those of a technology that lived its whole life."""
    rows_of_every_kind()
    stranger = accounts.user()
    asked = [model for model in MODELS if model._meta.label not in WITHOUT]

    seen = {
        who: {m._meta.label: manager_of(m).visible_to(person).count() for m in asked}
        for who, person in (("anyone", AnonymousUser()), ("stranger", stranger))
    }

    public = {
        "submissions.Activity": 7,
        "catalog.Technology": 3,
        "catalog.SignedRecord": 4,
        "catalog.SigningKey": 1,
    }
    assert {k: n for k, n in seen["anyone"].items() if n} == public
    assert {k: n for k, n in seen["stranger"].items() if n} == {"accounts.User": 1, **public}
    empty = {model._meta.label for model in asked if not manager_of(model).exists()}
    assert empty == set()


@pytest.mark.django_db
def test_parts_are_seen_with_what_they_belong_to():
    case = evaluation.case(CaseStatus.SCORED)
    declaration = case.declaration
    returned = submissions.declaration(Status.RETURNED)
    translated(declaration)
    asked = case.assignments.select_related("expert__user").first()
    assert asked
    people = {
        "viewer": accounts.member(Level.VIEW, declaration.organisation),
        "viewer of the returned": accounts.member(Level.VIEW, returned.organisation),
        "expert": asked.expert.user,
        "officer": accounts.officer(),
        "system": accounts.system_administrator(),
    }
    kinds = (
        DeclarationVersion,
        TranslationVersion,
        Translation,
        Correction,
        Score,
        Dimension,
        Indicator,
    )

    found = {
        who: [manager_of(kind).visible_to(person).count() for kind in kinds]
        for who, person in people.items()
    }

    scores = Score.objects.count()
    sheets = case.assignments.count()
    all_of = [Dimension.objects.count(), Indicator.objects.count()]
    assert found == {
        "viewer": [1, 1, 1, 0, 0, 0, 0],
        "viewer of the returned": [1, 0, 0, 1, 0, 0, 0],
        "expert": [1, 1, 0, 0, scores // sheets, 0, 0],
        "officer": [2, 1, 0, 1, scores, *all_of],
        "system": [0] * 7,
    }


@pytest.mark.django_db
def test_versions_of_a_technology_are_not_an_officers_of_the_same_house():
    listed = catalog.listed_technology()
    officer = accounts.officer()
    before = TechnologyVersion.objects.visible_to(officer).count()
    add_member(listed.holder_id, officer, Level.VIEW, actor=None)

    assert before == 1
    assert TechnologyVersion.objects.visible_to(officer).count() == 0
    assert TechnologyVersion.objects.visible_to(None).count() == 1


# Officers whose own house declares in an activity ---------------------------------------------


@pytest.fixture
def two_houses() -> Any:
    """Two declarations in one activity, and one in another."""
    activity = submissions.open_activity()
    mine = submissions.declaration(Status.DRAFT, activity=activity)
    rival = submissions.declaration(Status.IN_CHECK, activity=activity)
    elsewhere = submissions.declaration(Status.IN_CHECK)
    return mine, rival, elsewhere


HELD = {
    "activity": {"read", "edit", "manage"},
    "rival": {"read", "check"},
    "other activity": {"read", "edit", "manage"},
    "elsewhere": {"read", "check"},
}
TIES, LIKENESSES = ("member", "employee"), ("namesake", "twin")


def tie(officer: User, how: str, organisation: Organisation) -> None:
    """Bring an officer into a relation to an organisation."""
    if how == "member":
        add_member(organisation.pk, officer, Level.VIEW, actor=None)
    elif how == "employee":
        evaluation.expert(user=officer, employer=organisation, employer_name="Another name")
    elif how == "namesake":
        evaluation.expert(user=officer, employer_name=organisation.name_en.upper())
    else:
        twin = accounts.organisation()
        numbers = ((organisation, "NO 987 654"), (twin, "no-987654"))
        for one, number in numbers:
            Organisation.objects.filter(pk=one.pk).update(registration_number=number)
        add_member(twin.pk, officer, Level.VIEW, actor=None)


@pytest.mark.django_db
@pytest.mark.parametrize("how", ["", *TIES])
def test_an_officer_whose_house_declares_has_no_say_in_the_activity(two_houses: Any, how: str):
    mine, rival, elsewhere = two_houses
    officer = accounts.officer()
    if how:
        tie(officer, how, mine.organisation)

    held = {
        name: {
            right
            for right in ("read", "edit", "manage", "check")
            if rights.can(officer, right, one)
        }
        for name, one in {
            "activity": mine.activity,
            "rival": rival,
            "other activity": elsewhere.activity,
            "elsewhere": elsewhere,
        }.items()
    }

    # What is public of the activity stays to be read by everyone.
    assert held == HELD | ({"activity": {"read"}, "rival": set()} if how else {})


@pytest.mark.django_db
@pytest.mark.parametrize("how", LIKENESSES)
def test_a_likeness_bars_from_that_declaration_and_from_nothing_else(two_houses: Any, how: str):
    """Else a stranger who registers the name of an officer's employer shuts the officer out."""
    _mine, rival, _elsewhere = two_houses
    stranger = submissions.declaration(Status.IN_CHECK, activity=rival.activity)
    officer = accounts.officer()
    tie(officer, how, stranger.organisation)

    assert not rights.can(officer, "read", stranger)
    assert rights.can(officer, "check", rival)
    assert rights.can(officer, "manage", rival.activity)


@pytest.mark.django_db
def test_a_declaration_withdrawn_bars_its_house_no_longer(two_houses: Any):
    mine, rival, _elsewhere = two_houses
    officer = accounts.officer()
    tie(officer, "member", mine.organisation)
    before = rights.can(officer, "check", rival)
    submissions.take(mine, "withdraw", accounts.owner_of(mine.organisation))

    assert (before, rights.can(officer, "check", rival)) == (False, True)


@pytest.mark.django_db
@pytest.mark.parametrize("how", TIES)
def test_such_an_officer_is_refused_at_every_door_of_the_activity(two_houses: Any, how: str):
    mine, rival, _elsewhere = two_houses
    activity, officer = mine.activity, accounts.officer()
    tie(officer, how, mine.organisation)
    later = activity.closes_at + dt.timedelta(days=7)

    for refused in (
        lambda: services.edit_activity(activity.pk, actor=officer, closes_at=later),
        lambda: ACTIVITIES.perform("close", activity.pk, actor=officer),
        lambda: set_activity_criteria(
            activity, evaluation.criteria(), experts_wanted=1, actor=officer
        ),
        lambda: DECLARATIONS.perform("accept", rival.pk, actor=officer),
    ):
        with pytest.raises(PermissionDenied):
            refused()

    activity.refresh_from_db()
    assert (activity.status, activity.closes_at) == ("open", later - dt.timedelta(days=7))


@pytest.mark.django_db
def test_an_officer_decides_on_no_rival_of_the_own_house():
    activity = evaluation.activity(experts_wanted=1)
    rival = evaluation.case(CaseStatus.SCORED, activity=activity, experts_wanted=1)
    officer = accounts.officer()
    may = {right: rights.can(officer, right, rival) for right in ("read", "decide")}
    submissions.declaration(Status.DRAFT, activity=activity, actor=officer)

    assert may == {"read": True, "decide": True}
    assert not any(rights.can(officer, right, rival) for right in may)
    assert not Case.objects.visible_to(officer).exists()
