"""An organisation puts people forward: the same door, its own rows, and no more than the state."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Level
from accounts.workflow import ORGANISATIONS
from core import rights
from core.clock import database_now
from core.errors import DomainError, TransitionError
from core.models import AuditEntry, StoredMail
from evaluation.conflicts.finding import Kind, conflicts
from evaluation.models import Connection, Nomination, Tie
from evaluation.pool import putting_forward
from evaluation.pool.nominating import NOMINATIONS
from evaluation.pool.putting_forward import State
from evaluation.pool.workflow import EXPERTS
from evaluation.workflow import perform_case
from tests.builders import accounts, submissions
from tests.builders import evaluation as build
from tests.reading import text

pytestmark = pytest.mark.django_db
NOMINATED = (
    "Nominated. The person is asked by mail, unless in the pool already, an applicant or asked "
    "before."
)
GIVEN = {"name": "Ann Lee", "address": "ann@example.org", "language": "en"}


def a_house(**given):
    return accounts.verified(accounts.organisation(**given))


def page(house):
    return reverse("evaluation:put-forward", args=[house.pk])


def withdrawal(nomination):
    keys = [nomination.organisation_id, nomination.pk]
    return reverse("evaluation:put-forward-withdraw", args=keys)


def told(nomination):
    nomination.refresh_from_db()
    return putting_forward.state(nomination, database_now())


@pytest.mark.parametrize("level", [Level.EDIT, Level.OWN])
def test_who_files_for_a_verified_organisation_nominates_by_the_same_mail(level):
    house = a_house(name_en="River Works AS")
    person = accounts.member(level, house)
    client = accounts.signed_in(person)

    shown = text(client.get(page(house)))
    answer = client.post(page(house), GIVEN, follow=True)

    made = Nomination.objects.get()
    assert "Nobody yet." in shown
    assert "You can nominate 20 more people this year." in shown
    assert NOMINATED in text(answer)
    assert (made.organisation, made.unit, made.by_organisation) == (house, "River Works AS", True)
    assert (made.nominated_by, made.status, made.expert) == (person, "invited", None)
    mail = StoredMail.objects.get(template="expert_nomination")
    assert (mail.recipient, mail.secret) == ("ann@example.org", True)
    assert "River Works AS has nominated you" in mail.body
    entry = AuditEntry.objects.get(act="nomination.made")
    assert (entry.actor, entry.details) == (person, {})


def test_nothing_typed_is_lost_when_it_is_refused():
    house = a_house()
    client = accounts.signed_in(accounts.owner_of(house))

    wrong = text(client.post(page(house), {**GIVEN, "address": "nobody"}))
    linked = client.post(page(house), {**GIVEN, "name": "Win at www.example.com"})

    assert "Enter a valid email address." in wrong
    assert "A name contains no web address." in text(linked)
    assert 'value="Win at www.example.com"' in linked.content.decode()
    assert Nomination.objects.count() == 0


@pytest.mark.parametrize(
    "who",
    [
        accounts.user,
        accounts.expert_user,
        accounts.auditor,
        accounts.system_administrator,
        accounts.officer,
        lambda: accounts.member(Level.OWN),
    ],
)
def test_nobody_from_outside_sees_or_makes_a_nomination_of_an_organisation(who):
    house = a_house()
    made, _token = build.put_forward(house)
    person = who()
    client = accounts.signed_in(person)

    assert client.get(page(house)).status_code == 404
    assert client.post(page(house), GIVEN).status_code == 404
    assert client.post(withdrawal(made)).status_code == 404
    with pytest.raises(PermissionDenied):
        putting_forward.put_forward(house.pk, actor=person, **GIVEN)
    assert Nomination.objects.count() == 1


def test_who_only_views_for_the_organisation_neither_sees_nor_makes_one():
    house = a_house()
    made, _token = build.put_forward(house)
    viewer = accounts.member(Level.VIEW, house)
    client = accounts.signed_in(viewer)

    own = text(client.get(reverse("accounts:organisation-detail", args=[house.pk])))
    assert "Nominate a person" not in own
    assert client.get(page(house)).status_code == 404
    assert client.post(page(house), GIVEN).status_code == 404
    assert client.post(withdrawal(made)).status_code == 404
    with pytest.raises(PermissionDenied):
        NOMINATIONS.perform("withdraw", made.pk, actor=viewer)


def test_who_is_not_signed_in_is_sent_to_sign_in():
    house = a_house()
    made, _token = build.put_forward(house)
    login = reverse("account_login")

    assert Client().get(page(house))["Location"] == f"{login}?next={page(house)}"
    assert Client().post(withdrawal(made)).status_code == 401
    assert Client().post(page(house), GIVEN).status_code == 401
    assert Nomination.objects.get().status == "invited"


def test_an_organisation_nobody_verified_reads_why_it_cannot():
    house = accounts.organisation()
    owner = accounts.owner_of(house)
    client = accounts.signed_in(owner)

    assert "once its particulars are verified" in text(client.get(page(house)))
    assert client.post(page(house), GIVEN).status_code == 404
    with pytest.raises(PermissionDenied):
        putting_forward.put_forward(house.pk, actor=owner, **GIVEN)
    assert Nomination.objects.count() == 0


def test_who_lost_the_verification_still_sees_and_withdraws_what_was_made():
    house = a_house()
    made, _token = build.put_forward(house)
    officer = accounts.officer()
    ORGANISATIONS.perform("take_back", house.pk, actor=officer, reason="The number is wrong.")
    client = accounts.signed_in(accounts.owner_of(house))

    assert "Nomi Nee" in text(client.get(page(house)))
    assert "Withdrawn." in text(client.post(withdrawal(made), follow=True))
    assert told(made) == State.WITHDRAWN


def test_the_page_of_the_organisation_leads_there():
    house = a_house()
    client = accounts.signed_in(accounts.owner_of(house))

    answer = client.get(reverse("accounts:organisation-detail", args=[house.pk]))

    assert f'href="{page(house)}"' in answer.content.decode()


def test_one_that_was_answered_is_not_withdrawn():
    house = a_house()
    made, token = build.put_forward(house)
    build.consent(token)
    owner = accounts.owner_of(house)

    with pytest.raises(TransitionError):
        NOMINATIONS.perform("withdraw", made.pk, actor=owner)
    client = accounts.signed_in(owner)
    shown = text(client.post(withdrawal(made), follow=True))
    assert "This is not possible in the present state: consented." in shown
    assert told(made) == State.AWAITING


def test_no_organisation_sees_what_another_or_an_officer_nominated():
    house, other = a_house(), a_house()
    build.put_forward(other, name="Canary Other")
    by_officer, _token = build.nominated(organisation=house, name="Canary Officer")
    client = accounts.signed_in(accounts.owner_of(house))

    assert "Canary" not in text(client.get(page(house)))
    assert client.post(withdrawal(by_officer)).status_code == 404
    assert not rights.can(accounts.owner_of(house), "read", by_officer)


def test_who_consented_is_barred_from_the_declarations_of_that_organisation():
    house = a_house()
    _made, token = build.put_forward(house)
    expert = build.consent(token)
    EXPERTS.perform("enrol", expert.pk, actor=accounts.officer())

    edge = Connection.objects.get()
    assert (edge.kind, edge.person, edge.organisation) == ("nominating_unit", expert.user, house)
    assert edge.recorded_by is None
    assert AuditEntry.objects.get(act="connection.recorded").actor is None
    assert list(
        Tie.objects.filter(user_id=expert.pk).values_list("organisation_id", flat=True)
    ) == [house.pk]
    (found,) = conflicts(expert, submissions.draft(organisation=house))
    assert found.kind == Kind.CONNECTION
    assert str(found.reason).startswith(f"nominating unit: {house.name};")
    # Nobody can ask this expert to judge it.
    case = build.case(organisation=house)
    with pytest.raises(DomainError, match=r"cannot be assigned\. nominating unit"):
        perform_case(
            "assign",
            case.pk,
            actor=accounts.officer(),
            experts=[expert],
            due_at=timezone.now() + dt.timedelta(days=14),
        )


def test_the_officer_who_decides_reads_who_nominated():
    house = a_house(name_en="River Works AS")
    _made, token = build.put_forward(house)
    expert = build.consent(token)
    client = accounts.signed_in(accounts.officer())

    page_of_step = client.get(reverse("admin:evaluation_expert_step", args=[expert.pk, "enrol"]))

    owner = accounts.owner_of(house)
    assert f"River Works AS, put forward by {owner.name}" in text(page_of_step)
