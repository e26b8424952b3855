"""Suspensions that cannot wait: they hold at once, and lapse unless a second officer confirms."""

import datetime as dt

import pytest
from django.conf import settings
from django.utils import timezone

from catalog import measures
from catalog.measure_states import MeasureKind, MeasureStatus
from catalog.measures import MEASURES
from catalog.states import TechnologyStatus
from catalog.workflow import perform
from core.clock import database_now
from core.errors import DomainError
from tests.builders import accounts, catalog, clock
from tests.catalog.test_measures import after_the_day, mails, now_of

pytestmark = pytest.mark.django_db


def test_a_suspension_at_once_holds_and_stays_when_it_is_confirmed():
    measure = catalog.proposed(None, MeasureKind.SUSPEND, at_once=True)
    assert measure.lapses_at
    days = measure.lapses_at - measure.proposed_at

    assert now_of(measure.technology) == TechnologyStatus.SUSPENDED
    assert days == dt.timedelta(days=settings.LISTING_EMERGENCY_DAYS)
    assert measures.lapse_due() == 0
    with pytest.raises(DomainError, match="There is still time"):
        MEASURES.perform("lapse", measure.pk, actor=None)
    catalog.answer(measure)
    catalog.confirm(measure)

    assert now_of(measure.technology) == TechnologyStatus.SUSPENDED
    assert len(mails("listing_suspension_confirmed")) == 1
    assert len(mails("technology_suspended")) == 1
    assert measures.lapse_due() == 0


def test_a_suspension_at_once_lapses_unless_it_is_confirmed_in_time():
    measure = catalog.proposed(None, MeasureKind.SUSPEND, at_once=True)
    clock.stop(after_the_day(measure))

    assert (measures.lapse_due(), measures.lapse_due()) == (1, 0)

    measure.refresh_from_db()
    assert measure.status == MeasureStatus.LAPSED
    assert now_of(measure.technology) == TechnologyStatus.LISTED
    (again,) = mails("technology_resumed")
    assert "was not confirmed by a second officer" in again.body


@pytest.mark.parametrize("step", ["send_back", "withdraw"])
def test_a_suspension_at_once_that_is_not_kept_is_lifted(step):
    officer = accounts.officer()
    measure = catalog.proposed(None, MeasureKind.SUSPEND, at_once=True, actor=officer)
    actor = accounts.second_officer() if step == "send_back" else officer

    MEASURES.perform(step, measure.pk, actor=actor, reason="A mistake.")

    assert now_of(measure.technology) == TechnologyStatus.LISTED


def test_at_once_the_holder_answers_before_it_lapses():
    late = timezone.localdate() + dt.timedelta(days=settings.LISTING_EMERGENCY_DAYS)

    with pytest.raises(DomainError, match="lapses after 7 days") as refused:
        catalog.proposed(None, MeasureKind.SUSPEND, at_once=True, due_on=late)
    assert refused.value.field == "due_on"


@pytest.mark.parametrize("how", ["withdraw", "send_back", "lapse"])
def test_who_suspended_at_once_and_was_not_confirmed_does_not_do_it_again(how):
    officer, other = accounts.officer(), accounts.second_officer()
    measure = catalog.proposed(None, MeasureKind.SUSPEND, at_once=True, actor=officer)
    technology = measure.technology
    if how == "lapse":
        clock.stop(after_the_day(measure))
    actor = {"withdraw": officer, "send_back": other}.get(how)
    MEASURES.perform(how, measure.pk, actor=actor, reason="Because.")
    assert now_of(technology) == TechnologyStatus.LISTED
    due = timezone.localdate(database_now()) + dt.timedelta(days=2)

    with pytest.raises(DomainError, match="in the last 90 days") as refused:
        catalog.proposed(technology, MeasureKind.SUSPEND, at_once=True, actor=officer, due_on=due)
    assert refused.value.field == "at_once"
    assert now_of(technology) == TechnologyStatus.LISTED
    catalog.proposed(technology, MeasureKind.SUSPEND, at_once=True, actor=other, due_on=due)

    assert now_of(technology) == TechnologyStatus.SUSPENDED


def test_after_some_months_the_same_officer_can_suspend_at_once_again():
    officer = accounts.officer()
    measure = catalog.proposed(None, MeasureKind.SUSPEND, at_once=True, actor=officer)
    MEASURES.perform("withdraw", measure.pk, actor=officer, reason="A mistake.")
    days = settings.LISTING_EMERGENCY_DAYS + settings.LISTING_EMERGENCY_AGAIN_DAYS + 1
    later = measure.proposed_at + dt.timedelta(days=days)
    clock.stop(later)

    again = catalog.proposed(
        measure.technology,
        MeasureKind.SUSPEND,
        at_once=True,
        actor=officer,
        due_on=later.date() + dt.timedelta(days=2),
    )

    assert (again.at_once, now_of(again.technology)) == (True, TechnologyStatus.SUSPENDED)


def test_what_lapsed_is_not_confirmed_although_nobody_lifted_it_yet():
    measure = catalog.proposed(None, MeasureKind.SUSPEND, at_once=True)
    catalog.answer(measure)
    assert measure.lapses_at
    clock.stop(measure.lapses_at)

    with pytest.raises(DomainError, match="It has lapsed"):
        catalog.confirm(measure)
    assert measures.lapse_due() == 1


def test_what_ran_out_while_it_was_suspended_expires_instead_of_being_listed():
    technology = catalog.ending(catalog.owned(), 1)
    measure = catalog.proposed(technology, MeasureKind.SUSPEND, at_once=True)
    clock.stop(after_the_day(measure))

    assert measures.lapse_due() == 1

    assert now_of(technology) == TechnologyStatus.EXPIRED
    states = [one.content["state"] for one in technology.versions.order_by("number")]
    assert states == ["listed", "suspended", "expired"]
    assert not mails("technology_resumed")
    (told,) = mails("technology_expired")
    assert "The holder can ask for renewal; two officers decide." in told.body


def test_a_listing_is_renewed_until_a_named_day():
    with pytest.raises(DomainError, match="until which day"):
        perform("renew", catalog.owned().pk, actor=None)
