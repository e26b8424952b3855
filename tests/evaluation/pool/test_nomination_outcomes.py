"""What became of a nomination: kept once, and told to the organisation up to the decision."""

import datetime as dt
from importlib import import_module

import pytest
from django.apps import apps
from django.db import IntegrityError, InternalError, connection, transaction
from django.urls import reverse

from accounts import erasure
from accounts.members import remove_member
from accounts.models import Membership
from accounts.roles import Level
from core.clock import database_now
from core.models import StoredMail
from evaluation.models import Nomination
from evaluation.office.expert_forms import nominated_by
from evaluation.pool import nominating, putting_forward
from evaluation.pool.nominating import NOMINATIONS
from evaluation.pool.putting_forward import State
from evaluation.pool.workflow import EXPERTS
from tests.builders import accounts, clock
from tests.builders import evaluation as build
from tests.reading import text, texts
from tests.replaying import as_owner

pytestmark = pytest.mark.django_db


def a_house(**given):
    return accounts.verified(accounts.organisation(**given))


def page(house):
    return reverse("evaluation:put-forward", args=[house.pk])


def told(nomination):
    nomination.refresh_from_db()
    return putting_forward.state(nomination, database_now())


def decided(nomination):
    nomination.refresh_from_db()
    return nomination.outcome, nomination.decided_at is not None


def applied_again(expert):
    """Let a person outside the pool apply by themselves."""
    return build.applicant(user=expert.user)


def test_the_organisation_is_told_each_state_and_nothing_after_the_approval():
    house, officer = a_house(), accounts.officer()
    made, token = build.put_forward(house)
    assert told(made) == State.ASKED

    expert = build.consent(token)
    assert told(made) == State.AWAITING
    EXPERTS.perform("enrol", expert.pk, actor=officer)
    assert told(made) == State.APPROVED
    EXPERTS.perform("renew", expert.pk, actor=expert.user, confirmed=True)
    assert told(made) == State.APPROVED
    EXPERTS.perform("remove", expert.pk, actor=officer, reason="Missed three.")
    assert told(made) == State.APPROVED


def test_a_refused_application_is_told_without_its_reason():
    house, officer = a_house(), accounts.officer()
    _made, token = build.put_forward(house)
    expert = build.consent(token)
    EXPERTS.perform("refuse", expert.pk, actor=officer, reason="Canary reason.")

    shown = text(accounts.signed_in(accounts.owner_of(house)).get(page(house)))

    assert "Not taken into the pool" in shown
    assert "Canary" not in shown


def test_declined_withdrawn_and_lapsed_are_told_apart_and_then_forgotten():
    house = a_house()
    declined, token = build.put_forward(house, name="Canary One")
    withdrawn, _token = build.put_forward(house, name="Canary Two")
    lapsed, _token = build.put_forward(house, name="Canary Three")
    nominating.decline(token)
    NOMINATIONS.perform("withdraw", withdrawn.pk, actor=accounts.owner_of(house))
    now = database_now()

    clock.stop(now + dt.timedelta(days=31))
    assert told(lapsed) == State.LAPSED  # before the clock of the portal has said so
    nominating.expire_due()
    assert [told(one) for one in (declined, withdrawn, lapsed)] == [
        "declined",
        "withdrawn",
        "lapsed",
    ]
    clock.stop(now + dt.timedelta(days=62))
    nominating.forget()

    shown = accounts.signed_in(accounts.owner_of(house)).get(page(house))
    assert "Canary" not in text(shown)
    cells = texts(shown, "th")
    assert cells.count("erased") == 3


def test_who_nominated_hears_of_a_refusal_while_they_act_for_the_organisation():
    house = a_house()
    member = accounts.member(Level.EDIT, house)
    _first, one = build.put_forward(house, actor=member, name="Canary")
    _second, two = build.put_forward(house, actor=member)

    nominating.decline(one)
    mail = StoredMail.objects.get(template="expert_nomination_declined")
    assert mail.recipient == member.email
    assert page(house) in mail.body
    assert "Canary" not in mail.body
    place = Membership.objects.get(user=member, organisation=house)
    remove_member(place.pk, actor=accounts.owner_of(house))
    nominating.decline(two)
    assert StoredMail.objects.filter(template="expert_nomination_declined").count() == 1


def test_after_a_refusal_nothing_of_a_later_application_is_told():
    house, officer = a_house(), accounts.officer()
    made, token = build.put_forward(house)
    expert = build.consent(token)
    EXPERTS.perform("refuse", expert.pk, actor=officer, reason="Too early.")
    assert (told(made), decided(made)) == (State.NOT_APPROVED, ("refused", True))
    when = made.decided_at

    applied_again(expert)
    assert told(made) == State.NOT_APPROVED
    assert list(nominated_by(expert)) == []
    EXPERTS.perform("enrol", expert.pk, actor=officer)
    assert told(made) == State.NOT_APPROVED
    assert (decided(made), made.decided_at) == (("refused", True), when)


def test_who_left_before_the_decision_is_told_as_not_taken_and_stays_so():
    house, officer = a_house(), accounts.officer()
    made, token = build.put_forward(house)
    expert = build.consent(token)
    EXPERTS.perform("leave", expert.pk, actor=expert.user)
    assert (told(made), decided(made)) == (State.NOT_APPROVED, ("left", True))

    applied_again(expert)
    EXPERTS.perform("enrol", expert.pk, actor=officer)
    assert (told(made), decided(made)) == (State.NOT_APPROVED, ("left", True))


def test_who_leaves_the_pool_later_was_taken_into_it():
    house, officer = a_house(), accounts.officer()
    made, token = build.put_forward(house)
    expert = build.consent(token)
    EXPERTS.perform("enrol", expert.pk, actor=officer)
    EXPERTS.perform("leave", expert.pk, actor=expert.user)

    assert (told(made), decided(made)) == (State.APPROVED, ("approved", True))


def test_the_officer_reads_under_an_application_who_nominated_for_it_and_nobody_else():
    first, second = a_house(name_en="First AS"), a_house(name_en="Second AS")
    officer = accounts.officer()
    _one, token = build.put_forward(first)
    expert = build.consent(token)
    EXPERTS.perform("refuse", expert.pk, actor=officer, reason="Too early.")
    _two, token = build.put_forward(second)
    build.consent(token, user=expert.user)

    owner = accounts.owner_of(second)
    assert list(nominated_by(expert)) == [f"Second AS, put forward by {owner.name}"]


def test_an_erased_applicant_was_not_taken_into_the_pool():
    made, token = build.put_forward(a_house())
    expert = build.consent(token)

    erasure.erase(expert.pk, actor=expert.user)

    assert (told(made), decided(made)) == (State.NOT_APPROVED, ("left", True))


@pytest.mark.parametrize(
    "change",
    [
        {"outcome": "approved"},
        {"decided_at": dt.datetime(2026, 1, 1, tzinfo=dt.UTC)},
        {"outcome": "", "decided_at": None},
    ],
)
def test_the_database_keeps_what_was_decided(change):
    made, token = build.put_forward(a_house())
    expert = build.consent(token)
    EXPERTS.perform("refuse", expert.pk, actor=accounts.officer(), reason="Too early.")

    with pytest.raises(InternalError, match="Cannot update"):
        Nomination.objects.filter(pk=made.pk).update(**change)


@pytest.mark.parametrize(
    ("answered", "change"),
    [
        (True, {"outcome": "approved"}),
        (True, {"decided_at": dt.datetime(2026, 1, 1, tzinfo=dt.UTC)}),
        (True, {"outcome": "left", "decided_at": None}),
        (True, {"outcome": "renewed", "decided_at": dt.datetime(2026, 1, 1, tzinfo=dt.UTC)}),
        (False, {"outcome": "approved", "decided_at": dt.datetime(2026, 1, 1, tzinfo=dt.UTC)}),
    ],
)
def test_the_database_takes_outcome_and_time_together_and_after_the_consent(answered, change):
    made, token = build.put_forward(a_house())
    if answered:
        build.consent(token)

    with pytest.raises(IntegrityError, match="evaluation_nomination_decided"), transaction.atomic():
        Nomination.objects.filter(pk=made.pk).update(**change)


# What stood before the outcome was kept ---------------------------------------------------


def as_before(*nominations):
    """Take out of rows what was decided, as if they were of an earlier release."""
    undone = "UPDATE evaluation_nomination SET outcome = '', decided_at = NULL WHERE id = ANY(%s)"
    as_owner("evaluation_nomination", undone, [one.pk for one in nominations])


def fill():
    with connection.schema_editor() as editor:
        import_module("evaluation.migrations.0034_nominations_decided").fill(apps, editor)


def test_the_migration_reads_the_first_decision_from_the_audit():
    house, officer = a_house(), accounts.officer()
    rows = []
    for step in ("refuse", "leave", "enrol"):
        made, token = build.put_forward(house)
        expert = build.consent(token)
        actor = expert.user if step == "leave" else officer
        EXPERTS.perform(step, expert.pk, actor=actor, reason="Because.")
        rows.append(made)
    refused = Nomination.objects.get(pk=rows[0].pk).expert
    applied_again(refused)
    EXPERTS.perform("enrol", refused.pk, actor=officer)
    waiting, token = build.put_forward(house)
    build.consent(token)
    asked, _token = build.put_forward(house)
    as_before(*rows)

    fill()
    fill()

    assert [decided(one) for one in (*rows, waiting, asked)] == [
        ("refused", True),
        ("left", True),
        ("approved", True),
        ("", False),
        ("", False),
    ]


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ("refused", "refused"),
        ("left", "left"),
        ("enrolled", "approved"),
        ("lapsed", "approved"),
        ("removed", "approved"),
    ],
)
def test_without_an_act_the_migration_goes_by_where_the_person_stands(status, outcome):
    made, token = build.put_forward(a_house())
    expert = build.consent(token)
    stands = "UPDATE evaluation_expert SET status = %s, renewed_until = %s WHERE user_id = %s"
    as_owner("evaluation_expert", stands, status, dt.date(2030, 1, 1), expert.pk)

    fill()

    assert decided(made) == (outcome, True)
