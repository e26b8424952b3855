"""Measures on listings: proposed by one officer, confirmed by another, the holder heard."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.utils import InternalError
from django.utils import timezone

from accounts.roles import Level
from accounts.services import add_member, grant_role
from catalog import renewing
from catalog.measure_states import HEARD, MeasureKind, MeasureStatus
from catalog.measures import MEASURES
from catalog.models import ListingMeasure, RenewalRequest, Technology
from catalog.states import TECHNOLOGY, TechnologyStatus
from core.errors import DomainError, TransitionError
from core.models import AuditEntry, StoredMail
from tests.builders import accounts, catalog, clock

pytestmark = pytest.mark.django_db

NOT_HEARD = sorted(set(MeasureKind) - HEARD)
TARGETS = {kind: TECHNOLOGY.step(kind).target for kind in MeasureKind}


def prepared(kind: str) -> Technology:
    """Return a technology on which such a measure can be confirmed at once."""
    technology = catalog.owned()
    if kind == MeasureKind.RESUME:
        return catalog.take(technology, "suspend")
    if kind == MeasureKind.RENEW:
        technology = catalog.ending(technology)
        renewing.ask(technology.pk, actor=accounts.owner_of(technology.holder), still_holds=True)
    return technology


def now_of(technology: Technology) -> str:
    return Technology.objects.get(pk=technology.pk).status


def mails(template: str) -> list[StoredMail]:
    return list(StoredMail.objects.filter(template=template).order_by("created_at"))


def after_the_day(measure: ListingMeasure) -> dt.datetime:
    """Return a moment when nobody can answer any more and what holds at once has lapsed."""
    return measure.proposed_at + dt.timedelta(days=8)


# Two officers ------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", NOT_HEARD)
def test_what_one_proposes_another_carries_out_and_the_holder_reads_the_statement(kind):
    technology, first, second = prepared(kind), accounts.officer(), accounts.officer()
    before = now_of(technology)

    measure = catalog.proposed(technology, kind, actor=first)
    assert now_of(technology) == before
    with pytest.raises(DomainError, match="you proposed it yourself"):
        catalog.confirm(measure, actor=first)
    done = catalog.confirm(measure, actor=second)

    assert now_of(technology) == TARGETS[kind]
    assert (done.status, done.confirmed_by) == (MeasureStatus.CONFIRMED, second)
    act = AuditEntry.objects.get(act=f"technology.{kind}", details__measure=measure.pk)
    assert (act.actor, act.reason) == (None, "Because.")
    owner = accounts.owner_of(technology.holder)
    told = list(StoredMail.objects.filter(recipient=owner.email).order_by("created_at"))
    assert "The figures are in doubt." in told[-1].body
    assert "Because." not in told[-1].body


def test_a_renewed_listing_ends_on_the_day_that_was_confirmed():
    technology = prepared(MeasureKind.RENEW)
    day = timezone.localdate() + dt.timedelta(days=1000)

    catalog.confirm(catalog.proposed(technology, MeasureKind.RENEW, valid_until=day))

    renewed = Technology.objects.get(pk=technology.pk)
    assert (renewed.status, renewed.valid_until) == (TechnologyStatus.LISTED, day)
    assert renewed.content["valid_until"] == day.isoformat()
    assert renewing.standing_request(renewed) is None  # for the next end it is asked anew


@pytest.mark.parametrize("step", ["send_back", "withdraw"])
def test_what_is_sent_back_or_withdrawn_changes_nothing_and_is_told(step):
    first, second = accounts.officer(), accounts.officer()
    measure = catalog.proposed(actor=first)
    actor = second if step == "send_back" else first

    with pytest.raises(DomainError, match="give a reason"):
        MEASURES.perform(step, measure.pk, actor=actor)
    ended = MEASURES.perform(step, measure.pk, actor=actor, reason="Not proven.")

    assert ended.dropped_because == "Not proven."
    assert now_of(measure.technology) == TechnologyStatus.LISTED
    assert [one.recipient for one in mails("listing_measure_dropped")] == [first.email]
    (told,) = mails("listing_notice_dropped")
    assert "is not revoked" in told.body
    assert catalog.proposed(measure.technology, actor=first)  # and another can be proposed


def test_who_proposed_it_does_not_send_it_back():
    officer = accounts.officer()
    measure = catalog.proposed(actor=officer)

    with pytest.raises(DomainError, match="you proposed it yourself"):
        MEASURES.perform("send_back", measure.pk, actor=officer, reason="No.")


def test_one_measure_of_a_listing_is_open_at_a_time():
    measure = catalog.proposed()

    with pytest.raises(DomainError, match="A measure on this listing is open"):
        catalog.proposed(measure.technology)
    with pytest.raises(IntegrityError, match="one_open"), transaction.atomic():
        measure.pk = None
        measure.save(force_insert=True)


def test_a_measure_does_not_fit_the_state_any_more():
    technology = catalog.owned()
    measure = catalog.proposed(technology, MeasureKind.WITHDRAW)
    catalog.take(technology, "revoke")

    with pytest.raises(TransitionError):
        catalog.confirm(measure)
    assert ListingMeasure.objects.get(pk=measure.pk).status == MeasureStatus.PROPOSED


@pytest.mark.parametrize(
    ("kind", "given", "field", "says"),
    [
        ("revoke", {"reason": " "}, "reason", "give a reason"),
        ("revoke", {"statement": ""}, "statement", "statement to the holder"),
        ("revoke", {"statement": "x" * 4001}, "statement", "too long"),
        ("revoke", {"due_on": None}, "due_on", "until which day"),
        ("revoke", {"due_on": dt.date(2020, 1, 1)}, "due_on", "has passed"),
        ("revoke", {"due_on": dt.date(2090, 1, 1)}, "due_on", "90 days away"),
        ("revoke", {"at_once": True}, "at_once", "Only a suspension"),
        ("withdraw", {"evidence": ""}, "evidence", "how the holder asked"),
        ("renew", {"valid_until": None}, "valid_until", "until which day"),
        ("renew", {"valid_until": dt.date(2020, 1, 1)}, "valid_until", "later than before"),
        ("renew", {"valid_until": dt.date(2090, 1, 1)}, "valid_until", "At most 10 years"),
        ("resume", {}, "kind", "present state"),
        ("burn", {}, "kind", "Choose a measure"),
    ],
)
def test_what_cannot_be_proposed_is_refused_at_its_field(kind, given, field, says):
    with pytest.raises(DomainError, match=says) as refused:
        catalog.proposed(None, kind, **given)

    assert refused.value.field == field
    assert not ListingMeasure.objects.exists()


def test_the_database_wants_two_officers_and_keeps_what_was_proposed():
    officer = accounts.officer()
    measure = catalog.proposed(None, MeasureKind.WITHDRAW, actor=officer)
    row = ListingMeasure.objects.filter(pk=measure.pk)

    with pytest.raises(IntegrityError, match="two_officers"), transaction.atomic():
        row.update(status="confirmed", confirmed_by=officer, confirmed_at=timezone.now())
    with pytest.raises(IntegrityError, match="_confirmed"), transaction.atomic():
        row.update(status="confirmed")
    for change in ({"statement": "Another."}, {"kind": "revoke"}):
        with pytest.raises(InternalError), transaction.atomic():
            row.update(**change)
    with pytest.raises(InternalError), transaction.atomic():
        row.delete()


# Who may -------------------------------------------------------------------------------------


def test_who_is_no_officer_or_of_the_holder_proposes_and_confirms_nothing():
    measure = catalog.proposed()
    catalog.answer(measure)
    tied = accounts.officer()
    add_member(measure.technology.holder_id, tied, Level.VIEW, actor=None)
    owner = accounts.owner_of(measure.technology.holder)

    for person in (tied, owner, accounts.user(), accounts.expert_user(), accounts.auditor()):
        with pytest.raises(PermissionDenied):
            catalog.confirm(measure, actor=person)
        with pytest.raises(PermissionDenied):
            catalog.proposed(measure.technology, actor=person)
    told = [one.recipient for one in mails("listing_measure_waits")]
    assert tied.email not in told
    assert not ListingMeasure.objects.visible_to(tied).exists()
    assert not ListingMeasure.objects.visible_to(owner).exists()  # reasons are the officers'


def test_an_officer_who_scored_the_case_does_not_confirm():
    technology = catalog.listed_technology()
    scorer = technology.case.assignments.first().expert.user
    grant_role(scorer, "officer", actor=None)
    scorer = type(scorer).objects.get(pk=scorer.pk)
    measure = catalog.proposed(technology)
    catalog.answer(measure)

    with pytest.raises(PermissionDenied):
        catalog.confirm(measure, actor=scorer)
    with pytest.raises(PermissionDenied):
        catalog.proposed(technology, actor=scorer)


# The holder is heard ---------------------------------------------------------------------------


@pytest.mark.parametrize("kind", sorted(HEARD))
def test_the_holder_is_heard_before_it_is_confirmed(kind):
    measure = catalog.proposed(None, kind)
    (notice,) = mails("listing_notice")
    assert notice.recipient == accounts.owner_of(measure.technology.holder).email
    assert "The figures are in doubt." in notice.body
    assert f"/catalogue/{measure.technology_id}/holder/" in notice.body

    with pytest.raises(DomainError, match="The holder can still answer"):
        catalog.confirm(measure)
    answered = catalog.answer(measure, " They are right. ")
    assert answered.answer == "They are right."
    assert mails("listing_notice_answered")
    with pytest.raises(DomainError, match="answered already"):
        catalog.answer(measure)
    catalog.confirm(measure)

    assert now_of(measure.technology) == TARGETS[MeasureKind(kind)]


def test_without_an_answer_it_is_confirmed_when_the_day_has_passed():
    measure = catalog.proposed()
    clock.stop(after_the_day(measure))

    with pytest.raises(DomainError, match="day until which"):
        catalog.answer(measure)
    catalog.confirm(measure)

    assert now_of(measure.technology) == TechnologyStatus.REVOKED


@pytest.mark.parametrize(("text", "says"), [(" ", "Write the answer"), ("x" * 4001, "too long")])
def test_an_answer_is_a_text(text, says):
    with pytest.raises(DomainError, match=says):
        catalog.answer(catalog.proposed(), text)


def test_nothing_is_answered_where_nothing_is_asked():
    with pytest.raises(DomainError, match="Nothing is asked"):
        catalog.answer(catalog.proposed(None, MeasureKind.WITHDRAW))


# Renewal ---------------------------------------------------------------------------------------


def test_a_listing_is_renewed_only_if_the_holder_says_its_particulars_hold():
    technology = catalog.ending(catalog.owned())
    owner = accounts.owner_of(technology.holder)
    measure = catalog.proposed(technology, MeasureKind.RENEW)
    (asked,) = mails("listing_renewal_wanted")
    assert asked.recipient == owner.email

    with pytest.raises(DomainError, match="has not said yet"):
        catalog.confirm(measure)
    with pytest.raises(DomainError, match="particulars still hold") as refused:
        renewing.ask(technology.pk, actor=owner, still_holds=False)
    assert refused.value.field == "still_holds"
    made = renewing.ask(technology.pk, actor=owner, still_holds=True)
    assert renewing.ask(technology.pk, actor=owner, still_holds=True) == made  # pressed twice
    assert made.content_hash == technology.content_hash
    catalog.confirm(measure)

    assert Technology.objects.get(pk=technology.pk).valid_until == measure.valid_until


def test_renewal_is_asked_for_near_the_end_by_who_may_file_for_the_holder():
    technology = catalog.owned()
    owner = accounts.owner_of(technology.holder)

    with pytest.raises(DomainError, match="too early"):
        renewing.ask(technology.pk, actor=owner, still_holds=True)
    catalog.ending(technology, 100)
    viewer = accounts.member(Level.VIEW, technology.holder)
    for person in (viewer, accounts.user(), accounts.officer()):
        with pytest.raises(PermissionDenied):
            renewing.ask(technology.pk, actor=person, still_holds=True)
    officer = accounts.officer()
    renewing.ask(technology.pk, actor=owner, still_holds=True)

    assert officer.email in [one.recipient for one in mails("listing_renewal_asked")]
    with pytest.raises(InternalError), transaction.atomic():
        RenewalRequest.objects.all().delete()


def renewed_soon() -> Technology:
    """Return a technology that was renewed, but only to a day still near."""
    technology = prepared(MeasureKind.RENEW)
    day = timezone.localdate() + dt.timedelta(days=60)
    catalog.confirm(catalog.proposed(technology, MeasureKind.RENEW, valid_until=day))
    return Technology.objects.get(pk=technology.pk)


def test_what_was_said_once_renews_once():
    technology = renewed_soon()
    assert renewing.standing_request(technology) is None

    measure = catalog.proposed(technology, MeasureKind.RENEW)
    with pytest.raises(DomainError, match="has not said yet"):
        catalog.confirm(measure)
    owner = accounts.owner_of(technology.holder)
    renewing.ask(technology.pk, actor=owner, still_holds=True)
    catalog.confirm(measure)

    assert RenewalRequest.objects.filter(technology=technology).count() == 2


def test_what_was_said_of_another_record_or_long_ago_does_not_count():
    technology = prepared(MeasureKind.RENEW)
    made = RenewalRequest.objects.get()
    Technology.objects.filter(pk=technology.pk).update(content_hash="0" * 64)
    assert renewing.standing_request(technology) is None
    Technology.objects.filter(pk=technology.pk).update(content_hash=made.content_hash)
    assert renewing.standing_request(technology) == made

    clock.stop(made.asked_at + dt.timedelta(days=366))

    assert renewing.standing_request(technology) is None


def test_what_was_said_before_the_listing_expired_counts_afterwards():
    technology = prepared(MeasureKind.RENEW)
    clock.stop(timezone.now() + dt.timedelta(days=40))
    catalog.expire(technology)

    expired = Technology.objects.get(pk=technology.pk)
    assert expired.content_hash != RenewalRequest.objects.get().content_hash
    assert renewing.standing_request(expired) == RenewalRequest.objects.get()


@pytest.mark.parametrize(
    ("ends", "opens"),
    [
        (dt.date(2030, 8, 31), dt.date(2030, 2, 28)),
        (dt.date(2030, 6, 30), dt.date(2029, 12, 30)),
        (dt.date(2030, 3, 15), dt.date(2029, 9, 15)),
    ],
)
def test_renewal_opens_six_months_before_the_end(ends, opens):
    assert renewing.opens_on(Technology(valid_until=ends)) == opens
