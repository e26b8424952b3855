"""When the particulars of a listing were last confirmed, and by whom."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from catalog import renewing, verified
from catalog.measure_states import MeasureKind
from catalog.models import Technology
from catalog.verified import Occasion
from tests.builders import accounts, catalog, clock
from tests.catalog.addresses import address
from tests.reading import text

pytestmark = pytest.mark.django_db


def listed_long_ago() -> Technology:
    technology = catalog.ending(catalog.owned())
    long_ago = timezone.now() - dt.timedelta(400)
    Technology.objects.filter(pk=technology.pk).update(listed_at=long_ago, confirmed_at=long_ago)
    return Technology.objects.get(pk=technology.pk)


def asked(technology: Technology) -> None:
    renewing.ask(technology.pk, actor=accounts.owner_of(technology.holder), still_holds=True)


def test_what_was_never_renewed_was_confirmed_with_the_listing():
    technology = listed_long_ago()

    found = verified.last(technology)

    assert found.occasion == Occasion.LISTING
    assert found.on == timezone.localdate(technology.listed_at)


def test_the_holder_who_says_that_the_particulars_hold_confirms_them():
    technology = listed_long_ago()
    asked(technology)

    technology.refresh_from_db()
    found = verified.last(technology)

    assert (found.on, found.occasion) == (timezone.localdate(), Occasion.HOLDER)


def test_a_renewal_of_two_officers_confirms_them_again():
    technology = listed_long_ago()
    asked(technology)
    measure = catalog.proposed(technology, MeasureKind.RENEW)
    with clock.stopped(timezone.now() + dt.timedelta(days=3)):
        catalog.confirm(measure)

    technology.refresh_from_db()
    found = verified.last(technology)

    assert found.occasion == Occasion.RENEWAL
    assert found.on == timezone.localdate() + dt.timedelta(days=3)


def test_another_measure_confirms_nothing():
    technology = listed_long_ago()
    measure = catalog.proposed(technology, MeasureKind.SUSPEND)
    catalog.answer(measure)
    catalog.confirm(measure)
    resumed = catalog.proposed(technology, MeasureKind.RESUME)
    catalog.confirm(resumed)

    technology.refresh_from_db()
    assert verified.last(technology).occasion == Occasion.LISTING


def test_the_page_says_so_near_its_head():
    technology = catalog.technology(listed_at=dt.datetime(2026, 5, 3, 4, tzinfo=dt.UTC))

    page = text(Client().get(address("technology-detail", technology.pk)))

    said = "Particulars last confirmed on 3 May 2026 by experts and officers, with the listing."
    assert said in page
    assert page.index("Listing in the pool is not a certification.") < page.index(said)
