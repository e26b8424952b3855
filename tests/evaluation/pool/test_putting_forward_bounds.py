"""The bounds of what an organisation puts forward: whom, how many, and how long its list is."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.errors import DomainError
from evaluation.models import Nomination
from evaluation.pool import nominating, putting_forward
from evaluation.pool.nominating import NOMINATIONS
from tests.builders import accounts, clock
from tests.builders import evaluation as build
from tests.reading import text, texts

pytestmark = pytest.mark.django_db
GIVEN = {"name": "Ann Lee", "address": "ann@example.org", "language": "en"}


def a_house(**given):
    return accounts.verified(accounts.organisation(**given))


def page(house):
    return reverse("evaluation:put-forward", args=[house.pk])


def test_of_its_own_nominations_and_its_own_address_one_is_told_why():
    house = a_house()
    owner = accounts.owner_of(house)
    made, token = build.put_forward(house)

    with pytest.raises(DomainError, match="Your organisation has nominated this person already"):
        build.put_forward(house, made.address.upper())
    nominating.decline(token)
    with pytest.raises(DomainError, match="declined a short while ago"):
        build.put_forward(house, made.address)
    with pytest.raises(DomainError, match="This is your own address"):
        build.put_forward(house, owner.email)


def test_who_did_not_answer_others_in_time_is_asked_though_the_clock_is_late():
    earlier, _token = build.put_forward(a_house())
    with clock.stopped(earlier.expires_at):
        made, _none = build.put_forward(a_house(), earlier.address)
        with pytest.raises(DomainError, match="has been nominated already"):
            build.nominated(earlier.address)

    earlier.refresh_from_db()
    assert (earlier.status, made.status, made.unasked, made.times_sent) == (
        *("expired", "invited"),
        *("", 1),
    )


def test_trying_addresses_ends_after_ten_in_an_hour():
    house = a_house()
    client = accounts.signed_in(accounts.owner_of(house))
    tried = [build.expert().user.email, *(f"try{n}@example.org" for n in range(10))]

    found = [client.post(page(house), {**GIVEN, "address": one}).status_code for one in tried]

    assert found == [302] * 10 + [429]


def test_a_year_has_an_end_and_the_next_one_begins_anew(monkeypatch):
    monkeypatch.setattr(putting_forward, "MOST_A_YEAR", 2)
    house = a_house()
    clock.stop(dt.datetime(2027, 6, 1, tzinfo=dt.UTC))
    first, _token = build.put_forward(house)
    build.put_forward(house)
    NOMINATIONS.perform("withdraw", first.pk, actor=accounts.owner_of(house))

    with pytest.raises(DomainError, match="at most 2 people a year"):
        build.put_forward(house)
    shown = accounts.signed_in(accounts.owner_of(house)).get(page(house))
    assert "You can nominate 0 more people this year." in text(shown)
    assert 'name="address"' not in shown.content.decode()
    clock.stop(dt.datetime(2027, 12, 31, 15, 59, tzinfo=dt.UTC))
    with pytest.raises(DomainError, match="at most 2 people a year"):
        build.put_forward(house)
    clock.stop(dt.datetime(2027, 12, 31, 16, 1, tzinfo=dt.UTC))  # the new year in Beijing
    build.put_forward(house)


def many(house, number):
    now, owner = timezone.now(), accounts.owner_of(house)
    Nomination.objects.bulk_create(
        Nomination(
            name=f"Row {n}",
            address=f"row{n}@example.org",
            language="en",
            organisation=house,
            by_organisation=True,
            nominated_by=owner,
            nominated_at=now - dt.timedelta(minutes=n),
            token_hash=str(n),
            sent_at=now,
            expires_at=now + dt.timedelta(days=1),
        )
        for n in range(number)
    )


def queries_of(house):
    client = accounts.signed_in(accounts.owner_of(house))
    client.get(page(house))
    with CaptureQueriesContext(connection) as found:
        answer = client.get(page(house))
    return len(found), answer


def test_the_list_asks_the_same_of_one_and_of_fifty_and_pages_by_key():
    one, fifty = a_house(), a_house()
    build.put_forward(one)
    many(fifty, 50)

    few, _answer = queries_of(one)
    more, answer = queries_of(fifty)

    assert few == more
    assert len(texts(answer, "tr")) == 26
    after = answer.context["next_key"]
    client = accounts.signed_in(accounts.owner_of(fifty))
    second = client.get(page(fifty), {"after": after})
    assert "Row 25" in text(second)
    assert second.context["next_key"] == ""
