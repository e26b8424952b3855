"""Who hears a contested rejection is told of it, and sees what it is about."""

from typing import Any

import pytest
from django.urls import reverse

from accounts.roles import Level
from accounts.services import add_member
from core.models import StoredMail
from submissions.models import Declaration, Rejection
from submissions.states import Status
from submissions.workflow import perform
from tests.builders import accounts
from tests.builders import submissions as build
from tests.reading import text

pytestmark = pytest.mark.django_db

WORKPLACE = reverse("workplace")


@pytest.fixture
def rejecter():
    return accounts.officer(name="Officer Reject")


@pytest.fixture
def contested(rejecter):
    declaration = build.declaration(Status.IN_CHECK, officer=rejecter)
    perform(
        "reject", declaration.pk, actor=rejecter, reason="No filter at all.", code="out-of-scope"
    )
    owner = accounts.owner_of(declaration.organisation)
    return perform("contest", declaration.pk, actor=owner, reason="It holds a filter.")


def page(declaration: Declaration, name: str, *args: str) -> str:
    return reverse(f"admin:submissions_declaration_{name}", args=[declaration.pk, *args])


def lines(person: Any) -> dict[str, str]:
    """Return what waits for an officer, with its number."""
    answer = accounts.signed_in(person).get(WORKPLACE)
    return {one.title: one.meta for desk in answer.context["desks"] for one in desk.items}


@pytest.mark.parametrize(
    "where", [("check",), ("change",), ("step", "reopen"), ("step", "uphold")], ids="-".join
)
def test_who_hears_it_sees_the_rejection_and_why_it_is_contested(contested, where):
    shown = text(accounts.signed_in(accounts.officer()).get(page(contested, *where)))

    owner = accounts.owner_of(contested.organisation)
    for said in ("No filter at all.", "Outside what is collected", "Officer Reject"):
        assert said in shown
    assert "It holds a filter." in shown
    assert f"{owner}, " in shown


def test_the_outcome_stands_on_the_desk_afterwards(contested):
    officer = accounts.officer()
    perform("reopen", contested.pk, actor=officer, reason="So it does.")

    shown = text(accounts.signed_in(officer).get(page(contested, "check")))

    assert "rejection lifted" in shown
    assert "So it does." in shown


def test_officers_who_may_hear_it_are_told_and_nobody_else(rejecter):
    hearing, involved = accounts.officer(), accounts.officer()
    gone = accounts.officer()
    gone.is_active = False
    gone.save()
    activity = build.open_activity(actor=rejecter)
    other = build.declaration(Status.REJECTED, officer=rejecter, activity=activity)
    add_member(other.organisation.pk, involved, Level.VIEW, actor=None)
    accounts.expert_user()

    build.take(other, "contest", accounts.owner_of(other.organisation))

    told = StoredMail.objects.filter(template="contest_to_hear")
    assert {one.recipient for one in told} == {hearing.email}
    (mail,) = told
    assert page(other, "check") in mail.body
    assert str(Rejection.objects.get(declaration=other).statement) in mail.body


@pytest.mark.usefixtures("contested")
def test_it_waits_at_the_workplace_of_who_may_hear_it(rejecter):
    hearing = accounts.officer()

    assert lines(hearing)["Contested rejections"] == "1"
    assert "Contested rejections" not in lines(rejecter)


def test_the_workplace_counts_what_is_on_the_desk_and_not_ones_own_organisations():
    declaration = build.declaration(Status.SUBMITTED)
    officer, involved = accounts.officer(), accounts.officer()
    add_member(declaration.organisation.pk, involved, Level.VIEW, actor=None)

    assert lines(officer)["Formal checks to begin"] == "1"
    assert "Formal checks to begin" not in lines(involved)


def test_what_was_never_rejected_says_nothing_of_it():
    declaration = build.declaration(Status.IN_CHECK)
    client = accounts.signed_in(accounts.officer())

    assert 'id="rejections"' not in text(client.get(page(declaration, "check")))
