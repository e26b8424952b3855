"""Both sides act on an enquiry at the same moment."""

import pytest

from catalog.enquiries.states import EnquiryStatus
from catalog.models import Enquiry
from tests.builders import catalog, enquiries
from tests.builders.core import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_answer_while_who_asked_takes_it_back_is_sent_before_it_or_not_at_all():
    row = enquiries.received()
    owner = enquiries.owner_of(row)

    answered, ended = at_once(
        lambda: enquiries.answer(row, actor=owner), lambda: enquiries.end(row)
    )

    row.refresh_from_db()
    assert isinstance(ended, Enquiry)
    assert row.status == EnquiryStatus.CLOSED
    sent = row.messages.filter(side="holder").count()
    assert sent == isinstance(answered, Enquiry)
    if not sent:
        assert type(answered).__name__ == "TransitionError"


def test_two_members_who_close_at_once_close_it_once():
    row = enquiries.received()

    said = at_once(lambda: enquiries.close(row), lambda: enquiries.close(row))

    assert sorted(type(one).__name__ for one in said) == ["Enquiry", "TransitionError"]


def test_who_confirms_twice_at_once_confirms_once():
    row = enquiries.sent(catalog.owned())

    said = at_once(lambda: enquiries.confirm(row), lambda: enquiries.confirm(row))

    assert sorted(type(one).__name__ for one in said) == ["Enquiry", "TransitionError"]


def test_one_mailbox_from_many_browsers_is_counted_one_by_one():
    technology = catalog.owned()
    jobs = [
        lambda text=text: enquiries.sent(technology, address="a@example.org", message=text)
        for text in ("One.", "Two.", "Three.", "Four.", "Five.")
    ]

    at_once(*jobs)

    assert Enquiry.objects.count() == 3
