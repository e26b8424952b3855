"""The holder confirms the particulars once a year; what nobody confirms is marked, and lapses."""

import datetime as dt
from importlib import import_module

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.utils import InternalError
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Membership
from accounts.roles import Level
from catalog import attesting, renewing, verified
from catalog.attesting import Occasion
from catalog.browsing.finding import Wanted, browse
from catalog.browsing.ordering import RELEVANCE
from catalog.measure_states import MeasureKind
from catalog.models import Attestation, Change, Technology
from catalog.states import TechnologyStatus
from catalog.version import version_now
from catalog.workflow import expire_due, perform
from core.errors import DomainError
from core.models import AuditEntry, StoredMail
from tests.builders import accounts, catalog, clock, earlier
from tests.catalog.addresses import address
from tests.reading import text

pytestmark = pytest.mark.django_db

BEIJING = timezone.get_default_timezone()


def at(year: int, month: int, day: int, hour: int = 12) -> dt.datetime:
    return dt.datetime(year, month, day, hour, tzinfo=BEIJING)


LISTED = at(2030, 1, 31)


def listed(**more) -> Technology:
    """Return a technology listed and last confirmed on 31 January 2030, valid for long."""
    return since(catalog.technology(**{"holder": accounts.organisation(), **more}))


def since(technology: Technology, day: dt.datetime = LISTED) -> Technology:
    rows = Technology.objects.filter(pk=technology.pk)
    rows.update(listed_at=day, confirmed_at=day, valid_until=dt.date(2040, 1, 31))
    return rows.get()


def owner(technology: Technology):
    return accounts.owner_of(technology.holder)


def now_of(technology: Technology) -> Technology:
    return Technology.objects.get(pk=technology.pk)


# The holder's word -------------------------------------------------------------------------


def test_the_holder_confirms_what_is_public_and_the_record_stays_as_it_is():
    technology = listed()
    clock.stop(at(2031, 1, 20))

    made = attesting.attest(technology.pk, actor=owner(technology))

    after = now_of(technology)
    assert (made.at, made.content_hash) == (at(2031, 1, 20), technology.content_hash)
    assert after.confirmed_at == at(2031, 1, 20)
    assert (after.content_hash, after.seq, after.changed_at) == (
        (technology.content_hash, technology.seq, technology.changed_at)
    )
    assert after.versions.count() == 1
    change = technology.changes.order_by("-id")[0]
    assert (change.kind, change.seq) == (Change.Kind.CONFIRMED, technology.seq)
    act = AuditEntry.objects.get(act="technology.confirmed")
    assert (act.actor, act.subject_id) == (owner(technology), str(technology.pk))
    assert attesting.last_confirmed(after) == (dt.date(2031, 1, 20), Occasion.HOLDER)


def test_pressed_twice_is_once_and_a_month_later_it_is_said_anew():
    technology = listed()
    clock.stop(at(2030, 6, 1))
    made = attesting.attest(technology.pk, actor=owner(technology))
    clock.stop(at(2030, 6, 30))
    assert attesting.attest(technology.pk, actor=owner(technology)) == made

    clock.stop(at(2030, 7, 1))
    attesting.attest(technology.pk, actor=owner(technology))

    assert Attestation.objects.count() == 2


def test_what_was_listed_just_now_needs_no_confirmation():
    technology = listed()
    clock.stop(at(2030, 3, 1))

    with pytest.raises(DomainError, match="from 2 March 2030 on"):
        attesting.attest(technology.pk, actor=owner(technology))


def test_only_who_may_file_for_the_holder_confirms():
    technology = listed()
    clock.stop(at(2031, 1, 20))
    viewer = accounts.member(Level.VIEW, technology.holder)
    for person in (viewer, accounts.user(), accounts.officer()):
        with pytest.raises(PermissionDenied):
            attesting.attest(technology.pk, actor=person)

    editor = accounts.member(Level.EDIT, technology.holder)
    assert attesting.attest(technology.pk, actor=editor).by == editor


def test_what_was_confirmed_is_never_rewritten():
    technology = listed()
    clock.stop(at(2031, 1, 20))
    attesting.attest(technology.pk, actor=owner(technology))

    with pytest.raises(InternalError), transaction.atomic():
        Attestation.objects.all().delete()


def test_of_what_is_suspended_the_record_of_before_is_confirmed():
    technology = listed()
    clock.stop(at(2031, 1, 20))
    catalog.take(technology, "suspend")
    told = technology.changes.count()

    made = attesting.attest(technology.pk, actor=owner(technology))

    assert made.content_hash == technology.content_hash != now_of(technology).content_hash
    assert technology.changes.count() == told  # its page says only that it is suspended


def test_what_has_expired_is_not_confirmed():
    technology = listed()
    clock.stop(at(2040, 2, 1))
    catalog.expire(technology)

    with pytest.raises(PermissionDenied):
        attesting.attest(technology.pk, actor=owner(technology))


def test_listing_request_and_renewal_confirm_too():
    technology = listed()
    assert attesting.last_confirmed(technology) == (dt.date(2030, 1, 31), Occasion.LISTING)

    clock.stop(at(2039, 12, 1))
    renewing.ask(technology.pk, actor=owner(technology), still_holds=True)
    asked = attesting.last_confirmed(now_of(technology))
    clock.stop(at(2039, 12, 5))
    until = dt.date(2045, 1, 31)
    perform("renew", technology.pk, actor=None, until=until)

    assert asked == (dt.date(2039, 12, 1), Occasion.HOLDER)
    assert attesting.last_confirmed(now_of(technology)) == (
        (dt.date(2039, 12, 5), Occasion.RENEWAL)
    )


# Stale and lapsed --------------------------------------------------------------------------


def test_after_two_years_it_is_marked_in_the_list_and_on_its_page(time_machine):
    technology = listed()
    paths = (address(), address("technology-detail", technology.pk))

    time_machine.move_to(at(2032, 1, 31, 23), tick=False)
    assert all("Not confirmed since" not in text(Client().get(path)) for path in paths)
    time_machine.move_to(at(2032, 2, 1, 1), tick=False)

    for path in paths:
        assert "Not confirmed since 31 January 2030" in text(Client().get(path))


def test_what_nobody_confirmed_sinks_in_a_search():
    old, fresh = (listed(title="Membrane filter") for _n in range(2))
    since(old, at(2028, 1, 31))
    clock.stop(at(2030, 2, 1))
    wanted = Wanted(text="membrane", order=RELEVANCE)

    def found():
        catalog.numbered()
        return [one.pk for one in browse(Technology.objects.all(), wanted, version_now()).rows]

    assert found() == [fresh.pk, old.pk]
    since(fresh, at(2027, 1, 31))
    assert found() == [old.pk, fresh.pk]
    attesting.attest(fresh.pk, actor=owner(fresh))
    assert found() == [fresh.pk, old.pk]


def test_after_three_years_it_lapses_and_the_holder_reads_why():
    technology, confirmed = listed(), listed()
    clock.stop(at(2032, 12, 24))
    attesting.attest(confirmed.pk, actor=owner(confirmed))
    clock.stop(at(2033, 1, 31, 23))
    assert expire_due() == 0
    with pytest.raises(DomainError, match="still valid"):
        perform("expire", technology.pk, actor=None)

    clock.stop(at(2033, 2, 1, 0))
    assert expire_due() == 1

    assert now_of(technology).status == TechnologyStatus.EXPIRED
    assert now_of(confirmed).status == TechnologyStatus.LISTED
    told = StoredMail.objects.get(template="technology_expired")
    assert told.recipient == owner(technology).email
    assert "Its particulars were not confirmed for too long." in told.body
    act = AuditEntry.objects.get(act="technology.expire")
    assert act.reason == "Its particulars were not confirmed for too long."


def test_what_lapsed_before_its_end_is_renewed_as_soon_as_the_holder_asks():
    technology = listed()
    clock.stop(at(2033, 2, 1))
    expire_due()

    renewing.ask(technology.pk, actor=owner(technology), still_holds=True)
    until = dt.date(2041, 1, 1)
    measure = catalog.proposed(now_of(technology), MeasureKind.RENEW, valid_until=until)
    catalog.confirm(measure)

    after = now_of(technology)
    assert (after.status, after.valid_until) == (TechnologyStatus.LISTED, until)
    assert after.confirmed_at == at(2033, 2, 1)


def test_the_silence_of_a_holder_nobody_acts_for_lets_nothing_lapse():
    technology = since(earlier.technology())
    clock.stop(at(2039, 1, 1))
    assert expire_due() == 0

    # Somebody comes: from then on they have as long as everybody.
    person = accounts.member(Level.OWN, technology.holder)
    Membership.objects.filter(user=person).update(since=at(2036, 1, 1))
    assert expire_due() == 0
    Membership.objects.filter(user=person).update(since=at(2035, 12, 31))
    assert expire_due() == 1


def test_nor_does_that_of_a_holder_whose_people_left():
    technology = listed()
    Membership.objects.filter(organisation=technology.holder).delete()
    clock.stop(at(2033, 2, 1))
    assert expire_due() == 0

    person = accounts.member(Level.OWN, technology.holder)
    Membership.objects.filter(user=person).update(since=at(2033, 1, 1))
    assert expire_due() == 0


def test_what_was_listed_before_anybody_was_asked_has_a_year_from_the_upgrade():
    old, fresh, renewed = (listed() for _n in range(3))
    since(fresh, at(2032, 6, 1))
    clock.stop(at(2032, 7, 1))
    perform("renew", catalog.ending(renewed).pk, actor=None, until=dt.date(2040, 1, 31))
    clock.stop(at(2033, 2, 1))

    module = import_module("catalog.migrations.0011_attestations")
    with connection.cursor() as cursor:
        cursor.execute(module.CONFIRMED)

    assert now_of(old).confirmed_at == at(2031, 2, 1)
    assert now_of(fresh).confirmed_at == at(2032, 6, 1)
    assert attesting.last_confirmed(now_of(old)) == (dt.date(2031, 2, 1), Occasion.COUNTED)
    assert "as counted when the yearly confirmation began" in str(verified.last(now_of(old)))
    assert expire_due() == 0


def test_the_list_costs_the_same_however_many_are_stale():
    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            Client().get(address())
        return len(captured)

    listed()
    catalog.numbered()
    cost()
    few = cost()
    for _n in range(15):
        since(listed(), at(2020, 1, 1))
    catalog.numbered()
    cost()

    assert cost() == few
