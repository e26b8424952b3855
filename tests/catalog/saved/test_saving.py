"""A reader keeps a search: by an address that is confirmed, for as long as they like."""

import datetime as dt

import pytest
from django.core import mail as outgoing
from django.core.cache import cache
from django.test import Client

from accounts import personal
from catalog.models import SavedSearch
from catalog.saved import saving
from core import mail
from core.errors import DomainError
from core.models import StoredMail
from tests.builders import accounts, catalog, clock, saved
from tests.catalog.addresses import address, asked
from tests.reading import text

pytestmark = pytest.mark.django_db

NOON = dt.datetime(2030, 3, 1, 4, 0, tzinfo=dt.UTC)


def form(**choices) -> str:
    return f"{address('save-search')}{asked(**choices)}"


def posted(**changes):
    return {"address": "Reader@example.org", "frequency": "daily", **changes}


def mails(template: str = "saved_search_asked") -> list[StoredMail]:
    return list(StoredMail.objects.filter(template=template).order_by("created_at"))


def test_the_list_leads_to_the_form_with_what_is_looked_for():
    catalog.technology(title="Membrane filter")
    page = Client().get(f"{address()}{asked(q='membrane', country='NO', sort='new')}")
    link = f"{address('save-search')}?q=membrane&amp;country=NO"
    assert link in page.content.decode()

    shown = text(Client().get(form(q="membrane", country="NO")))

    assert "“membrane”; Country or region of the holder: Norway" in shown


def test_a_search_counts_once_its_address_is_confirmed():
    client = Client()

    answer = client.post(form(q="membrane", country="NO"), posted())

    row = SavedSearch.objects.get()
    assert "a mail went there" in text(answer)
    assert (row.address, row.query) == ("reader@example.org", "?q=membrane&country=NO")
    assert (row.frequency, row.language, row.confirmed_at) == ("daily", "en", None)
    (told,) = mails()
    assert (told.recipient, told.secret) == ("reader@example.org", True)
    assert told.unsubscribe.endswith(f"{saved.link(told)}end/")
    page = saved.link(told)
    assert "Not confirmed yet" in text(client.get(page))  # a program opened it
    assert "Confirmed" in text(client.post(f"{page}confirm/", follow=True))
    row.refresh_from_db()
    assert row.confirmed_at
    assert row.next_at == row.confirmed_at + dt.timedelta(days=1)


def test_nothing_anybody_types_is_mailed_before_the_address_is_confirmed():
    client = Client()

    client.post(form(q="Buy at evil.example now", country="NO"), posted())

    (told,) = mails()
    assert "evil" not in told.subject + told.body
    assert "Norway" not in told.body
    assert "“Buy at evil.example now”" in text(client.get(saved.link(told)))


def test_the_mail_is_in_the_language_of_the_page():
    Client().post(form(q="膜").replace("/en/", "/zh-hans/"), posted())

    assert SavedSearch.objects.get().language == "zh-hans"
    assert mails()[0].language == "zh-hans"


def test_the_same_list_is_the_same_search_however_it_was_sorted_or_turned():
    clock.stop(NOON)
    for more in ({}, {"sort": "new"}, {"after": "5"}):
        Client().post(form(q="membrane", **more), posted())

    assert SavedSearch.objects.get().query == "?q=membrane"
    assert len(mails()) == 1


def test_a_lost_link_is_mailed_again_after_an_hour():
    clock.stop(NOON)
    saved.asked(address="reader@example.org")
    clock.stop(NOON + dt.timedelta(minutes=59))
    saved.asked(address="reader@example.org")
    assert len(mails()) == 1

    clock.stop(NOON + dt.timedelta(minutes=60))
    saved.asked(address="reader@example.org")

    assert len(mails()) == 2


def test_three_links_a_day_are_mailed_to_one_mailbox_however_often_somebody_asks():
    clock.stop(NOON)
    saved.asked("?q=a", address="reader+a@example.org")
    for hour in range(1, 24):
        clock.stop(NOON + dt.timedelta(hours=hour))
        for query in ("?q=a", "?q=b"):
            saving.ask("reader+b@example.org", query, frequency="daily", language="en")
    assert len(mails()) == 3

    clock.stop(NOON + dt.timedelta(days=1))
    saving.ask("reader@example.org", "?q=b", frequency="daily", language="en")
    assert len(mails()) == 4
    saving.ask("somebody@example.org", "?q=b", frequency="daily", language="en")
    assert len(mails()) == 5


def test_what_is_asked_for_again_and_again_is_forgotten_a_week_after_the_first_time():
    for day in range(7):
        clock.stop(NOON + dt.timedelta(days=day))
        saved.asked(address="reader@example.org")
    clock.stop(NOON + dt.timedelta(days=7, seconds=1))

    assert saving.prune() == 1

    assert not SavedSearch.objects.exists()
    assert {told.recipient.partition("@")[2] for told in mails()} == {"erased.invalid"}


def test_asked_for_by_another_name_of_the_mailbox_the_first_name_is_erased():
    clock.stop(NOON)
    saved.asked(address="reader+a@example.org")
    clock.stop(NOON + dt.timedelta(hours=1))
    row = saved.asked(address="reader+b@example.org")

    assert [told.recipient for told in mails()] == [
        f"{row.pk}@erased.invalid",
        "reader+b@example.org",
    ]
    saving.end(row.pk)

    assert {told.recipient for told in mails()} == {f"{row.pk}@erased.invalid"}


def test_nobody_changes_or_learns_of_a_search_by_knowing_the_address():
    row = saved.confirmed(address="reader@example.org")

    answer = Client().post(form(q="membrane"), posted())

    assert "If this search is not kept for" in text(answer)
    row.refresh_from_db()
    assert (row.frequency, len(mails())) == ("weekly", 1)


def test_of_one_mailbox_three_wait_at_most_and_twenty_are_kept():
    for place in range(4):
        saving.ask(
            f"reader+{place}@example.org", f"?q=filter{place}", frequency="daily", language="en"
        )
    assert SavedSearch.objects.count() == len(mails()) == 3

    for row in SavedSearch.objects.all():
        saving.confirm(row.pk)
    for place in range(3, 25):
        saving.ask("reader@example.org", f"?q=filter{place}", frequency="daily", language="en")
        for row in SavedSearch.objects.filter(confirmed_at=None):
            saving.confirm(row.pk)

    assert SavedSearch.objects.count() == saving.MOST == 20


def test_a_search_too_long_to_keep_is_refused():
    with pytest.raises(DomainError, match="too long"):
        saved.asked(f"?q={'a' * 2000}")


def test_what_is_no_address_comes_back_with_what_was_typed():
    page = text(Client().post(form(q="membrane"), posted(address="reader")))

    assert "valid email" in page
    assert not SavedSearch.objects.exists()


def test_one_computer_sends_no_flood():
    cache.clear()
    client = Client()
    answers = [
        client.post(form(q=f"filter{place}"), posted(address=f"reader{place}@example.org"))
        for place in range(6)
    ]

    assert [one.status_code for one in answers] == [200] * 5 + [429]
    assert len(mails()) == 5


def test_a_forged_link_leads_nowhere():
    row = saved.confirmed()
    for token in (str(row.pk), f"{row.pk}:forged", "x"):
        assert Client().get(address("saved-search", token)).status_code == 404


def test_a_mail_program_ends_it_with_one_press_and_the_address_is_gone():
    row = saved.confirmed(address="reader@example.org")
    (told,) = mails()
    path = told.unsubscribe.partition("/en/")[2]
    client = Client(enforce_csrf_checks=True)

    answer = client.post(f"/en/{path}", {"List-Unsubscribe": "One-Click"})

    assert "It is over" in text(answer)
    assert not SavedSearch.objects.exists()
    told.refresh_from_db()
    assert (told.recipient, told.body) == (f"{row.pk}@erased.invalid", "")
    assert client.post(f"/en/{path}").status_code == 200  # pressed twice
    assert client.get(f"/en/{path}").status_code == 405  # a program that looks ends nothing


def test_the_headers_tell_mail_programs_where_it_ends():
    saved.asked()
    (told,) = mails()

    mail.send({"mail": str(told.pk)})

    headers = outgoing.outbox[-1].extra_headers
    assert headers["List-Unsubscribe"] == f"<{told.unsubscribe}>"
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_what_nobody_confirmed_is_forgotten_after_a_week():
    clock.stop(NOON)
    saved.asked()
    kept = saved.confirmed()
    clock.stop(NOON + dt.timedelta(days=7))
    assert saving.prune() == 0

    clock.stop(NOON + dt.timedelta(days=7, seconds=1))
    assert saving.prune() == 1

    assert SavedSearch.objects.get() == kept


def test_what_is_confirmed_while_it_is_to_be_forgotten_stays():
    clock.stop(NOON)
    row = saved.asked()
    clock.stop(NOON + dt.timedelta(days=8))
    saving.confirm(row.pk)

    saving._lapse(row.pk)

    assert SavedSearch.objects.get() == row


def test_a_person_is_handed_their_searches_and_an_erasure_takes_them():
    person = accounts.user()
    saved.confirmed(address=person.email)
    others = saved.confirmed()

    (told,) = personal.export(person)["saved_searches"]
    assert (told["query"], told["frequency"]) == ("?q=membrane", "weekly")
    for record in saving.RECORDS:
        assert record.erase
        record.erase(person)

    assert SavedSearch.objects.get() == others
