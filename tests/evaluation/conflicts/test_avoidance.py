"""An applicant asks, before the review, that a certain person does not judge."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.utils import InternalError
from django.urls import reverse

from accounts import erasure
from accounts.roles import Level
from accounts.services import add_member
from core import rights
from core.errors import DomainError, TransitionError
from core.models import AuditEntry, StoredMail
from evaluation.conflicts.avoiding import AVOIDANCES
from evaluation.conflicts.finding import Kind, conflicts
from evaluation.models import AvoidanceRequest, Case
from submissions.models import Declaration
from submissions.states import Status
from tests.builders import accounts, submissions
from tests.builders import connections as make
from tests.builders import evaluation as build
from tests.reading import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def filed():
    return submissions.declaration(Status.SUBMITTED, activity=build.activity(experts_wanted=1))


def accepted(declaration):
    """Accept a declaration that was filed; return its case."""
    officer = accounts.officer()
    for step in ("begin_check", "accept"):
        submissions.take(declaration, step, officer)
    return Case.objects.select_related("declaration").get(declaration=declaration)


def test_a_request_is_kept_with_its_reason_and_told_to_officers_without_a_conflict(filed):
    officer, tied = accounts.officer(), accounts.officer()
    add_member(filed.organisation_id, tied, Level.VIEW, actor=None)

    row = make.avoidance(filed, " Ren   Hai ", unit="A university", evidence="Court file 7")

    told = StoredMail.objects.filter(template="avoidance_asked").values_list("recipient", flat=True)
    assert (row.named, row.unit, row.evidence, row.status) == (
        "Ren Hai",
        "A university",
        "Court file 7",
        "asked",
    )
    assert officer.email in told
    assert tied.email not in told
    act = AuditEntry.objects.get(act="avoidance request.asked")
    assert act.details == {"declaration": str(filed.pk)}


@pytest.mark.parametrize(
    ("given", "field"),
    [({"named": " "}, "named"), ({"reason": " "}, "reason"), ({"named": "ren-hai"}, "named")],
)
def test_what_cannot_be_asked_is_refused(filed, given, field):
    make.avoidance(filed, "Ren Hai")

    with pytest.raises(DomainError) as refused:
        make.avoidance(filed, **{"named": "Another", **given})

    assert refused.value.field == field
    assert AvoidanceRequest.objects.count() == 1


def test_more_than_ten_are_not_asked(filed):
    for number in range(10):
        make.avoidance(filed, f"Person {number}")

    with pytest.raises(DomainError, match="At most 10 requests"):
        make.avoidance(filed, "One more")


@pytest.mark.parametrize(
    ("status", "open_"),
    [
        (Status.DRAFT, False),
        (Status.SUBMITTED, True),
        (Status.IN_CHECK, True),
        (Status.RETURNED, True),
        (Status.ACCEPTED, False),
        (Status.REJECTED, False),
        (Status.WITHDRAWN, False),
    ],
)
def test_it_is_asked_from_the_submission_until_the_declaration_is_accepted(status, open_):
    declaration = submissions.declaration(status)

    if open_:
        assert make.avoidance(declaration)
        return
    with pytest.raises(DomainError, match="until the declaration is accepted"):
        make.avoidance(declaration)


def test_nobody_asks_for_another_organisation(filed):
    viewer = accounts.member(Level.VIEW, filed.organisation)
    for person in (accounts.user(), accounts.owner_of(accounts.organisation())):
        with pytest.raises(PermissionDenied):
            make.avoidance(filed, actor=person)
    with pytest.raises(DomainError):  # who may read it only is told no more than that
        make.avoidance(filed, actor=viewer)


# What it bars --------------------------------------------------------------------------------


def test_no_expert_is_asked_before_it_is_decided(filed):
    row = make.avoidance(filed)
    case = accepted(filed)

    with pytest.raises(DomainError, match="Decide on it first"):
        build.assign(case, build.expert())

    make.decide(row, "refuse")
    assert build.assign(case, build.expert())


@pytest.mark.parametrize("by", ["account", "name"])
def test_admitted_it_bars_the_person_from_this_declaration_alone(filed, by):
    expert = build.expert(name="Ren Hai")
    namesake = build.expert(name="REN-HAI")
    row = make.avoidance(filed, "Ren Hai")
    case, other = accepted(filed), build.case()

    make.decide(row, person=expert.user if by == "account" else None)

    (found,) = conflicts(expert, filed)
    assert (found.kind, str(found.reason)) == (
        Kind.AVOIDED,
        "The applicant asked that this person does not judge; it was admitted.",
    )
    assert bool(conflicts(namesake, filed)) is (by == "name")
    assert conflicts(expert, other.declaration) == []
    with pytest.raises(DomainError, match="cannot be assigned"):
        build.assign(case, expert)
    assert build.assign(other, expert, build.expert())


@pytest.mark.parametrize("step", ["refuse", "withdraw"])
def test_refused_or_withdrawn_it_bars_nobody(filed, step):
    expert = build.expert(name="Ren Hai")
    row = make.avoidance(filed, "Ren Hai")
    if step == "refuse":
        make.decide(row, "refuse")
    else:
        AVOIDANCES.perform("withdraw", row.pk, actor=accounts.owner_of(filed.organisation))

    assert conflicts(expert, filed) == []


def test_an_officer_who_is_not_to_judge_decides_nothing_of_the_declaration(filed):
    officer = accounts.officer()
    row = make.avoidance(filed, "Somebody else")
    make.decide(row, person=officer)
    checks = rights.can(officer, "check", filed)

    case = accepted(filed)

    assert checks is False
    assert not Case.objects.visible_to(officer).exists()
    assert not rights.can(officer, "assign", case)
    assert Declaration.objects.visible_to(officer).filter(pk=filed.pk).exists()


# Who decides ---------------------------------------------------------------------------------


def test_no_officer_decides_on_a_request_about_themself_or_their_house(filed):
    row = make.avoidance(filed, "Ren Hai")
    named, tied = accounts.officer(name="ren hai"), accounts.officer()
    add_member(filed.organisation_id, tied, Level.VIEW, actor=None)

    for officer in (named, tied, accounts.user(), build.expert().user):
        assert not AvoidanceRequest.objects.visible_to(officer).exists()
        with pytest.raises(PermissionDenied):
            make.decide(row, actor=officer)
    assert make.decide(row).status == "admitted"


def test_a_decision_has_a_reason_and_is_taken_once(filed):
    row = make.avoidance(filed)
    officer = accounts.officer()
    with pytest.raises(DomainError):
        AVOIDANCES.perform("refuse", row.pk, actor=officer, reason=" ")

    make.decide(row, "refuse", actor=officer)

    row.refresh_from_db()
    assert (row.decided_by, row.answer) == (officer, "Heard.")
    with pytest.raises(TransitionError):
        make.decide(row)
    assert StoredMail.objects.filter(template="avoidance_decided").count() == 1


def test_the_database_wants_to_know_who_decided_and_deletes_nothing(filed):
    row = make.avoidance(filed)

    with pytest.raises(IntegrityError), transaction.atomic():
        AvoidanceRequest.objects.filter(pk=row.pk).update(status="admitted")
    with pytest.raises(InternalError), transaction.atomic():
        row.delete()


def test_an_erased_person_is_named_no_more(filed):
    person = accounts.user(name="Ren Hai")
    row = make.decide(make.avoidance(filed, "Ren Hai", evidence="x"), person=person)

    erasure.erase(person.pk, actor=accounts.system_administrator(), reason="Asked.")

    row.refresh_from_db()
    assert (row.named, row.reason, row.evidence, row.status) == ("–", "", "", "admitted")


# Pages ---------------------------------------------------------------------------------------


def test_an_applicant_asks_and_reads_the_state_and_nothing_of_who_judges(filed):
    owner = accounts.owner_of(filed.organisation)
    client = accounts.signed_in(owner)
    page = reverse("evaluation:avoidance", args=[filed.pk])
    assert (
        page
        in client.get(reverse("submissions:declaration-detail", args=[filed.pk])).content.decode()
    )

    client.post(page, {"named": "Ren Hai", "reason": "We are at law."})
    row = AvoidanceRequest.objects.get()
    waits = text(client.get(page))
    make.decide(row)
    case = accepted(filed)
    expert = build.expert(name="Ada Judge")
    build.assign(case, expert)
    read = text(client.get(page))

    assert "waits for an officer" in waits
    assert "admitted" in read
    assert "Heard." in read
    assert "Ada Judge" not in read
    assert 'name="named"' not in read


def test_an_applicant_withdraws_what_was_asked(filed):
    client = accounts.signed_in(accounts.owner_of(filed.organisation))
    row = make.avoidance(filed)

    client.post(reverse("evaluation:avoidance-withdraw", args=[filed.pk, row.pk]))

    row.refresh_from_db()
    assert row.status == "withdrawn"


def test_the_page_is_the_applicants_alone(filed):
    row = make.avoidance(filed)
    page = reverse("evaluation:avoidance", args=[filed.pk])
    back = reverse("evaluation:avoidance-withdraw", args=[filed.pk, row.pk])
    people = (build.expert().user, accounts.user(), accounts.owner_of(accounts.organisation()))

    found = {
        (client.get(page).status_code, client.post(back).status_code)
        for client in map(accounts.signed_in, people)
    }

    assert found == {(404, 404)}


def test_an_officer_admits_on_the_page(filed):
    person = accounts.user(name="Ren Hai")
    row = make.avoidance(filed, "Ren Hai")
    desk = accounts.signed_in(accounts.officer())
    step = reverse("admin:evaluation_avoidancerequest_step", args=[row.pk, "admit"])

    shown = text(desk.get(step))
    unknown = desk.post(step, {"reason": "Heard.", "address": "nobody@example.org"})
    desk.post(step, {"reason": "Heard.", "address": person.email})

    row.refresh_from_db()
    assert person.email in shown
    assert "No account has this address." in text(unknown)
    assert (row.status, row.person) == ("admitted", person)
