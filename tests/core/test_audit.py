"""The chain of acts: exact, complete, and what happens when somebody meddles with it."""

import datetime as dt
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import audit
from core.models import GENESIS, AuditEntry, AuditLink
from tests.builders import accounts
from tests.builders.core import at_once

committing = pytest.mark.django_db(transaction=True)
texts = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), max_size=40)
documents = st.dictionaries(
    texts,
    st.recursive(
        st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | texts,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
        max_leaves=6,
    ),
    max_size=4,
)


def act(number: int = 1, actor=None) -> AuditEntry:
    with transaction.atomic():
        return audit.record("thing.done", audit.Subject("thing", number), actor=actor)


FORGE = "update core_auditentry set reason = 'x', record = %s where id = %s"


def sql(statement: str, *values) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


@contextmanager
def triggers_off(table: str) -> Iterator[None]:
    """Do what only the owner of the tables can."""
    sql(f"alter table {table} disable trigger user")
    yield
    sql(f"alter table {table} enable trigger user")


@committing
def test_an_act_outside_a_transaction_is_refused():
    with pytest.raises(RuntimeError, match="transaction"):
        audit.record("thing.done", audit.Subject("thing", 1), actor=None)

    assert AuditEntry.objects.count() == 0


@pytest.mark.django_db
def test_the_record_says_everything_in_canonical_json():
    person = accounts.user()

    entry = audit.record(
        "thing.moved",
        audit.Subject("thing", 7),
        actor=person,
        change=("here", "there"),
        reason="为什么 “so”",
        details={"b": [1, "2"], "a": None},
    )

    at = entry.at.astimezone(dt.UTC).isoformat(timespec="microseconds")
    assert entry.record == (
        f'{{"act":"thing.moved","actor":"{person.pk}","after":"there","at":"{at}",'
        '"before":"here","details":{"a":null,"b":[1,"2"]},"reason":"为什么 “so”",'
        '"subject_id":"7","subject_type":"thing"}'
    )
    assert abs(entry.at - timezone.now()) < dt.timedelta(minutes=1)


@committing
def test_the_hashes_are_exact():
    first, second = act(1), act(2)

    one = hashlib.sha256((GENESIS + first.record).encode()).hexdigest()
    two = hashlib.sha256((one + second.record).encode()).hexdigest()
    assert list(
        AuditLink.objects.order_by("position").values_list(
            "entry_id", "position", "previous_hash", "hash"
        )
    ) == [(first.pk, 1, GENESIS, one), (second.pk, 2, one, two)]
    assert list(audit.faults()) == []


@committing
def test_what_is_rolled_back_leaves_no_link():
    with pytest.raises(RuntimeError), transaction.atomic():
        audit.record("thing.done", audit.Subject("thing", 1), actor=None)
        raise RuntimeError
    with transaction.atomic():
        with pytest.raises(RuntimeError), transaction.atomic():
            audit.record("thing.done", audit.Subject("thing", 2), actor=None)
            raise RuntimeError
        audit.record("thing.done", audit.Subject("thing", 3), actor=None)

    assert list(AuditEntry.objects.values_list("subject_id", "link__position")) == [("3", 1)]
    assert list(audit.faults()) == []


@committing
@pytest.mark.parametrize("table", ["core_auditentry", "core_auditlink"])
@pytest.mark.parametrize("change", ["update {} set {}", "delete from {}"])
def test_the_database_refuses_to_change_or_delete_acts(table, change):
    act()
    column = "reason = 'x'" if table == "core_auditentry" else "position = 9"

    with pytest.raises(DatabaseError, match="Cannot update or delete"):
        sql(change.format(table, column))
    with pytest.raises(DatabaseError, match="Cannot update or delete"):
        AuditEntry.objects.update(reason="x")

    assert list(audit.faults()) == []


COLUMNS = (
    "at = at + interval '1 microsecond'",
    "actor_id = null",
    "act = 'other.done'",
    "subject_type = 'other'",
    "subject_id = '99'",
    "before = 'x'",
    "after = 'x'",
    "reason = 'x'",
    """details = '{"x": 1}'""",
)


@committing
def test_a_change_of_any_column_is_found():
    person = accounts.user()
    changed = [act(number, actor=person) for number in range(len(COLUMNS))]
    act(99)

    with triggers_off("core_auditentry"):
        for column, entry in zip(COLUMNS, changed, strict=True):
            sql(f"update core_auditentry set {column} where id = %s", entry.pk)  # noqa: S608 -- ours

    assert list(audit.faults()) == [
        f"act {entry.pk} was changed after it was recorded" for entry in changed
    ]


@committing
def test_a_changed_record_is_found_even_when_its_columns_agree():
    changed = act(1)
    act(2)

    changed.reason = "x"
    forged = audit.canonical_record(changed)
    with triggers_off("core_auditentry"):
        sql(
            "update core_auditentry set reason = 'x', record = %s where id = %s", forged, changed.pk
        )

    assert list(audit.faults()) == ["link 1 does not match its act"]


@committing
def test_a_forged_link_is_found_by_the_one_after_it():
    changed = act(1)
    act(2)
    changed.reason = "x"
    forged = audit.canonical_record(changed)
    hashed = hashlib.sha256((GENESIS + forged).encode()).hexdigest()

    with triggers_off("core_auditentry"), triggers_off("core_auditlink"):
        sql(
            "update core_auditentry set reason = 'x', record = %s where id = %s", forged, changed.pk
        )
        sql("update core_auditlink set hash = %s where entry_id = %s", hashed, changed.pk)

    assert list(audit.faults()) == ["link 2 does not follow the link before it"]


@committing
def test_a_deleted_act_is_found():
    act(1)
    deleted = act(2)
    act(3)

    with triggers_off("core_auditentry"), triggers_off("core_auditlink"):
        sql("delete from core_auditlink where entry_id = %s", deleted.pk)
        sql("delete from core_auditentry where id = %s", deleted.pk)

    assert list(audit.faults()) == [
        "link 2 is missing",
        "link 3 does not follow the link before it",
    ]


@committing
def test_an_act_smuggled_in_is_found():
    act(1)
    smuggled = AuditEntry(at=timezone.now(), act="x", subject_type="x", subject_id="1")

    with triggers_off("core_auditentry"):
        smuggled.save()

    assert list(audit.faults()) == [
        f"act {smuggled.pk} is not in the chain",
    ]


@committing
def test_eight_threads_make_one_unbroken_chain():
    people = [accounts.user() for _ in range(8)]
    before = AuditLink.objects.count()

    def work(person) -> None:
        for number in range(15):
            with transaction.atomic():
                # Row locks come first, the chain's own lock last: no cycle, no deadlock.
                type(person).objects.select_for_update(no_key=True).get(pk=people[number % 8].pk)
                audit.record("thing.begun", audit.Subject("thing", number), actor=person)
                audit.record("thing.ended", audit.Subject("thing", number), actor=person)

    results = at_once(*(lambda person=person: work(person) for person in people))

    assert results == [None] * 8
    positions = AuditLink.objects.order_by("position").values_list("position", flat=True)
    assert list(positions) == list(range(1, before + 8 * 15 * 2 + 1))
    assert list(audit.faults()) == []


@pytest.mark.django_db
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(reason=texts, details=documents, before=texts, after=texts)
def test_what_was_recorded_reads_back_as_it_was(reason, details, before, after):
    entry = audit.record(
        "thing.done",
        audit.Subject("thing", 1),
        actor=None,
        change=(before, after),
        reason=reason,
        details=details,
    )

    stored = AuditEntry.objects.get(pk=entry.pk)

    assert audit.canonical_record(stored) == stored.record
    assert (stored.reason, stored.details) == (reason, details)


def test_differences_tell_each_value_before_and_after_and_withhold_what_they_are_told_to():
    before = {"kind": "a", "names": {"en": "x"}, "phone": "1", "same": [1]}
    after = {"kind": "b", "names": {"en": "y"}, "phone": "2", "same": [1], "new": None, "more": 3}

    assert audit.differences(before, after, withheld={"phone", "same"}) == {
        "kind": ["a", "b"],
        "more": [None, 3],
        "names": [{"en": "x"}, {"en": "y"}],
        "phone": [],
    }
    assert audit.differences(after, after) == {}


@given(before=documents, after=documents)
def test_differences_lead_from_what_was_to_what_is(before, after):
    changed = audit.differences(before, after)

    was = {name: before.get(name) for name in after}
    assert was | {name: new for name, (_old, new) in changed.items()} == after
    assert all(was[name] == old != new for name, (old, new) in changed.items())


@pytest.mark.django_db
def test_values_of_a_row_can_be_hashed_whatever_they_are():
    entry = act()
    entry.at = dt.datetime(2026, 5, 1, 8, 0, tzinfo=dt.timezone(dt.timedelta(hours=8)))
    entry.details = {"days": [dt.date(2026, 5, 1)], "share": 0.5}

    assert audit.values(entry, ["at", "actor", "details", "id"]) == {
        "at": "2026-05-01T00:00:00+00:00",
        "actor": None,
        "details": {"days": ["2026-05-01"], "share": "0.5"},
        "id": entry.pk,
    }
