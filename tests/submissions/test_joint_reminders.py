"""The applicant is reminded of a joint applicant who does not answer."""

import datetime as dt

import pytest

from core import reminders
from core.models import StoredMail
from submissions.joint import CONFIRMATIONS
from submissions.models import JointConfirmation
from submissions.workflow import perform
from tests.builders import accounts, clock
from tests.builders import submissions as build
from tests.reading import text
from tests.submissions.browsing import address, owner_client
from tests.submissions.test_joint import draft, submit, without_contacts

pytestmark = pytest.mark.django_db


def owner(one):
    return accounts.owner_of(one.organisation)


@pytest.fixture
def asked():
    document = build.content()
    document["applicant"]["joint"] = [
        {
            "name_en": "Partner Ltd",
            "country": "NO",
            "contact_name": "K. Partner",
            "contact_email": "partner@example.org",
        }
    ]
    one = build.draft(document=document)
    perform("submit", one.pk, actor=owner(one))
    return JointConfirmation.objects.select_related("declaration__organisation").get()


def reminded():
    rows = StoredMail.objects.filter(template="joint_waiting")
    return list(rows.values_list("recipient", flat=True))


@pytest.mark.parametrize(("days", "mails"), [(4, 0), (5, 1), (9, 1), (10, 1)])
def test_the_applicant_is_reminded_of_who_has_not_answered(asked, days, mails):
    with clock.stopped(asked.asked_at + dt.timedelta(days=days)):
        reminders.remind()
        reminders.remind()

    assert reminded() == [owner(asked.declaration).email] * mails


def test_nobody_is_reminded_of_what_was_answered(asked):
    CONFIRMATIONS.perform("confirm", asked.pk, actor=None, signatory="K. Partner")

    with clock.stopped(asked.asked_at + dt.timedelta(days=6)):
        reminders.remind()

    assert reminded() == []


def test_nobody_is_reminded_while_it_is_returned(asked):
    for step in ("begin_check", "return"):
        build.take(asked.declaration, step, accounts.officer())

    with clock.stopped(asked.asked_at + dt.timedelta(days=6)):
        reminders.remind()

    assert reminded() == []


def test_a_mail_that_was_sent_again_counts_anew(asked):
    with clock.stopped(asked.asked_at + dt.timedelta(days=3)):
        CONFIRMATIONS.perform("resend", asked.pk, actor=owner(asked.declaration))
    with clock.stopped(asked.asked_at + dt.timedelta(days=6)):
        reminders.remind()
    too_soon = reminded()
    with clock.stopped(asked.asked_at + dt.timedelta(days=8)):
        reminders.remind()

    assert too_soon == []
    assert reminded() == [owner(asked.declaration).email]


def test_nobody_is_reminded_of_who_could_not_be_asked():
    one = submit(draft({"name_en": "Silent House", "country": "NO"}, activity=without_contacts()))
    page = text(owner_client(one).get(address("declaration-joint", one.pk)))

    with clock.stopped(JointConfirmation.objects.get().asked_at + dt.timedelta(days=6)):
        reminders.remind()

    assert reminded() == []
    assert "No e-mail address was filed, so nobody was asked; an officer decides." in page
    assert "asked to confirm" not in page
