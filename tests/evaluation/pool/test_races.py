"""Two at once at the door of the pool."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import erasure
from accounts.models import User
from accounts.roles import Level
from core.models import StoredMail
from evaluation.models import Assignment, Expert, Nomination
from evaluation.pool import nominating, putting_forward
from evaluation.pool.workflow import EXPERTS
from evaluation.workflow import perform_case
from reference.models import Field
from tests.builders import accounts
from tests.builders import evaluation as build
from tests.builders.core import at_once, outcomes_of, until_it_waits

pytestmark = pytest.mark.django_db(transaction=True)


def test_who_applies_twice_at_once_has_applied_once():
    person = accounts.user()

    found = outcomes_of(
        *[lambda: build.applicant(user=person, employer_name="An institute") for _n in range(2)]
    )

    assert found == ["DomainError", "done"]
    assert Expert.objects.get().employments.count() == 1


def test_of_two_officers_who_decide_one_is_too_late():
    expert = build.applicant()
    first, second = accounts.officer(), accounts.officer()

    found = outcomes_of(
        lambda: EXPERTS.perform("enrol", expert.pk, actor=first),
        lambda: EXPERTS.perform("refuse", expert.pk, actor=second, reason="Too early."),
    )

    assert found == ["TransitionError", "done"]
    assert Expert.objects.get().status in {"enrolled", "refused"}


def test_two_people_with_one_link_are_not_both_taken():
    _nomination, token = build.nominated()
    people = [accounts.user(), accounts.user()]
    # A query set is not asked by two threads at once.
    fields = list(Field.objects.filter(code="WAT"))

    def consent(person):
        return lambda: nominating.consent(
            token, actor=person, employment={"name": "An institute"}, fields=fields
        )

    assert outcomes_of(*map(consent, people)) == ["DomainError", "done"]
    assert Expert.objects.count() == 1
    assert Nomination.objects.get().expert == Expert.objects.get()


def test_two_members_do_not_nominate_beyond_what_a_year_has(monkeypatch):
    monkeypatch.setattr(putting_forward, "MOST_A_YEAR", 1)
    house = accounts.verified(accounts.organisation())
    people = [accounts.owner_of(house), accounts.member(Level.EDIT, house)]

    def put_forward(number):
        return lambda: putting_forward.put_forward(
            house.pk,
            actor=people[number],
            name="Nomi Nee",
            address=f"nomi{number}@example.org",
            language="en",
        )

    assert outcomes_of(put_forward(0), put_forward(1)) == ["DomainError", "done"]
    assert Nomination.objects.count() == 1


def test_one_person_is_asked_once_though_two_organisations_name_them_at_once():
    houses = [accounts.verified(accounts.organisation()) for _n in range(2)]
    owners = [accounts.owner_of(one) for one in houses]

    def put_forward(number):
        return lambda: putting_forward.put_forward(
            houses[number].pk,
            actor=owners[number],
            name="Nomi Nee",
            address="nomi@example.org",
            language="en",
        )

    assert outcomes_of(put_forward(0), put_forward(1)) == ["done", "done"]
    found = Nomination.objects.order_by("unasked").values_list("unasked", "status")
    assert list(found) == [("", "invited"), ("asked", "invited")]
    assert StoredMail.objects.filter(template="expert_nomination").count() == 1


def nominated_beside(act):
    """Return what became of an act while another officer had nominated, and was not done yet."""
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            build.nominated("nomi@example.org")
            found = pool.submit(at_once, act)
            until_it_waits()
        return found.result(timeout=30)[0]


def test_an_officer_who_names_a_person_at_the_same_moment_as_another_is_refused():
    officer = accounts.officer()

    refusal = nominated_beside(lambda: build.nominated("nomi@example.org", actor=officer))

    assert (str(refusal), refusal.field) == ("This person cannot be nominated now.", "address")
    assert Nomination.objects.count() == 1


def test_an_organisation_that_does_reads_nothing_of_it():
    house = accounts.verified(accounts.organisation())
    accounts.owner_of(house)

    made, _token = nominated_beside(lambda: build.put_forward(house, "nomi@example.org"))

    assert (made.unasked, made.status, made.times_sent) == ("asked", "invited", 0)
    assert StoredMail.objects.filter(template="expert_nomination").count() == 1


def test_two_officers_do_not_ask_beyond_what_an_expert_wants():
    expert = build.expert(cap=1)
    cases = [build.case(), build.case()]
    due_at = timezone.now() + dt.timedelta(days=14)

    def assign(case, officer):
        return lambda: perform_case(
            "assign", case.pk, actor=officer, experts=[expert], due_at=due_at
        )

    found = outcomes_of(*(assign(one, accounts.officer()) for one in cases))

    assert found == ["DomainError", "done"]
    assert Assignment.objects.count() == 1


@pytest.mark.parametrize("turn", range(3))
@pytest.mark.parametrize("step", ["enrol", "remove", "leave"])
def test_a_step_and_an_erasure_at_once_wait_for_each_other(step, turn):
    expert = build.applicant() if step == "enrol" else build.expert()
    actor = expert.user if step == "leave" else accounts.officer()
    person = User.objects.get(pk=expert.pk)

    # A deadlock would be raised.
    found = outcomes_of(
        lambda: EXPERTS.perform(step, expert.pk, actor=actor, reason="Because."),
        lambda: erasure.erase(person.pk, actor=person),
    )

    assert "done" in found
    assert set(found) <= {"done", "TransitionError", "PermissionDenied", "DomainError"}
    assert Expert.objects.get().status in {"left", "removed"}


@pytest.mark.parametrize("step", ["enrol", "remove"])
def test_the_account_is_locked_before_the_expert_as_an_erasure_does(step):
    expert = build.applicant() if step == "enrol" else build.expert()
    officer = accounts.officer()

    with CaptureQueriesContext(connection) as asked:
        EXPERTS.perform(step, expert.pk, actor=officer, reason="Because.")

    locked = [one["sql"] for one in asked if "FOR NO KEY UPDATE" in one["sql"]]
    tables = [one.partition(' FROM "')[2].partition('"')[0] for one in locked]
    assert tables.index("accounts_user") < tables.index("evaluation_expert")
