"""The life of an enquiry: read, answered, written again, closed, reported."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.utils import timezone, translation

from accounts.roles import Level
from catalog.enquiries.states import ClosedBy, EnquiryStatus
from catalog.enquiries.workflow import ENQUIRIES, lapse_due
from catalog.models import Enquiry, EnquiryMessage
from core.errors import DomainError, TransitionError
from core.models import AuditEntry, StoredMail
from tests.builders import accounts, catalog, clock, enquiries

pytestmark = pytest.mark.django_db


def texts(row: Enquiry) -> list[tuple[str, str]]:
    return list(row.messages.values_list("side", "text"))


def mails_to(row: Enquiry, template: str) -> list[StoredMail]:
    return list(StoredMail.objects.filter(template=template, recipient=row.address))


def test_the_answer_is_mailed_from_the_portal_and_names_the_organisation_only():
    row = enquiries.received()
    owner = enquiries.owner_of(row)
    answered = enquiries.answer(row, "Up to 45 °C.")

    (mail,) = mails_to(row, "enquiry_answered")
    assert answered.status == EnquiryStatus.ANSWERED
    assert answered.waits_since is None
    assert "Up to 45 °C." in mail.body
    assert row.technology.holder.name_en in mail.body
    assert owner.email not in mail.body
    assert owner.name not in mail.body
    assert mail.secret


def test_both_sides_write_in_turn():
    row = enquiries.received(message="At 40 °C?")
    enquiries.answer(row, "Yes.")
    again = enquiries.write(row, "And at 50 °C?")
    assert again.status == EnquiryStatus.RECEIVED
    enquiries.answer(row, "No.")

    assert texts(row) == [
        ("asker", "At 40 °C?"),
        ("holder", "Yes."),
        ("asker", "And at 50 °C?"),
        ("holder", "No."),
    ]


def test_who_asks_writes_twice_and_then_waits():
    row = enquiries.received()
    enquiries.write(row)

    with pytest.raises(DomainError, match="You have written twice"):
        enquiries.write(row)
    enquiries.answer(row)
    assert enquiries.write(row).status == EnquiryStatus.RECEIVED


def test_what_nobody_could_read_any_more_is_not_written():
    row = enquiries.answer(enquiries.received())
    enquiries.leave(row.technology)

    with pytest.raises(DomainError, match="Nobody in the portal acts for the holder"):
        enquiries.write(row)
    assert row.messages.count() == 2
    assert enquiries.end(row).status == EnquiryStatus.CLOSED


def test_the_holder_has_waited_since_the_first_message_it_did_not_answer():
    row = enquiries.received()
    with clock.stopped(timezone.now() + dt.timedelta(days=2)):
        again = enquiries.write(row)

    assert again.waits_since == row.waits_since
    assert again.last_at - row.last_at > dt.timedelta(days=1)


def test_an_empty_answer_is_none():
    row = enquiries.received()

    with pytest.raises(DomainError, match="Write a message") as refused:
        enquiries.answer(row, " ")
    assert refused.value.field == "message"


def test_a_viewer_of_the_holder_does_not_answer():
    row = enquiries.received()
    viewer = accounts.member(Level.VIEW, row.technology.holder)

    with pytest.raises(PermissionDenied):
        enquiries.answer(row, actor=viewer)


def test_nobody_else_answers():
    row = enquiries.received()

    for stranger in (accounts.owner_of(accounts.organisation()), accounts.officer()):
        with pytest.raises(PermissionDenied):
            enquiries.answer(row, actor=stranger)


def test_while_the_technology_is_suspended_nothing_is_written_and_it_can_be_closed():
    row = enquiries.received()
    catalog.take(row.technology, "suspend")

    with pytest.raises(DomainError, match="not listed at present"):
        enquiries.answer(row)
    with pytest.raises(DomainError, match="not listed at present"):
        enquiries.write(row)
    assert enquiries.close(row).status == EnquiryStatus.CLOSED


@pytest.mark.parametrize(
    ("step", "by", "told"),
    [("end", ClosedBy.ASKER, 0), ("close", ClosedBy.HOLDER, 1), ("stop", ClosedBy.OFFICER, 1)],
)
def test_each_side_and_an_officer_can_close_it(step, by, told):
    row = enquiries.received()
    closed = getattr(enquiries, step)(row)

    assert (closed.status, closed.closed_by) == (EnquiryStatus.CLOSED, by)
    assert closed.closed_at is not None
    assert len(mails_to(row, "enquiry_closed")) == told


def test_in_a_closed_one_nothing_is_written():
    row = enquiries.close(enquiries.received())

    for step in (enquiries.answer, enquiries.write, enquiries.end, enquiries.stop):
        with pytest.raises((TransitionError, PermissionDenied)):
            step(row)


def test_the_reason_of_the_officer_is_told_to_who_asked():
    row = enquiries.stop(enquiries.received())

    (mail,) = mails_to(row, "enquiry_closed")
    assert "Advertising." in mail.body


def test_what_is_reported_waits_for_an_officer():
    officer = accounts.officer()
    row = enquiries.report(enquiries.received(), "Asks for money.")

    mails = list(StoredMail.objects.filter(template="enquiry_reported"))
    assert officer.email in [mail.recipient for mail in mails]
    assert not any("Asks for money." in mail.body for mail in mails)
    assert (row.status, row.reported_because) == (EnquiryStatus.REPORTED, "Asks for money.")
    with pytest.raises((TransitionError, PermissionDenied)):
        enquiries.answer(row)
    back = ENQUIRIES.perform("put_back", row.pk, actor=officer)
    assert (back.status, back.waits_since is not None) == (EnquiryStatus.READ, True)


def test_a_report_says_why_and_the_audit_does_not_keep_it():
    row = enquiries.received()

    with pytest.raises(DomainError, match="Say what is wrong"):
        enquiries.report(row, "")
    enquiries.report(row, "Otieno asks for money.")
    (act,) = AuditEntry.objects.filter(act="enquiry.report")
    assert "Otieno" not in f"{act.reason}{act.details}"


def test_what_nobody_writes_in_is_closed_after_ninety_days():
    old, fresh = enquiries.received(), enquiries.received()
    enquiries.long_ago(old, 91)
    enquiries.long_ago(fresh, 89)

    assert lapse_due() == 1
    assert lapse_due() == 0
    old.refresh_from_db()
    fresh.refresh_from_db()
    assert (old.status, old.closed_by) == (EnquiryStatus.CLOSED, ClosedBy.PORTAL)
    assert fresh.status == EnquiryStatus.RECEIVED


def test_who_asked_is_told_when_the_portal_closes_it():
    row = enquiries.received()
    enquiries.long_ago(row, 91)

    lapse_due()
    lapse_due()

    (mail,) = mails_to(row, "enquiry_closed")
    assert "the portal closed your enquiry about" in mail.body
    assert "nothing was written in it for a long time" in mail.body
    assert "the holder closed" not in mail.body


def test_what_no_officer_decided_about_is_closed_after_half_a_year():
    old, fresh = enquiries.report(enquiries.received()), enquiries.report(enquiries.received())
    enquiries.long_ago(old, 181, reported_at=True)
    enquiries.long_ago(fresh, 179, reported_at=True)
    enquiries.long_ago(fresh, 269)

    assert lapse_due() == 1
    old.refresh_from_db()
    fresh.refresh_from_db()
    assert (old.status, old.closed_by) == (EnquiryStatus.CLOSED, ClosedBy.PORTAL)
    assert fresh.status == EnquiryStatus.REPORTED
    with pytest.raises(DomainError, match="Somebody has written lately"):
        ENQUIRIES.perform("lapse", fresh.pk, actor=None)


def test_what_was_given_back_stays_open_as_long_as_any():
    row = enquiries.report(enquiries.received())
    enquiries.long_ago(row, 100)
    back = ENQUIRIES.perform("put_back", row.pk, actor=accounts.officer())

    assert back.last_at == back.waits_since
    assert lapse_due() == 0


def test_the_holder_is_named_in_the_language_of_who_asks():
    house = accounts.organisation(name_en="Filter Works", name_zh="滤袋厂")
    row = enquiries.received(catalog.technology(holder=house), language="zh-hans")

    with translation.override("en"):
        enquiries.answer(row)

    (mail,) = mails_to(row, "enquiry_answered")
    assert "滤袋厂" in mail.body
    assert "Filter Works" not in mail.body


def test_what_was_written_lately_does_not_lapse():
    row = enquiries.received()

    with pytest.raises(DomainError, match="Somebody has written lately"):
        ENQUIRIES.perform("lapse", row.pk, actor=None)


# What the database keeps ------------------------------------------------------------------


def refused(change) -> bool:
    try:
        with transaction.atomic():
            change()
    except DatabaseError:
        return True
    return False


def test_what_was_written_is_not_rewritten_deleted_or_added_to():
    row = enquiries.received()
    message = row.messages.get()
    rows = EnquiryMessage.objects.filter(pk=message.pk)

    assert refused(lambda: rows.update(text="Other words."))
    assert refused(lambda: rows.update(side="holder", written_by=enquiries.owner_of(row)))
    assert refused(rows.delete)
    assert refused(lambda: Enquiry.objects.filter(pk=row.pk).delete())
    enquiries.close(row)
    late = EnquiryMessage(enquiry=row, side="asker", text="Late.", written_at=timezone.now())
    assert refused(late.save)


def test_what_was_asked_stays():
    row = enquiries.received()
    rows = Enquiry.objects.filter(pk=row.pk)

    assert refused(lambda: rows.update(technology=catalog.technology()))
    assert refused(lambda: rows.update(kind=""))
    assert refused(lambda: rows.update(received_at=timezone.now()))
    assert refused(lambda: rows.update(name=""))
    assert refused(lambda: rows.update(closed_by="asker"))
