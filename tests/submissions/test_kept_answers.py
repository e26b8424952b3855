"""What joint applicants and recommending units answered stays as they said it, also by raw SQL."""

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from submissions.joint import CONFIRMATIONS
from submissions.models import JointConfirmation, Recommendation
from submissions.recommending import RECOMMENDATIONS, name_unit
from submissions.states import JointStatus, RecommendationStatus, Status
from tests.builders import accounts
from tests.builders import submissions as build
from tests.builders.joint import PARTNER

pytestmark = pytest.mark.django_db


OTHERWISE = "update {} set {} = 'Otherwise.'"


def filed():
    """Return what was filed with a joint applicant and a recommending unit, both asked."""
    document = build.content()
    document["applicant"]["joint"] = [PARTNER]
    draft = build.draft(document=document, activity=build.open_activity(recommended=True))
    owner = accounts.owner_of(draft.organisation)
    name_unit(draft.pk, actor=owner, unit="A bureau", address="b@example.org", language="en")
    build.take(draft, "submit", owner)
    draft.refresh_from_db()
    return draft


def confirmation():
    one = filed().joint_confirmations.get()
    CONFIRMATIONS.perform("decline", one.pk, actor=None, signatory="K. P.", remark="Not ours.")
    return one


def recommendation():
    one = filed().recommendation
    RECOMMENDATIONS.perform("recommend", one.pk, actor=None, signatory="Dr. B.", opinion="Sound.")
    return one


def refused(sql, error=DatabaseError, match="Cannot"):
    with (
        pytest.raises(error, match=match),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)


@pytest.mark.parametrize(
    "sql",
    [
        "update {} set signatory = 'Somebody else'",
        "update {} set answered_at = now()",
        "update {} set declaration_id = gen_random_uuid()",
        "update {} set version_id = version_id + 1",
        "delete from {}",
    ],
)
@pytest.mark.parametrize(("made", "more"), [(confirmation, "remark"), (recommendation, "opinion")])
def test_an_answer_is_neither_rewritten_nor_deleted(made, more, sql):
    table = made()._meta.db_table

    refused(sql.format(table))
    refused(OTHERWISE.format(table, more))


def test_what_was_declined_can_still_be_waived_and_keeps_its_answer():
    one = confirmation()

    CONFIRMATIONS.perform("waive", one.pk, actor=accounts.officer(), reason="It left.")

    one.refresh_from_db()
    assert (one.status, one.signatory, one.remark) == (JointStatus.WAIVED, "K. P.", "Not ours.")
    refused("update submissions_jointconfirmation set signatory = ''")


@pytest.mark.parametrize(
    "sql",
    [
        "update submissions_jointconfirmation set status = 'confirmed', answered_at = now()",
        "update submissions_recommendation set status = 'recommended', answered_at = now(), "
        "opinion = 'Sound.'",
    ],
)
def test_nothing_is_answered_without_who_signs(sql):
    filed()

    refused(sql, IntegrityError, "answered")


@pytest.mark.parametrize("model", [JointConfirmation, Recommendation])
def test_neither_is_about_a_version_of_another_declaration(model):
    one, other = filed(), build.declaration(Status.SUBMITTED)
    values = {
        JointConfirmation: {"place": 1, "name": "Second", "version": one.version},
        Recommendation: {"unit": "A bureau", "address": "b@example.org", "version": one.version},
    }[model]

    with pytest.raises(IntegrityError, match="of another declaration"), transaction.atomic():
        model.objects.create(
            declaration=other, language="en", asked_at=other.submitted_at, **values
        )


def test_a_unit_is_named_anew_as_long_as_it_is_not_asked():
    draft = build.draft(activity=build.open_activity(recommended=True))
    owner = accounts.owner_of(draft.organisation)
    for unit in ("A bureau", "Another"):
        name_unit(draft.pk, actor=owner, unit=unit, address="b@example.org", language="en")

    assert list(Recommendation.objects.values_list("unit", "status")) == [
        ("Another", RecommendationStatus.NAMED)
    ]
    build.take(draft, "submit", owner)
    refused("update submissions_recommendation set unit = 'A third'")
