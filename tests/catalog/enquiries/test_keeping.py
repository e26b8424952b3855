"""How long it is kept who asked, what a person is handed, and what stays after an erasure."""

import datetime as dt

import pytest
from django.utils import timezone

from accounts import personal
from accounts.models import User
from catalog.enquiries import keeping, links
from catalog.enquiries.states import EnquiryStatus
from catalog.models import Enquiry, EnquiryMessage
from core import mail, reminders
from core.models import StoredMail
from tests.builders import accounts, catalog, clock, enquiries

pytestmark = pytest.mark.django_db


def test_what_nobody_confirmed_is_deleted_after_seven_days():
    old, fresh = enquiries.sent(), enquiries.sent()
    days = {"days": 8}
    with clock.stopped(timezone.now() + dt.timedelta(**days)):
        fresh_now = enquiries.sent()
        assert keeping.prune() == 2
        assert keeping.prune() == 0

    assert set(Enquiry.objects.values_list("pk", flat=True)) == {fresh_now.pk}
    assert EnquiryMessage.objects.count() == 1
    for row in (old, fresh):
        assert not StoredMail.objects.filter(recipient=row.address).exists()


def test_a_year_after_it_was_closed_it_is_blanked_and_that_it_was_stays():
    row = enquiries.answer(enquiries.received(message="At 40 °C?"))
    enquiries.close(row)
    token = enquiries.token_of(row)

    with clock.stopped(timezone.now() + dt.timedelta(days=364)):
        assert keeping.prune() == 0
    with clock.stopped(timezone.now() + dt.timedelta(days=366)):
        assert keeping.prune() == 1
        assert keeping.prune() == 0

    kept = Enquiry.objects.get(pk=row.pk)
    assert (kept.name, kept.unit, kept.address) == ("", "", "")
    assert kept.country_id == "KE"
    assert kept.status == EnquiryStatus.CLOSED
    assert set(kept.messages.values_list("text", flat=True)) == {""}
    assert not StoredMail.objects.filter(recipient=row.address).exists()
    assert links.by_token(token) is None


def test_what_is_open_is_not_blanked():
    enquiries.received()

    with clock.stopped(timezone.now() + dt.timedelta(days=60)):
        assert keeping.prune() == 0


def asker(**given) -> tuple[User, Enquiry]:
    person = accounts.user()
    return person, enquiries.received(address=person.email, **given)


def test_a_person_is_handed_what_they_asked_and_what_was_answered():
    person, row = asker(message="At 40 °C?")
    enquiries.answer(row, "Yes.")
    enquiries.received()

    (told,) = personal.export(person)["enquiries"]
    assert told["technology"] == row.technology.number
    assert told["address"] == person.email
    assert [one["text"] for one in told["messages"]] == ["At 40 °C?", "Yes."]


def test_a_member_is_handed_what_they_answered():
    row = enquiries.received()
    owner = enquiries.owner_of(row)
    enquiries.answer(row, "Yes.")

    (told,) = personal.export(owner)["enquiry_answers"]
    assert told["text"] == "Yes."
    assert personal.export(owner)["enquiries"] == []


@pytest.mark.parametrize("state", ["sent", "received", "reported", "closed"])
def test_erasing_a_person_takes_back_what_is_open_and_blanks_all(state):
    person = accounts.user()
    row = enquiries.sent(address=person.email)
    if state != "sent":
        enquiries.confirm(row)
    if state == "reported":
        enquiries.report(row, "Asks for money.")
    if state == "closed":
        enquiries.close(row)

    for record in keeping.RECORDS:
        if record.erase:
            record.erase(person)

    row.refresh_from_db()
    assert (row.status, row.address, row.name, row.reported_because) == ("closed", "", "", "")
    assert set(row.messages.values_list("text", flat=True)) == {""}


def test_no_member_of_staff_reads_the_mails_to_who_asks():
    assert {"enquiry_sent", "enquiry_answered", "enquiry_closed"} <= mail.protected()


# Reminding ----------------------------------------------------------------------------------


def reminded() -> list[str]:
    rows = StoredMail.objects.filter(template="enquiry_due")
    return list(rows.values_list("recipient", flat=True))


def after(days: int):
    return clock.stopped(timezone.now() + dt.timedelta(days=days, minutes=5))


def test_the_holder_is_reminded_after_a_week_and_after_three():
    row = enquiries.received()
    owner = enquiries.owner_of(row)

    with after(6):
        reminders.remind()
    assert reminded() == []
    for _turn in range(2):
        with after(7):
            reminders.remind()
        assert reminded() == [owner.email]
    with after(21):
        reminders.remind()
    assert reminded() == [owner.email] * 2


def test_who_answered_is_not_reminded():
    enquiries.answer(enquiries.received())

    with after(7):
        reminders.remind()
    assert reminded() == []


def test_nobody_is_reminded_of_what_is_not_listed():
    row = enquiries.received()
    catalog.take(row.technology, "suspend")

    with after(7):
        reminders.remind()
    assert reminded() == []
