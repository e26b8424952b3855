"""Nominations: nothing comes before the consent, and who does not give it is forgotten."""

import datetime as dt

import pytest
from allauth.account.models import EmailAddress
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from accounts import erasure
from core.clock import database_now
from core.errors import DomainError, TransitionError
from core.models import AuditEntry, StoredMail
from evaluation.models import Expert, Nomination
from evaluation.pool import nominating
from evaluation.pool.nominating import NOMINATIONS
from evaluation.tasks import keep_pool
from tests.builders import accounts, clock
from tests.builders import evaluation as build
from tests.reading import text

pytestmark = pytest.mark.django_db


def page(token, name="nomination"):
    return reverse(f"evaluation:{name}", args=[token])


def application(**changes):
    return {
        "title": "Professor",
        "fields": ["WAT"],
        "employer_name": "An institute",
        "employer_since": "2015-03",
        "consent": "on",
        **changes,
    }


def test_the_mail_alone_carries_the_link_and_no_member_of_staff_reads_it():
    nomination, token = build.nominated(unit="Institute of Rivers")

    mail = StoredMail.objects.get(template="expert_nomination")
    assert mail.secret
    assert f"/evaluation/experts/nominations/{token}/" in mail.body
    assert "Institute of Rivers has nominated you" in mail.body
    assert token not in repr(Nomination.objects.values().get())
    assert AuditEntry.objects.get(act="nomination.made").details == {}
    assert nomination.status == "invited"


def test_who_consents_sends_their_own_words_and_an_officer_decides():
    proposed = {"title": "Engineer", "employer": "Proposed House", "keywords": ["membrane"]}
    nomination, token = build.nominated(proposed=proposed)
    person = accounts.user()
    client = accounts.signed_in(person)

    shown = text(client.get(page(token, "nomination-consent")))
    refused = client.post(page(token, "nomination-consent"), application(consent=""))
    answer = client.post(page(token, "nomination-consent"), application())

    assert "Proposed House" in shown
    assert "This field is required." in text(refused)
    assert answer["Location"] == reverse("evaluation:expert-profile")
    expert = Expert.objects.get(pk=person.pk)
    assert (expert.status, expert.title, expert.employer_name) == (
        "applied",
        "Professor",
        "An institute",
    )
    nomination.refresh_from_db()
    assert (nomination.status, nomination.expert, nomination.proposed) == ("consented", expert, {})
    assert person.roles == set()
    assert "You consented already." in text(client.get(page(token)))


def test_who_declines_needs_no_account_and_the_officer_is_told_without_a_name():
    officer = accounts.officer()
    nomination, token = build.nominated(actor=officer, name="Canary Person")
    anyone = Client()

    shown = text(anyone.get(page(token)))
    answer = text(anyone.post(page(token, "nomination-decline"), follow=True))

    nomination.refresh_from_db()
    assert "To decline, no account is needed." in shown
    assert "You declined. Thank you for telling us." in answer
    assert nomination.status == "declined"
    told = StoredMail.objects.get(template="expert_nomination_declined")
    assert told.recipient == officer.email
    assert "Canary" not in told.body


@pytest.mark.parametrize("name", ["nomination", "nomination-decline", "nomination-consent"])
def test_a_link_that_is_none_leads_nowhere(name):
    client = accounts.signed_in(accounts.user())
    method = client.post if name == "nomination-decline" else client.get

    assert method(page("x" * 43, name)).status_code == 404


def test_an_address_is_asked_once_and_not_again_after_a_refusal():
    _nomination, token = build.nominated("nomi@example.org")
    with pytest.raises(DomainError, match="has been nominated already"):
        build.nominated("Nomi@example.org")

    nominating.decline(token)
    with pytest.raises(DomainError, match="declined a short while ago"):
        build.nominated("nomi@example.org")
    with pytest.raises(DomainError, match="in the expert pool already"):
        build.nominated(build.expert().user.email)


@pytest.mark.parametrize("who", [accounts.user, accounts.expert_user, accounts.auditor])
def test_only_officers_nominate(who):
    with pytest.raises(PermissionDenied):
        build.nominated(actor=who())


def test_the_link_of_the_newest_mail_counts():
    nomination, old = build.nominated()
    officer = accounts.officer()
    with pytest.raises(DomainError, match="sent a short while ago"):
        NOMINATIONS.perform("resend", nomination.pk, actor=officer)

    clock.stop(database_now() + dt.timedelta(minutes=11))
    NOMINATIONS.perform("resend", nomination.pk, actor=officer)

    assert nominating.found(old) is None
    assert nominating.found(build.token_of(nomination)) == nomination


def test_what_is_held_of_who_did_not_consent_is_erased_after_thirty_days():
    declined, token = build.nominated("canary1@example.org", name="Canary One")
    ignored, _token = build.nominated("canary2@example.org", name="Canary Two")
    consented, third = build.nominated("kept@example.org", name="Kept")
    build.consent(third)
    nominating.decline(token)
    now = database_now()

    clock.stop(now + dt.timedelta(days=29))
    assert keep_pool() == {"lapsed": 0, "expired": 0, "forgotten": 0}
    clock.stop(now + dt.timedelta(days=31))
    assert keep_pool() == {"lapsed": 0, "expired": 1, "forgotten": 1}
    clock.stop(now + dt.timedelta(days=62))
    assert keep_pool() == {"lapsed": 0, "expired": 0, "forgotten": 1}
    assert keep_pool() == {"lapsed": 0, "expired": 0, "forgotten": 0}

    left = repr((list(Nomination.objects.values()), list(StoredMail.objects.values())))
    assert "anary" not in left
    assert [Nomination.objects.get(pk=one.pk).status for one in (declined, ignored, consented)] == [
        "declined",
        "expired",
        "consented",
    ]


def test_nobody_answers_when_the_time_is_over():
    nomination, token = build.nominated()
    clock.stop(database_now() + dt.timedelta(days=31))

    with pytest.raises(DomainError, match="not answered in time"):
        nominating.decline(token)
    with pytest.raises(DomainError, match="not answered in time"):
        build.consent(token)
    with pytest.raises(TransitionError):
        keep_pool()
        NOMINATIONS.perform("withdraw", nomination.pk, actor=accounts.officer())


def test_an_unconfirmed_address_consents_to_nothing():
    _nomination, token = build.nominated()
    person = accounts.user()
    EmailAddress.objects.filter(user=person).update(verified=False)

    with pytest.raises(DomainError, match="confirm your e-mail address"):
        build.consent(token, user=person)

    assert not Expert.objects.exists()


def test_an_erased_person_is_no_longer_nominated():
    person = accounts.user("canary@example.org", name="Canary")
    build.nominated("canary@example.org", name="Canary")

    erasure.erase(person.pk, actor=person)

    assert Nomination.objects.get().status == "withdrawn"
    assert "anary" not in repr(
        (Nomination.objects.values().get(), list(StoredMail.objects.values()))
    )
