"""Confirmations and news at the same moment."""

import datetime as dt

import pytest
from django.utils import timezone

from catalog import attesting
from catalog.models import Attestation, SavedSearch, Technology
from catalog.saved import saving, telling
from catalog.states import TechnologyStatus
from catalog.workflow import expire_due
from core.models import StoredMail
from tests.builders import accounts, catalog, saved
from tests.builders.core import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def silent_for(days: int) -> Technology:
    technology = catalog.owned()
    before = timezone.now() - dt.timedelta(days=days)
    Technology.objects.filter(pk=technology.pk).update(confirmed_at=before)
    return technology


def test_two_who_confirm_at_once_confirm_once():
    technology = silent_for(365)
    owner = accounts.owner_of(technology.holder)

    said = at_once(*(lambda: attesting.attest(technology.pk, actor=owner) for _n in range(2)))

    assert said[0] == said[1] == Attestation.objects.get()


def test_a_confirmation_while_it_lapses_is_before_or_too_late():
    technology = silent_for(3 * 366 + 1)
    owner = accounts.owner_of(technology.holder)

    said, expired = at_once(lambda: attesting.attest(technology.pk, actor=owner), expire_due)

    status = Technology.objects.get(pk=technology.pk).status
    confirmed = isinstance(said, Attestation)
    assert type(said).__name__ in ("Attestation", "PermissionDenied")
    assert status == (TechnologyStatus.LISTED if confirmed else TechnologyStatus.EXPIRED)
    assert expired == (0 if confirmed else 1)


def test_two_who_look_for_news_at_once_mail_once():
    row = saved.confirmed("?")
    catalog.technology()
    SavedSearch.objects.update(next_at=timezone.now() - dt.timedelta(hours=1))

    at_once(telling.tell_due, telling.tell_due)

    assert StoredMail.objects.filter(template="saved_search_news").count() == 1
    row.refresh_from_db()
    assert row.next_at
    assert row.next_at > timezone.now()


def test_many_at_once_for_one_mailbox_are_counted_one_after_the_other():
    def ask(place: int) -> None:
        saving.ask(f"r+{place}@example.org", f"?q=f{place}", frequency="daily", language="en")

    at_once(*(lambda place=place: ask(place) for place in range(6)))

    assert SavedSearch.objects.count() == saving.MOST_WAITING
