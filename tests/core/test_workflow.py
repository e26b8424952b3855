"""The one door: order, rights, states, reasons, races, and all or nothing."""

import time
from dataclasses import replace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction

from core import mail, outbox
from core.errors import DomainError, TransitionError
from core.lifecycle import Lifecycle, edges
from core.models import AuditEntry, OutboxMessage, StoredMail
from core.workflow import Act, Step, Workflow
from submissions.models import Activity
from submissions.states import ACTIVITY, ActivityStatus
from tests.builders import accounts
from tests.builders.core import at_once, something_with_a_life

pytestmark = pytest.mark.django_db


def status_of(activity) -> str:
    return Activity.objects.values_list("status", flat=True).get(pk=activity.pk)


def acts_on(activity) -> list[tuple[Any, ...]]:
    entries = AuditEntry.objects.filter(subject_id=str(activity.pk)).order_by("id")
    return [(e.act, e.before, e.after, e.reason, e.details) for e in entries]


def with_reason(name: str) -> Lifecycle:
    """Return the life of an activity in which this step asks for a reason."""
    steps = tuple(replace(step, needs_reason=step.name == name) for step in ACTIVITY.transitions)
    return replace(ACTIVITY, transitions=steps)


@pytest.fixture
def activity() -> Activity:
    return something_with_a_life()


@pytest.fixture
def officer():
    return accounts.officer()


def test_a_step_does_everything_in_its_order(activity, officer):
    seen = []

    def look(moment: str):
        def looking(obj: Activity, act: Act) -> tuple[str, ...]:
            seen.append((moment, status_of(obj), obj.status, len(acts_on(obj))))
            return ()

        return looking

    flow = Workflow(
        ACTIVITY,
        Activity,
        {
            "open": Step(
                guards=(look("guard 1"), look("guard 2")),
                change=look("change"),
                after=(look("after 1"), look("after 2")),
            )
        },
    )
    flow.then("open", look("then"))

    flow.perform("open", activity.pk, actor=officer)

    assert seen == [
        ("guard 1", "prepared", "prepared", 0),
        ("guard 2", "prepared", "prepared", 0),
        ("change", "prepared", "open", 0),
        ("after 1", "open", "open", 1),
        ("after 2", "open", "open", 1),
        ("then", "open", "open", 1),
    ]


def test_the_act_carries_who_why_and_what_was_filled_in(activity, officer):
    acts = []

    def change(obj: Activity, act: Act) -> tuple[str, ...]:
        acts.append(act)
        act.details["rooms"] = act.inputs["rooms"]
        return ()

    flow = Workflow(ACTIVITY, Activity, {"open": Step(change=change)})
    flow.perform("open", activity.pk, actor=officer, reason="  in time ", rooms=3)

    assert [(a.actor, a.reason, dict(a.inputs)) for a in acts] == [
        (officer, "in time", {"rooms": 3})
    ]
    assert acts_on(activity) == [("activity.open", "prepared", "open", "in time", {"rooms": 3})]
    assert AuditEntry.objects.get(act="activity.open").actor == officer


def test_only_what_a_step_names_is_saved(activity, officer):
    def change(obj: Activity, act: Act) -> tuple[str, ...]:
        obj.contact, obj.code = "desk", "other-code"
        return ("contact",)

    Workflow(ACTIVITY, Activity, {"open": Step(change=change)}).perform(
        "open", activity.pk, actor=officer
    )

    activity.refresh_from_db()
    assert (activity.status, activity.contact, activity.code) == ("open", "desk", "round-1")


def test_the_portal_takes_steps_without_a_person(activity):
    Workflow(ACTIVITY, Activity).perform("open", activity.pk, actor=None)

    assert status_of(activity) == "open"
    assert AuditEntry.objects.get(act="activity.open").actor is None


# Refusals -------------------------------------------------------------------------------


def test_a_step_out_of_its_state_is_told_to_who_may_see_the_object(activity, officer):
    flow = Workflow(ACTIVITY, Activity)
    flow.perform("open", activity.pk, actor=officer)

    with pytest.raises(TransitionError, match="open"):
        flow.perform("open", activity.pk, actor=officer)
    # Anyone sees an open activity; that it cannot be opened again is no secret.
    with pytest.raises(TransitionError):
        flow.perform("open", activity.pk, actor=accounts.user())


@pytest.mark.parametrize("name", ["open", "close"])
def test_who_may_not_see_the_object_learns_nothing_of_its_state(activity, name):
    with pytest.raises(PermissionDenied):
        Workflow(ACTIVITY, Activity).perform(name, activity.pk, actor=accounts.user())

    assert (status_of(activity), acts_on(activity)) == ("prepared", [])


def test_who_sees_but_may_not_is_refused(activity, officer):
    flow = Workflow(ACTIVITY, Activity)
    flow.perform("open", activity.pk, actor=officer)

    with pytest.raises(PermissionDenied):
        flow.perform("close", activity.pk, actor=accounts.user())

    assert status_of(activity) == "open"


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_a_reason_is_asked_where_the_table_asks_for_one(activity, officer, reason):
    flow = Workflow(with_reason("open"), Activity)

    with pytest.raises(DomainError) as refused:
        flow.perform("open", activity.pk, actor=officer, reason=reason)
    flow.perform("open", activity.pk, actor=officer, reason="because")

    assert refused.value.field == "reason"
    assert acts_on(activity) == [("activity.open", "prepared", "open", "because", {})]


def test_who_has_no_right_is_not_asked_for_a_reason(activity):
    with pytest.raises(PermissionDenied):
        Workflow(with_reason("open"), Activity).perform("open", activity.pk, actor=accounts.user())


def test_a_guard_refuses_before_anything_changes(activity, officer):
    def refuse(obj: Activity, act: Act) -> None:
        raise DomainError("not yet", field="opens_at")

    with pytest.raises(DomainError, match="not yet"):
        Workflow(ACTIVITY, Activity, {"open": Step(guards=(refuse,))}).perform(
            "open", activity.pk, actor=officer
        )

    assert (status_of(activity), acts_on(activity)) == ("prepared", [])


def test_what_does_not_exist_is_told_apart(activity, officer):
    flow = Workflow(ACTIVITY, Activity)

    with pytest.raises(KeyError, match="fly"):
        flow.perform("fly", activity.pk, actor=officer)
    with pytest.raises(Activity.DoesNotExist):
        flow.perform("open", officer.pk, actor=officer)
    with pytest.raises(LookupError, match="fly"):
        Workflow(ACTIVITY, Activity, {"fly": Step()})
    with pytest.raises(KeyError, match="fly"):
        flow.then("fly", lambda obj, act: None)


def test_open_to_offers_what_perform_would_take(activity, officer):
    flow = Workflow(ACTIVITY, Activity)

    assert [step.name for step in flow.open_to(officer, activity)] == ["open"]
    assert flow.open_to(accounts.user(), activity) == []
    activity = flow.perform("open", activity.pk, actor=officer)
    assert [step.name for step in flow.open_to(officer, activity)] == ["close"]
    activity = flow.perform("close", activity.pk, actor=officer)
    assert [step.name for step in flow.open_to(officer, activity)] == ["conclude"]
    activity = flow.perform("conclude", activity.pk, actor=officer)
    assert flow.open_to(officer, activity) == []


def test_a_step_by_the_clock_is_no_button(activity, officer):
    steps = tuple(replace(step, automatic=True) for step in ACTIVITY.transitions)

    flow = Workflow(replace(ACTIVITY, transitions=steps), Activity)

    assert flow.open_to(officer, activity) == []


# All or nothing -------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_an_effect_that_fails_undoes_status_audit_mail_and_outbox(activity, officer):
    sent = StoredMail.objects.count(), OutboxMessage.objects.count()

    def tell(obj: Activity, act: Act) -> None:
        mail.write("account_exists", to="a@example.org", language="en")
        outbox.enqueue(mail.TOPIC, {"mail": "x"})

    def fail(obj: Activity, act: Act) -> None:
        assert status_of(obj) == "open"
        raise ZeroDivisionError

    flow = Workflow(ACTIVITY, Activity, {"open": Step(after=(tell,))})
    flow.then("open", fail)

    with pytest.raises(ZeroDivisionError):
        flow.perform("open", activity.pk, actor=officer)

    assert (status_of(activity), acts_on(activity)) == ("prepared", [])
    assert (StoredMail.objects.count(), OutboxMessage.objects.count()) == sent


@pytest.mark.django_db(transaction=True)
def test_of_two_who_press_at_once_exactly_one_wins(officer):
    def wait(obj: Activity, act: Act) -> None:
        time.sleep(0.2)  # hold the door, so that the other stands before it

    flow = Workflow(ACTIVITY, Activity, {"open": Step(guards=(wait,))})
    activity, other = something_with_a_life(), accounts.officer()

    results = at_once(
        *(
            lambda who=who: flow.perform("open", activity.pk, actor=who).status
            for who in (officer, other)
        )
    )

    assert sorted(str(type(result).__name__) for result in results) == [
        "ActivityStatus",
        "TransitionError",
    ]
    assert [act for act, *_rest in acts_on(activity)] == ["activity.open"]


@pytest.mark.django_db(transaction=True)
def test_who_only_refers_to_a_row_does_not_wait_for_its_door(officer):
    """A row with a foreign key to it can be written meanwhile; else deadlocks would follow."""
    activity = something_with_a_life()
    field = activity.fields.model.objects.all()[0]

    with transaction.atomic():
        Workflow(ACTIVITY, Activity).perform("open", activity.pk, actor=officer)

        def refer() -> None:
            with transaction.atomic():
                with connection.cursor() as cursor:
                    cursor.execute("set local lock_timeout = '3s'")
                activity.fields.add(field)

        assert at_once(refer) == [None]


# The trigger ----------------------------------------------------------------------------

STATES = [*ActivityStatus.values, "nonsense"]


def put(activity, status: str) -> None:
    """Lead the row to a state along the edges the trigger knows."""
    way = ["open", "closed", "concluded"]
    for stop in way[: way.index(status) + 1] if status in way else ():
        Activity.objects.filter(pk=activity.pk).update(status=stop)


@pytest.mark.parametrize("target", STATES)
@pytest.mark.parametrize("source", ActivityStatus.values)
def test_raw_sql_moves_a_status_along_the_table_only(activity, source, target):
    put(activity, source)
    allowed = source == target or (source, target) in edges(ACTIVITY)

    def update() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "update submissions_activity set status = %s where id = %s", [target, activity.pk]
            )

    if allowed:
        update()
    else:
        with pytest.raises(IntegrityError, match=f"no step leads from {source} to {target}"):
            update()

    assert status_of(activity) == (target if allowed else source)


@pytest.mark.parametrize("status", STATES)
def test_raw_sql_begins_a_life_in_its_first_state_only(activity, status):
    def insert() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "insert into submissions_activity (id, code, status, titles, notices, scheme_id,"
                " opens_at, closes_at, publicity_days, contact)"
                " select gen_random_uuid(), 'other', %s, titles, notices, scheme_id,"
                " opens_at, closes_at, publicity_days, contact from submissions_activity",
                [status],
            )

    if status == "prepared":
        insert()
    else:
        with pytest.raises(IntegrityError, match=f"no life begins as {status}"):
            insert()

    assert Activity.objects.filter(code="other").count() == (status == "prepared")


def test_other_columns_change_without_the_trigger(activity):
    put(activity, "closed")

    assert Activity.objects.filter(pk=activity.pk).update(contact="desk") == 1
