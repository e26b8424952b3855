"""Two who do something to a listing at the same moment."""

import pytest

from catalog import measures
from catalog.measure_states import MeasureKind, MeasureStatus
from catalog.models import ListingMeasure
from catalog.states import TechnologyStatus
from core.models import AuditEntry
from tests.builders import accounts, catalog, clock
from tests.builders.core import at_once
from tests.catalog.test_measures import after_the_day, now_of

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_officers_who_confirm_at_once_carry_it_out_once():
    technology = catalog.owned()
    measure = catalog.proposed(technology, MeasureKind.WITHDRAW)
    officers = [accounts.officer(), accounts.officer()]

    said = at_once(*(lambda one=one: catalog.confirm(measure, actor=one) for one in officers))

    assert sorted(type(one).__name__ for one in said) == ["ListingMeasure", "TransitionError"]
    assert AuditEntry.objects.filter(act="technology.withdraw").count() == 1
    assert now_of(technology) == TechnologyStatus.WITHDRAWN


def test_two_officers_who_propose_at_once_make_one_measure():
    technology = catalog.owned()
    officers = [accounts.officer(), accounts.officer()]

    said = at_once(*(lambda one=one: catalog.proposed(technology, actor=one) for one in officers))

    assert sorted(type(one).__name__ for one in said) == ["DomainError", "ListingMeasure"]
    assert ListingMeasure.objects.count() == 1


def test_confirming_while_it_lapses_comes_too_late():
    measure = catalog.proposed(None, MeasureKind.SUSPEND, at_once=True)
    catalog.answer(measure)
    officer = accounts.second_officer()

    with clock.stopped(after_the_day(measure)):
        at_once(lambda: catalog.confirm(measure, actor=officer), measures.lapse_due)

    measure.refresh_from_db()
    assert measure.status == MeasureStatus.LAPSED
    assert now_of(measure.technology) == TechnologyStatus.LISTED
