"""What is newly listed is mailed to who keeps a search it matches: once, and nothing else."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.models import SavedSearch
from catalog.saved import saving, telling
from core import mail as outbox
from core.models import StoredMail
from tests.builders import catalog, clock, saved, submissions

pytestmark = pytest.mark.django_db

NOON = dt.datetime(2030, 3, 1, 4, 0, tzinfo=dt.UTC)
WEEK = dt.timedelta(days=7)


@pytest.fixture(autouse=True)
def stopped():
    submissions.open_activity()  # of today: what is listed below was declared in it
    clock.stop(NOON)


def listed(**content):
    technology = catalog.technology(**content)
    catalog.numbered()
    return technology


def told() -> list[StoredMail]:
    return list(StoredMail.objects.filter(template="saved_search_news").order_by("created_at"))


def test_a_week_later_what_is_new_and_matches_is_mailed_once():
    listed(title="Membrane of before")
    row = saved.confirmed("?q=membrane&country=NO")
    new = listed(title="Membrane & filter")
    listed(title="Stack scrubber")
    listed(title="Membrane elsewhere", country="KE")
    clock.stop(NOON + WEEK - dt.timedelta(seconds=1))
    assert telling.tell_due() == 0

    clock.stop(NOON + WEEK)
    assert telling.tell_due() == 1
    assert telling.tell_due() == 0

    (mail,) = told()
    assert mail.recipient == row.address
    assert mail.subject == "1 new technology for your saved search"
    assert f"Membrane & filter ({new.number})" in mail.body
    assert f"/en/catalogue/{new.pk}/" in mail.body
    assert "/en/catalogue/?q=membrane&country=NO" in mail.body
    assert "before" not in mail.body
    assert "elsewhere" not in mail.body
    assert mail.unsubscribe.endswith(f"/en/catalogue/saved/{saving.token_of(row)}/end/")
    clock.stop(NOON + WEEK * 2)
    assert telling.tell_due() == 1
    assert len(told()) == 1


def test_no_mail_without_news_and_none_to_who_did_not_confirm():
    saved.asked()
    saved.confirmed("?q=scrubber")
    listed(title="Membrane filter")
    clock.stop(NOON + WEEK)

    assert telling.tell_due() == 1
    assert told() == []


def test_a_daily_search_is_told_every_day_at_its_hour_however_late_the_look():
    row = saved.confirmed(frequency="daily")
    listed(title="Membrane one")
    clock.stop(NOON + dt.timedelta(days=1, hours=5))
    telling.tell_due()
    row.refresh_from_db()

    assert len(told()) == 1
    assert row.next_at == NOON + dt.timedelta(days=2)


def test_what_is_listed_again_is_not_new():
    technology = listed(title="Membrane filter")
    saved.confirmed()
    catalog.take(technology, "suspend")
    catalog.take(technology, "resume")
    catalog.numbered()
    clock.stop(NOON + WEEK)
    telling.tell_due()

    assert told() == []


def test_what_is_gone_meanwhile_is_not_told():
    saved.confirmed()
    catalog.take(listed(title="Membrane filter"), "withdraw")
    catalog.numbered()
    clock.stop(NOON + WEEK)
    telling.tell_due()

    assert told() == []


def test_the_mail_is_in_the_readers_language():
    saved.confirmed(language="zh-hans")
    listed(title="Membrane filter", title_zh="膜过滤器")
    clock.stop(NOON + WEEK)
    telling.tell_due()

    (mail,) = told()
    assert mail.language == "zh-hans"
    assert "膜过滤器" in mail.body
    assert "/zh-hans/catalogue/" in mail.body


def test_of_many_news_twenty_are_named():
    saved.confirmed("?")
    for place in range(23):
        catalog.technology(title=f"Filter number {place}")
    catalog.numbered()
    clock.stop(NOON + WEEK)
    telling.tell_due()

    (mail,) = told()
    assert mail.subject == "23 new technologies for your saved search"
    assert mail.body.count("Filter number") == telling.MOST_IN_A_MAIL
    assert "and 3 more." in mail.body


def test_a_search_whose_filter_is_known_no_more_ends_and_says_so():
    row = saved.confirmed("?country=XX")
    listed()
    clock.stop(NOON + WEEK)
    telling.tell_due()

    assert not SavedSearch.objects.exists()
    (mail,) = StoredMail.objects.filter(template="saved_search_over")
    assert (mail.recipient, mail.unsubscribe) == (row.address, "")


def over() -> StoredMail:
    return StoredMail.objects.get(template="saved_search_over")


@pytest.mark.parametrize("others", [False, True])
def test_the_address_of_a_search_that_ended_is_erased_once_that_was_mailed(others):
    row = saved.confirmed("?country=XX", address="reader@example.org")
    other = saved.confirmed("?country=NO", address="reader@example.org") if others else None
    listed(country="KE")
    clock.stop(NOON + WEEK)
    telling.tell_due()
    saving.prune()
    assert over().recipient == row.address  # it is still to be sent

    outbox.send({"mail": str(over().pk)})
    saving.prune()

    kept = StoredMail.objects.filter(recipient="reader@example.org")
    assert kept.exists() == others
    if other:
        saving.end(other.pk)
    assert not kept.exists()
    assert over().body == ""


def cost() -> int:
    with CaptureQueriesContext(connection) as captured:
        telling.tell_due()
    return len(captured)


def test_a_search_costs_the_same_however_much_is_new():
    saved.confirmed()
    listed(title="Membrane 0")
    clock.stop(NOON + WEEK)
    one = cost()
    for place in range(15):
        catalog.technology(title=f"Membrane {place}")
    catalog.numbered()
    clock.stop(NOON + WEEK * 2)

    assert cost() <= one
