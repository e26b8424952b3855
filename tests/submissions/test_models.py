"""What PostgreSQL refuses, whoever asks."""

import pytest
from django.db import DatabaseError, connection, transaction

from submissions.models import Activity, Declaration, DeclarationVersion
from submissions.states import ACTIVITY, DECLARATION, ActivityStatus, Status
from tests.builders import accounts
from tests.builders import submissions as build

pytestmark = pytest.mark.django_db


def refused(sql, *values):
    with pytest.raises(DatabaseError) as refusal, transaction.atomic(), connection.cursor() as db:
        db.execute(sql, values)
    return str(refusal.value)


@pytest.mark.parametrize("status", [one for one in Status if one != Status.DRAFT])
def test_raw_sql_can_move_a_draft_only_where_the_table_says(status):
    draft = build.draft()
    possible = {step.target for step in DECLARATION.from_state(Status.DRAFT)}
    update = "update submissions_declaration set status = %s where id = %s"

    message = "" if status == Status.WITHDRAWN else refused(update, status, draft.pk)

    assert (f"no step leads from draft to {status}" in message) == (status not in possible)


@pytest.mark.parametrize("status", [one for one in Status if one != Status.DRAFT])
def test_raw_sql_cannot_begin_a_life_in_the_middle(status):
    draft = build.draft()
    columns = "organisation_id, activity_id, language, content, revision, section_revisions, title"
    copy = f"""
        insert into submissions_declaration
            (id, status, start_key, created_by_id, created_at, updated_at, {columns})
        select gen_random_uuid(), %s, gen_random_uuid(), created_by_id, now(), now(), {columns}
        from submissions_declaration where id = %s
    """  # noqa: S608 -- the columns are a constant

    assert f"no life begins as {status}" in refused(copy, status, draft.pk)


@pytest.mark.parametrize("status", list(ActivityStatus))
def test_raw_sql_can_move_an_activity_only_where_the_table_says(status):
    activity = build.closed_activity()
    onward = {step.target for step in ACTIVITY.from_state(ActivityStatus.CLOSED)}

    assert onward == {ActivityStatus.CONCLUDED}
    if status not in (ActivityStatus.CLOSED, *onward):
        update = "update submissions_activity set status = %s where id = %s"
        assert "no step leads from closed" in refused(update, status, activity.pk)
    assert Activity.objects.get().status == ActivityStatus.CLOSED


@pytest.mark.parametrize(
    "table", ["declarationversion", "correction", "declarationscheme", "ruleset"]
)
def test_raw_sql_changes_and_deletes_nothing_that_was_filed(table):
    build.declaration(Status.RETURNED)

    assert "append_only" in refused(f"update submissions_{table} set id = id")  # noqa: S608 -- a constant
    assert "append_only" in refused(f"delete from submissions_{table}")  # noqa: S608 -- a constant


def test_filed_declaration_has_number_version_and_time():
    filed = build.declaration(Status.SUBMITTED)

    for column in ("number", "version_id", "submitted_at"):
        sql = f"update submissions_declaration set {column} = null where id = %s"  # noqa: S608 -- a constant
        assert "submissions_declaration_filed" in refused(sql, filed.pk)


def test_own_declarations_are_those_of_ones_organisations():
    mine, other = build.draft(), build.declaration(Status.SUBMITTED)
    owner, officer = accounts.owner_of(mine.organisation), accounts.officer()

    assert list(Declaration.objects.own(owner)) == [mine]
    assert list(Declaration.objects.own(officer)) == []
    assert list(Declaration.objects.visible_to(officer)) == [other]


def test_names_of_the_rows():
    filed = build.declaration(Status.RETURNED)

    assert str(filed) == "Membrane bioreactor for landfill leachate"
    assert str(Declaration()) == "Untitled declaration"
    assert str(DeclarationVersion.objects.get()) == f"{filed.pk} v1"
    assert str(filed.version.corrections.get()) == "technology.summary"
    assert str(filed.activity.scheme) == "Declaration scheme of the demonstration (demo 3)"
    assert str(filed.activity.rule_set) == "Rules of the declaration (default 2)"
