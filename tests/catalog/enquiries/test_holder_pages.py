"""The pages of enquiries for the holder and for officers."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.roles import Level
from accounts.services import add_member
from catalog.enquiries.states import EnquiryStatus
from catalog.enquiries.workflow import ENQUIRIES
from catalog.models import Enquiry
from tests.builders import accounts, catalog, clock, enquiries
from tests.catalog.addresses import address
from tests.reading import text

pytestmark = pytest.mark.django_db


def held(row: Enquiry, *step: str) -> str:
    name = "holder-enquiry-step" if step else "holder-enquiry"
    return address(name, row.technology_id, row.pk, *step)


def owner_of(row: Enquiry) -> Client:
    return accounts.signed_in(enquiries.owner_of(row))


# The holder ---------------------------------------------------------------------------------


def test_the_holder_sees_who_asks_and_no_address():
    row = enquiries.received(message="At 40 °C?", address="amina@example.org")

    page = text(owner_of(row).get(held(row)))

    for told in ("Amina Otieno", "City of Nairobi", "Kenya", "Transfer of technology", "At 40 °C?"):
        assert told in page
    assert "amina@example.org" not in page


def test_looking_at_it_tells_who_asked_that_it_was_read():
    row = enquiries.received()

    owner_of(row).get(held(row))

    row.refresh_from_db()
    assert row.status == EnquiryStatus.READ


def test_the_holder_answers_on_its_page():
    row = enquiries.received()

    answer = owner_of(row).post(held(row, "answer"), {"message": "Up to 45 °C."}, follow=True)

    assert "Your answer was sent." in text(answer)
    row.refresh_from_db()
    assert row.status == EnquiryStatus.ANSWERED


def test_an_answer_that_is_refused_comes_back_with_what_was_typed():
    row = enquiries.received()
    client = owner_of(row)
    enquiries.end(row)

    answer = client.post(held(row, "answer"), {"message": "Up to 45 °C."})

    assert answer.status_code == 400
    assert "Up to 45 °C." in text(answer)
    assert "not possible in the present state: closed" in text(answer)


def test_the_holder_reports_and_closes_on_its_page():
    first, second = enquiries.received(), enquiries.received()

    owner_of(first).post(held(first, "report"), {"why": "Asks for money."})
    owner_of(second).post(held(second, "close"))

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, second.status) == ("reported", "closed")


def test_an_unconfirmed_one_is_not_there_for_the_holder():
    row = enquiries.sent()

    assert owner_of(row).get(held(row)).status_code == 404
    listed = owner_of(row).get(address("holder-enquiries", row.technology_id))
    assert listed.context["rows"] == []


def test_two_members_who_open_it_at_once_both_see_it(monkeypatch):
    row = enquiries.received()
    client = owner_of(row)
    asked = ENQUIRIES.perform

    def quicker(step, pk, **more):
        asked(step, pk, actor=enquiries.owner_of(row))
        return asked(step, pk, **more)

    monkeypatch.setattr(ENQUIRIES, "perform", quicker)

    answer = client.get(held(row))

    assert answer.status_code == 200
    assert "not possible in the present state" not in text(answer)
    row.refresh_from_db()
    assert row.status == EnquiryStatus.READ


def test_who_may_not_read_enquiries_is_not_told_that_there_are_none():
    row = enquiries.received()
    path = address("holder-enquiries", row.technology_id)
    viewer = accounts.signed_in(accounts.member(Level.VIEW, row.technology.holder))
    other = catalog.owned()
    owner = accounts.signed_in(accounts.owner_of(other.holder))

    page = text(viewer.get(path))

    assert "Editors and owners of the organisation read and answer the enquiries." in page
    assert "No enquiries" not in page
    assert "No enquiries" in text(owner.get(address("holder-enquiries", other.pk)))


def test_officers_read_the_day_of_the_portal_not_that_of_greenwich():
    technology = catalog.owned()
    with clock.stopped(dt.datetime(2030, 3, 1, 17, 30, tzinfo=dt.UTC)):  # 2 March in Beijing
        row = enquiries.report(enquiries.received(technology, message="At 40 °C?"))

    assert str(row) == f"{row.technology.number} 2030-03-02"
    assert "2030-03-02<br>" in desk_of(row)


def test_others_see_nothing_of_it():
    row = enquiries.received()
    viewer = accounts.member(Level.VIEW, row.technology.holder)
    stranger = accounts.owner_of(accounts.organisation())

    for person in (viewer, stranger, accounts.officer()):
        assert accounts.signed_in(person).get(held(row)).status_code == 404
    assert "login" in Client().get(held(row))["Location"]


def test_the_list_of_the_holder_goes_on_by_key_and_costs_the_same():
    technology = catalog.owned()
    enquiries.received(technology)
    client = accounts.signed_in(accounts.owner_of(technology.holder))
    path = address("holder-enquiries", technology.pk)
    client.get(path)
    one = counted(client, path)
    for _number in range(22):
        enquiries.received(technology)

    first = client.get(path)
    rest = client.get(f"{path}?after={first.context['after']}")

    assert counted(client, path) == one
    seen = [row["enquiry"].pk for page in (first, rest) for row in page.context["rows"]]
    assert (len(seen), len(set(seen))) == (23, 23)
    assert client.get(f"{path}?after=x").status_code == 200


def counted(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        client.get(path)
    return len(captured)


def test_the_work_of_the_holder_names_what_is_to_be_answered():
    row = enquiries.received()
    client = owner_of(row)
    work = reverse("workplace")

    assert held(row) in text(client.get(work))
    assert "An enquiry to answer" in text(client.get(work))
    enquiries.answer(row)
    assert held(row) not in text(client.get(work))


# Officers -----------------------------------------------------------------------------------


def desk_of(row: Enquiry) -> str:
    page = reverse("admin:catalog_enquiry_change", args=[row.pk])
    return text(accounts.signed_in(accounts.officer()).get(page))


def test_officers_see_how_it_stands_and_not_what_was_written():
    row = enquiries.received(message="At 40 °C?")

    page = desk_of(row)

    assert row.technology.number in page
    for secret in ("At 40 °C?", "Amina Otieno", "City of Nairobi", row.address):
        assert secret not in page


def test_of_what_was_reported_they_read_all_but_the_address():
    row = enquiries.report(enquiries.received(message="Send <b>money</b>."), "Asks for money.")

    page = desk_of(row)

    for told in ("Send <b>money</b>.", "Amina Otieno", "Asks for money."):
        assert told in page
    assert row.address not in page


def test_an_officer_closes_it_with_a_reason():
    row = enquiries.report(enquiries.received())
    officer = accounts.signed_in(accounts.officer())
    step = reverse("admin:catalog_enquiry_step", args=[row.pk, "stop"])

    officer.post(step, {"reason": "Advertising."})

    row.refresh_from_db()
    assert (row.status, row.closed_by) == ("closed", "officer")


def test_an_officer_of_the_holder_sees_none_of_it():
    row = enquiries.received()
    officer = accounts.officer()
    add_member(row.technology.holder_id, officer, Level.VIEW, actor=None)

    assert not Enquiry.objects.visible_to(officer).exists()


def test_what_was_reported_is_on_the_work_of_officers():
    enquiries.report(enquiries.received())

    page = text(accounts.signed_in(accounts.officer()).get(reverse("workplace")))

    assert "Enquiries that holders reported" in page
