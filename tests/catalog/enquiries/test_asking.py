"""Who may ask a holder, what is asked for, and how often."""

import datetime as dt

import pytest
from django.utils import timezone

from accounts.models import User
from accounts.roles import Level
from catalog.enquiries import asking, links
from catalog.enquiries.states import EnquiryStatus
from catalog.enquiries.workflow import MOST_FOR_ONE
from catalog.models import Enquiry, EnquiryMessage
from core.errors import DomainError
from core.models import AuditEntry, StoredMail
from tests.builders import accounts, catalog, clock, earlier, enquiries

pytestmark = pytest.mark.django_db


def mails(template: str) -> list[StoredMail]:
    return list(StoredMail.objects.filter(template=template).order_by("recipient"))


def test_an_enquiry_goes_to_the_holder_only_when_its_sender_confirmed_it():
    technology = catalog.owned()
    row = enquiries.sent(technology, address="Amina@Example.org", message="Does it work?")

    assert row.status == EnquiryStatus.SENT
    assert [mail.recipient for mail in mails("enquiry_sent")] == ["amina@example.org"]
    assert links.link_of(row) in mails("enquiry_sent")[0].body
    assert mails("enquiry_waits") == []

    enquiries.confirm(row)

    owner = accounts.owner_of(technology.holder)
    assert [mail.recipient for mail in mails("enquiry_waits")] == [owner.email]


def test_the_mail_to_the_holder_names_neither_who_asks_nor_what():
    row = enquiries.received(address="amina@example.org", message="Does it work?")

    (mail,) = mails("enquiry_waits")
    for secret in (row.name, row.unit, row.address, "Does it work?"):
        assert secret not in mail.body + mail.subject
    assert row.technology.number in mail.subject


def test_editors_and_owners_are_told_and_viewers_are_not():
    technology = catalog.owned()
    editor = accounts.member(Level.EDIT, technology.holder)
    accounts.member(Level.VIEW, technology.holder)
    enquiries.received(technology)

    told = {mail.recipient for mail in mails("enquiry_waits")}
    assert told == {editor.email, accounts.owner_of(technology.holder).email}


@pytest.mark.parametrize("step", ["suspend", "withdraw", "revoke"])
def test_the_holder_of_what_is_not_listed_is_not_asked(step):
    technology = catalog.take(catalog.owned(), step)

    with pytest.raises(DomainError, match="not listed at present"):
        enquiries.sent(technology)
    assert Enquiry.objects.count() == 0


def test_the_holder_of_what_expired_is_not_asked():
    technology = catalog.expire(catalog.ending(catalog.owned(), days=-1))

    with pytest.raises(DomainError, match="not listed at present"):
        enquiries.sent(technology)


@pytest.mark.parametrize("who", ["nobody", "viewer", "closed account"])
def test_where_nobody_acts_for_the_holder_nobody_is_asked(who):
    technology = catalog.owned()
    if who == "nobody":
        enquiries.leave(technology)
    else:
        User.objects.filter(pk=accounts.owner_of(technology.holder).pk).update(is_active=False)
    if who == "viewer":
        accounts.member(Level.VIEW, technology.holder)

    with pytest.raises(DomainError, match="Nobody in the portal acts for the holder"):
        enquiries.sent(technology)
    assert (Enquiry.objects.count(), mails("enquiry_sent")) == (0, [])


def test_the_holder_of_an_earlier_list_who_has_nobody_here_is_not_asked():
    with pytest.raises(DomainError, match="Nobody in the portal acts for the holder"):
        enquiries.sent(earlier.technology())


def test_what_nobody_could_read_any_more_is_not_confirmed():
    row = enquiries.sent()
    enquiries.leave(row.technology)

    with pytest.raises(DomainError, match="Nobody in the portal acts for the holder"):
        enquiries.confirm(row)
    row.refresh_from_db()
    assert (row.status, row.received_at) == (EnquiryStatus.SENT, None)


def test_what_was_suspended_meanwhile_is_not_confirmed():
    row = enquiries.sent()
    catalog.take(row.technology, "suspend")

    with pytest.raises(DomainError, match="not listed at present"):
        enquiries.confirm(row)
    row.refresh_from_db()
    assert row.status == EnquiryStatus.SENT


@pytest.mark.parametrize(
    ("given", "field", "says"),
    [
        ({"name": "."}, "name", "give your name"),
        ({"message": "  "}, "message", "Write a message"),
        ({"message": "a" * 4001}, "message", "at most 4000"),
        ({"kind": "marriage"}, "kind", "Choose one of the list"),
    ],
)
def test_what_is_missing_is_asked_for(given, field, says):
    with pytest.raises(DomainError, match=says) as refused:
        enquiries.sent(**given)
    assert refused.value.field == field


def test_the_same_enquiry_sent_twice_is_one_and_its_link_is_mailed_again_later():
    technology = catalog.owned()
    given = {"address": "amina@example.org", "message": "Does it work?"}
    first = enquiries.sent(technology, **given)

    again = enquiries.sent(technology, **given)
    assert (again.pk, len(mails("enquiry_sent"))) == (first.pk, 1)

    with clock.stopped(timezone.now() + dt.timedelta(minutes=2)):
        later = enquiries.sent(technology, **given)
    assert (later.pk, len(mails("enquiry_sent"))) == (first.pk, 2)
    assert Enquiry.objects.count() == EnquiryMessage.objects.count() == 1


def test_a_mailbox_gets_three_mails_a_day_whatever_stands_behind_its_plus():
    for number in range(5):
        enquiries.sent(address=f"amina+{number}@example.org")

    assert len(mails("enquiry_sent")) == asking.MOST_A_DAY == 3
    assert Enquiry.objects.count() == 3


def test_who_confirms_what_they_send_may_go_on_to_twenty_a_day():
    for _number in range(asking.MOST_FROM_ONE + 2):
        row = enquiries.sent(address="amina@example.org")
        if Enquiry.objects.filter(pk=row.pk).exists():
            enquiries.confirm(row)

    assert Enquiry.objects.count() == asking.MOST_FROM_ONE == 20


def test_a_holder_gets_no_more_than_thirty_a_day_about_one_technology():
    technology = catalog.owned()
    waiting = enquiries.sent(technology)
    for _number in range(MOST_FOR_ONE):
        enquiries.received(technology)

    with pytest.raises(DomainError, match="Many asked about this technology today"):
        enquiries.sent(technology)
    with pytest.raises(DomainError, match="Many asked about this technology today"):
        enquiries.confirm(waiting)
    with clock.stopped(timezone.now() + dt.timedelta(days=1, minutes=1)):
        assert enquiries.confirm(waiting).status == EnquiryStatus.RECEIVED


def test_the_audit_says_that_there_was_one_and_nothing_of_it():
    row = enquiries.sent(message="Does it work?")

    (act,) = AuditEntry.objects.filter(act="enquiry.sent")
    assert act.details == {"technology": str(row.technology_id)}
    assert act.actor_id is None


def test_a_link_that_was_altered_leads_nowhere():
    row = enquiries.sent()
    token = enquiries.token_of(row)

    assert links.by_token(token) == row
    for wrong in (token[:-1], token + "x", str(row.pk), "", "nonsense"):
        assert links.by_token(wrong) is None
