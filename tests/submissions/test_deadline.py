"""The closing time, to the millisecond: by the database's clock, at arrival."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from django.db import connection, transaction

from core.errors import TransitionError
from core.models import AuditEntry
from core.workflow import Step, Workflow
from submissions import closing, services
from submissions.activities import require_open
from submissions.models import Activity, DeclarationVersion
from submissions.states import ACTIVITY, ActivityStatus, Status
from submissions.steps import note_closing
from submissions.workflow import ACTIVITIES, perform
from tests.builders import accounts, clock
from tests.builders import submissions as build
from tests.builders.core import until_it_waits

CLOSES = dt.datetime(2030, 3, 31, 15, 59, 59, tzinfo=dt.UTC)
MS = dt.timedelta(milliseconds=1)
OFFSETS = [-MS, dt.timedelta(0), MS]
FIVE_MINUTES = dt.timedelta(minutes=5)


def round_and_draft(**more):
    activity = build.open_activity(closes_at=CLOSES, **more)
    return activity, build.draft(activity=activity)


def submitted(draft):
    try:
        perform("submit", draft.pk, actor=accounts.owner_of(draft.organisation))
    except TransitionError as error:
        if "This activity is closed" not in str(error):
            raise
    draft.refresh_from_db()
    return draft.status == Status.SUBMITTED


@pytest.mark.django_db
@pytest.mark.parametrize("grace", [0, 10])
@pytest.mark.parametrize("offset", OFFSETS, ids=["before", "exactly", "after"])
@pytest.mark.parametrize(
    "app_clock", [None, -FIVE_MINUTES, FIVE_MINUTES], ids=["right", "slow", "fast"]
)
def test_closing_itself_is_in_time_and_a_millisecond_later_is_not(grace, offset, app_clock):
    _activity, draft = round_and_draft(grace_minutes=grace)
    arrives = CLOSES + dt.timedelta(minutes=grace) + offset

    clock.stop(arrives)
    if app_clock is None:
        taken = submitted(draft)
    else:
        with time_machine.travel(arrives + app_clock, tick=False):
            taken = submitted(draft)

    assert taken is (offset <= dt.timedelta(0))
    times = list(DeclarationVersion.objects.values_list("submitted_at", flat=True))
    assert times == ([arrives] if taken else [])
    assert draft.submitted_at == (arrives if taken else None)


@pytest.mark.django_db
@pytest.mark.parametrize(("offset", "marked"), [(dt.timedelta(0), {}), (MS, {"in_grace": True})])
def test_what_comes_by_grace_is_marked_so(offset, marked):
    _activity, draft = round_and_draft(grace_minutes=10)
    clock.stop(CLOSES + offset)

    assert submitted(draft)

    said = AuditEntry.objects.get(act="declaration.submit").details
    assert {key: said[key] for key in said if key == "in_grace"} == marked


@pytest.mark.django_db
@pytest.mark.parametrize("offset", OFFSETS, ids=["before", "exactly", "after"])
def test_grace_is_for_what_was_begun(offset):
    activity = build.open_activity(closes_at=CLOSES, grace_minutes=10)

    if offset <= dt.timedelta(0):
        require_open(activity, CLOSES + offset)
    else:
        with pytest.raises(TransitionError, match="closed"):
            require_open(activity, CLOSES + offset)
    assert activity.status == ActivityStatus.OPEN


@pytest.mark.django_db
@pytest.mark.parametrize("day", [30, 31])
def test_corrections_are_in_time_until_the_end_of_their_day_in_beijing(day):
    officer = accounts.officer()
    draft = build.declaration(Status.IN_CHECK, officer=officer)
    due_on = dt.date(2030, 3, 30)
    perform(
        "return",
        draft.pk,
        actor=officer,
        reason="x",
        due_on=due_on,
        corrections=[{"section": "technology", "field": "summary", "reason": "More."}],
    )
    clock.stop(dt.datetime(2030, 3, day, 15, 59, 59, 999999, tzinfo=dt.UTC))

    if day == 30:
        perform("submit", draft.pk, actor=accounts.owner_of(draft.organisation))
        assert draft.versions.count() == 2
    else:
        with pytest.raises(TransitionError, match="2030-03-30"):
            perform("submit", draft.pk, actor=accounts.owner_of(draft.organisation))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("offset", "closed"), [(dt.timedelta(minutes=10), 0), (dt.timedelta(minutes=10) + MS, 1)]
)
def test_the_clock_closes_an_activity_after_its_grace_and_only_once(offset, closed):
    activity = build.open_activity(closes_at=CLOSES, grace_minutes=10)
    clock.stop(CLOSES + offset)

    assert [closing.close_due(), closing.close_due()] == [closed, 0]

    activity.refresh_from_db()
    assert activity.status == (ActivityStatus.CLOSED if closed else ActivityStatus.OPEN)
    assert activity.closed_at == (CLOSES + offset if closed else None)
    acts = AuditEntry.objects.filter(act="activity.run_out")
    told = [(one.actor, one.before, one.after) for one in acts]
    assert told == [(None, "open", "closed")] * closed


@pytest.mark.django_db
def test_a_prolonged_activity_is_not_closed_by_a_look_that_came_too_early():
    activity = build.open_activity(closes_at=CLOSES)
    services.edit_activity(
        activity.pk,
        actor=accounts.officer(),
        closes_at=CLOSES + dt.timedelta(days=1),
        closing_reason="Floods.",
    )
    clock.stop(CLOSES + MS)

    assert closing.close_due() == 0
    with pytest.raises(Exception, match="has not passed yet"):
        ACTIVITIES.perform("run_out", activity.pk, actor=None)


def in_a_thread(pool, draft):
    def run():
        try:
            return submitted(draft)
        finally:
            connection.close()

    return pool.submit(run)


@pytest.mark.django_db(transaction=True)
def test_who_arrived_in_time_may_wait_for_a_lock_past_the_closing():
    activity, draft = round_and_draft()

    with clock.stopped(CLOSES - MS), ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            Activity.objects.select_for_update(no_key=True).get(pk=activity.pk)
            taken = in_a_thread(pool, draft)
            until_it_waits()
            clock.stop(CLOSES + dt.timedelta(hours=1))  # it moves when this transaction ends

        assert taken.result(timeout=30)
        assert draft.versions.get().submitted_at == CLOSES - MS


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("arrives", "taken"), [(-MS, True), (dt.timedelta(0), False)])
def test_closed_meanwhile_it_takes_what_had_arrived(arrives, taken):
    activity, draft = round_and_draft()
    closed_at = CLOSES - dt.timedelta(days=1)
    # Today nobody closes early; some activities of former times were.
    by_hand = Workflow(ACTIVITY, Activity, {"close": Step(change=note_closing)})

    with clock.stopped(closed_at + arrives), ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            Activity.objects.select_for_update(no_key=True).get(pk=activity.pk)
            result = in_a_thread(pool, draft)
            until_it_waits()
            clock.stop(closed_at)
            by_hand.perform("close", activity.pk, actor=accounts.officer())

        assert result.result(timeout=30) is taken

    activity.refresh_from_db()
    assert (activity.status, activity.closed_at) == (ActivityStatus.CLOSED, closed_at)


@pytest.mark.django_db(transaction=True)
def test_two_that_look_at_once_close_it_once():
    activity = build.open_activity(closes_at=CLOSES)

    with clock.stopped(CLOSES + MS), ThreadPoolExecutor(2) as pool:

        def look():
            try:
                return closing.close_due()
            finally:
                connection.close()

        closed = [future.result(timeout=30) for future in [pool.submit(look), pool.submit(look)]]

    assert sorted(closed) == [0, 1]
    assert AuditEntry.objects.filter(act="activity.run_out", subject_id=activity.pk).count() == 1


class TestQuota:
    pytestmark = pytest.mark.django_db(transaction=True)

    def test_two_at_once_do_not_exceed_it_and_a_withdrawal_makes_room(self):
        activity = build.open_activity(quota=1)
        first = build.draft(activity=activity)
        second = build.draft(activity=activity, organisation=first.organisation)
        elsewhere = build.draft(activity=activity)
        owner = accounts.owner_of(first.organisation)

        def submit(draft):
            try:
                perform("submit", draft.pk, actor=accounts.owner_of(draft.organisation))
            except Exception as error:  # noqa: BLE001 -- what happened is the result
                return str(error)
            finally:
                connection.close()
            return ""

        with ThreadPoolExecutor(3) as pool:
            said = list(pool.map(submit, [first, second, elsewhere]))

        refused = [one for one in said if one]
        assert refused == [
            "An organisation may submit 1 declaration in this activity; "
            "yours has done so. One that is withdrawn makes room."
        ]
        filed = first if not said[0] else second
        other = second if filed is first else first
        perform("withdraw", filed.pk, actor=owner, reason="x")
        perform("submit", other.pk, actor=owner)
        other.refresh_from_db()
        assert other.status == Status.SUBMITTED
