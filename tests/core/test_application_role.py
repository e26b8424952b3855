"""What the application's own database role may do, and what only the owner of the tables may."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from core import audit
from core.management.commands.grant_application_role import written_once
from core.models import AuditEntry, AuditLink
from tests.builders import accounts

pytestmark = pytest.mark.django_db(transaction=True)


def sql(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.fixture
def role() -> Iterator[str]:
    # Roles belong to the whole server: the name carries that of the test's own database.
    name = f"app_{connection.settings_dict['NAME']}"[:60]
    sql(f'drop role if exists "{name}"')
    sql(f'create role "{name}"')
    call_command("grant_application_role", name)
    yield name
    sql(f'drop owned by "{name}"')
    sql(f'drop role "{name}"')


@contextmanager
def acting_as(role: str) -> Iterator[None]:
    sql(f'set role "{role}"')
    try:
        yield
    finally:
        sql("reset role")


def test_the_application_writes_acts_into_the_chain(role):
    person = accounts.user()

    with acting_as(role), transaction.atomic():
        audit.record("thing.done", audit.Subject("thing", 1), actor=person)

    assert AuditEntry.objects.filter(act="thing.done", link__isnull=False).count() == 1
    assert list(audit.faults()) == []


FORBIDDEN = (
    "update {} set {} = null",
    "delete from {}",
    "truncate {} cascade",
    "alter table {} disable trigger user",
    "drop table {} cascade",
)


@pytest.mark.parametrize(
    ("table", "column"), [("core_auditentry", "reason"), ("core_auditlink", "hash")]
)
def test_the_application_cannot_change_what_is_written_once(role, table, column):
    accounts.user()
    before = AuditLink.objects.count()

    for statement in FORBIDDEN:
        with (
            acting_as(role),
            pytest.raises(DatabaseError, match=r"permission denied|must be owner"),
        ):
            sql(statement.format(table, column))

    assert (AuditLink.objects.count(), list(audit.faults())) == (before, [])


def test_every_append_only_table_is_among_those_written_once(role):
    assert {"core_auditentry", "core_auditlink", "submissions_declarationscheme"} <= set(
        written_once()
    )
    for table in written_once():
        for statement in ("delete from", "truncate"):
            with acting_as(role), pytest.raises(DatabaseError, match="permission denied"):
                sql(f'{statement} "{table}"')


def test_the_application_changes_other_rows_and_truncates_nothing(role):
    person = accounts.user()

    with acting_as(role):
        sql("update accounts_user set name = 'New'")
        with pytest.raises(DatabaseError, match="permission denied"):
            sql("truncate accounts_user cascade")
        with pytest.raises(DatabaseError, match="permission denied"):
            sql("delete from django_migrations")

    person.refresh_from_db()
    assert person.name == "New"


def test_giving_the_role_again_changes_nothing(role):
    call_command("grant_application_role", role)

    with acting_as(role), pytest.raises(DatabaseError, match="permission denied"):
        sql("delete from core_auditentry")
