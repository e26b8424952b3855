"""The listing that the demonstration withdraws, while visitors are at it."""

import pytest

from catalog.measure_states import MeasureStatus
from catalog.models import ListingMeasure
from core.errors import DomainError
from demo import catalogue, loader, people
from demo.plan import LISTED_ROUND, Destiny, Item
from tests.builders import accounts, catalog

pytestmark = pytest.mark.django_db

GIVEN_UP = Item("inv-ceramic-candles", LISTED_ROUND, Destiny.WITHDRAWN)


@pytest.fixture
def officers():
    return [accounts.officer(one.email) for one in (people.OFFICER, people.SECOND_OFFICER)]


def test_a_load_that_was_interrupted_confirms_what_it_proposed(officers):
    technology = catalog.owned()
    measure = catalog.proposed(technology, "withdraw", actor=officers[0])

    catalogue.treat(GIVEN_UP, catalog.case_of(technology))

    measure.refresh_from_db()
    assert (measure.status, measure.confirmed_by) == (MeasureStatus.CONFIRMED, officers[1])


@pytest.mark.parametrize(("kind", "by"), [("revoke", 0), ("withdraw", 1)])
def test_what_a_visitor_proposed_is_not_confirmed(officers, kind, by):
    technology = catalog.owned()
    measure = catalog.proposed(technology, kind, actor=officers[by])

    with pytest.raises(DomainError, match="A measure on this listing is open"):
        catalogue.treat(GIVEN_UP, catalog.case_of(technology))
    with loader.left_to_the_visitor(GIVEN_UP):
        catalogue.treat(GIVEN_UP, catalog.case_of(technology))

    assert ListingMeasure.objects.get() == measure
    assert ListingMeasure.objects.get().status == MeasureStatus.PROPOSED
