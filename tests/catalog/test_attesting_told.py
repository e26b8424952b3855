"""What the holder is told of confirming a listing: on its page, and by mail."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Membership
from accounts.roles import Level
from catalog import attesting
from catalog.models import Attestation, Technology
from core import reminders
from core.models import StoredMail
from tests.builders import accounts, catalog, clock, earlier
from tests.catalog.addresses import address
from tests.catalog.test_attesting import at, listed, owner, since
from tests.reading import text

pytestmark = pytest.mark.django_db


def ask(technology: Technology) -> str:
    return address("listing-confirmation", technology.pk)


def test_the_holders_page_has_one_button_and_says_what_follows():
    technology = listed()
    client = accounts.signed_in(owner(technology))
    clock.stop(at(2031, 1, 20))
    page = text(client.get(address("listing", technology.pk)))
    assert "Last confirmed on 31 January 2030 with the listing." in page
    assert "by 31 January 2031" in page
    assert "not confirmed by 31 January 2033 lapses" in page
    assert "The particulars still hold" in page

    said = text(client.post(ask(technology), follow=True))

    assert "Confirmed. The public page says so." in said
    assert "Last confirmed on 20 January 2031 by the holder." in said
    assert "confirm them anew from 19 February 2031 on" in said


def test_who_is_too_early_or_a_stranger_is_told_so():
    technology = listed()
    clock.stop(at(2030, 2, 10))
    client = accounts.signed_in(owner(technology))
    assert "from 2 March 2030 on" in text(client.post(ask(technology), follow=True))
    assert accounts.signed_in(accounts.user()).post(ask(technology)).status_code == 404
    viewer = accounts.signed_in(accounts.member(Level.VIEW, technology.holder))
    clock.stop(at(2031, 2, 10))
    assert viewer.post(ask(technology)).status_code == 403
    assert not Attestation.objects.exists()


@pytest.mark.parametrize(
    ("day", "template"),
    [
        (at(2030, 12, 31), ""),
        (at(2031, 1, 1), "technology_unconfirmed"),  # 30 days before
        (at(2031, 1, 24), "technology_unconfirmed"),  # 7 days before
        (at(2031, 3, 2), "technology_unconfirmed"),  # 30 days after
        (at(2032, 1, 31), "technology_unconfirmed"),  # a year after
        (at(2032, 11, 2), "technology_lapses"),  # 90 days before it lapses
        (at(2033, 1, 24), "technology_lapses"),  # 7 days before
    ],
)
def test_the_holder_is_reminded_before_and_after(day, template):
    technology = listed()
    clock.stop(day)

    reminders.remind()

    told = StoredMail.objects.filter(template__in=["technology_unconfirmed", "technology_lapses"])
    expected = [(template, owner(technology).email)] if template else []
    assert list(told.values_list("template", "recipient")) == expected
    if template:
        assert "were last confirmed on 2030-01-31" in told.get().body
        assert "2033-01-31" in told.get().body


def listing_page(technology: Technology, person) -> str:
    return text(accounts.signed_in(person).get(address("listing", technology.pk)))


def test_who_came_later_is_told_when_it_lapses_for_them():
    technology = since(earlier.technology())
    person = accounts.member(Level.OWN, technology.holder)
    Membership.objects.filter(user=person).update(since=at(2032, 5, 31))

    def told(day: dt.datetime) -> list[str]:
        clock.stop(day)
        reminders.remind()
        rows = StoredMail.objects.filter(template="technology_lapses")
        return list(rows.values_list("body", flat=True))

    assert told(at(2032, 11, 2)) == []  # 90 days before three years are over
    assert "not confirmed by 31 May 2035 lapses" in listing_page(technology, person)
    (body,) = told(at(2035, 3, 2))
    assert "last confirmed on 2030-01-31" in body
    assert "by 2035-05-31" in body


def test_no_date_is_named_that_lies_behind_the_end_of_the_listing():
    technology = listed()
    rows = Technology.objects.filter(pk=technology.pk)
    clock.stop(at(2030, 6, 1))

    rows.update(valid_until=dt.date(2033, 1, 31))
    short = listing_page(technology, owner(technology))
    rows.update(valid_until=dt.date(2031, 1, 31))
    shorter = listing_page(technology, owner(technology))

    assert "Confirm them again by 31 January 2031." in short
    assert "lapses" not in short
    assert "Confirm them again by" not in shorter


@pytest.mark.parametrize(("step", "counts"), [("suspend", True), ("revoke", False)])
def test_what_is_gone_is_not_to_be_confirmed(step, counts):
    technology = listed()
    clock.stop(at(2031, 1, 20))
    catalog.take(technology, step)

    page = listing_page(technology, owner(technology))
    assert ("Confirm them again by" in page) == counts
    assert "confirm them anew from" not in page
    if counts:
        client = accounts.signed_in(owner(technology))
        said = text(client.post(ask(technology), follow=True))
        assert "Confirmed. The public page says so once it is listed again." in said


def test_reminders_read_no_records():
    listed()
    clock.stop(at(2031, 1, 1))

    with CaptureQueriesContext(connection) as captured:
        reminders.remind()

    begin, rest = "SELECT", ' FROM "catalog_technology" WHERE'
    asked = [one["sql"].partition(rest) for one in captured if one["sql"].startswith(begin)]
    selected = [columns for columns, found, _rest in asked if found]
    assert StoredMail.objects.filter(template="technology_unconfirmed").count() == 1
    assert len(selected) == 3  # one for each event of a listing
    assert not [names for names in selected if '"content"' in names or '"search"' in names]


def test_who_confirmed_is_asked_no_more_this_year():
    technology = listed()
    clock.stop(at(2031, 1, 1))
    attesting.attest(technology.pk, actor=owner(technology))
    clock.stop(at(2031, 1, 24))

    reminders.remind()

    assert not StoredMail.objects.filter(template="technology_unconfirmed").exists()
