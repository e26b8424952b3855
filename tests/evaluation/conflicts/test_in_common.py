"""When two declarations have an applicant or joint applicant in common: by names and by number.

One function of the database says it, for conflicts found late and for earlier reviews.
"""

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import Organisation
from core import rights
from evaluation.conflicts import found_late
from evaluation.conflicts.finding import Kind, conflicts
from evaluation.models import BarringReview, Case, LateBar
from submissions.models import JointConfirmation
from tests.builders import accounts, reviews
from tests.builders import connections as make
from tests.builders import evaluation as build
from tests.builders.joint import PARTNER

pytestmark = pytest.mark.django_db

NUMBER = {"registration_number": "NO 914 778"}
OTHER = {"name_en": "Another Ltd", "name_zh": "另一公司"}
ENTRY = {"name_en": "Quay Works", "name_zh": "码头工厂", "registration_number": "no-914778"}


def entry(**changes):
    """Return an organisation of the portal."""
    found = accounts.organisation(country="NO")
    Organisation.objects.filter(pk=found.pk).update(**{**ENTRY, **changes})
    found.refresh_from_db()
    return found


def apart(partner, changes):
    """Return a declaration with a joint applicant, and one of an entry of it."""
    return reviews.with_partner({**PARTNER, **OTHER, **partner}), build.case(
        organisation=entry(**changes)
    )


def both_joint(partner, changes):
    """Return two declarations with a joint applicant each."""
    second = {**PARTNER, **ENTRY, **changes}
    return reviews.with_partner({**PARTNER, **OTHER, **partner}), reviews.with_partner(second)


ALIKE = [
    ({"name_en": "QUAY works"}, {}, True),
    ({"name_zh": "码头 工厂"}, {}, True),  # asked under the other name
    (NUMBER, {}, True),
    (NUMBER, {"country": "DE"}, False),
    ({}, {}, False),
    ({"registration_number": "-"}, {"registration_number": "-"}, False),  # says nothing
]


@pytest.mark.parametrize("made", [apart, both_joint])
@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize(("partner", "changes", "same"), ALIKE)
def test_a_joint_applicant_is_known_by_both_names_and_by_the_number(
    made, turned, partner, changes, same
):
    first, second = made(partner, changes)[:: -1 if turned else 1]
    late, judge = build.expert(), build.expert()
    build.exclude(reviews.judged(first, late))
    reviews.judged(first, judge)
    Case.objects.filter(pk=second.pk).update(
        opened_at=first.assignments.get(expert=judge).sheet.submitted_at.replace(year=2999)
    )
    make.rule("judged")

    found = LateBar.objects.filter(user_id=late.pk, case_id=second.pk)
    judged = BarringReview.objects.filter(user_id=judge.pk, case_id=second.pk)

    assert [one.jointly for one in found] == ([True] if same else [])
    assert judged.count() == int(same)
    told = [[one.kind for one in conflicts(who, second.declaration)] for who in (late, judge)]
    assert told == ([[Kind.LATE], [Kind.JUDGED]] if same else [[], []])


def test_of_two_sheets_excluded_each_stays_to_be_read_and_a_third_case_is_barred():
    first, expert = build.case(), build.expert()
    second, third = reviews.next_of(first), reviews.next_of(first)
    sheets = [reviews.judged(one, expert) for one in (first, second)]
    for sheet in sheets:
        build.exclude(sheet)

    barred = LateBar.objects.filter(user_id=expert.pk)

    assert {one.case_id for one in barred} == {third.pk}
    assert {one.sheet_id for one in barred} == {one.pk for one in sheets}
    for sheet in sheets:
        assert rights.held(expert.user, sheet, "read") == {"read"}
        assert not rights.can(expert.user, "read", sheet.assignment.case.declaration)
    told = found_late.against(first, [expert])
    assert told == {expert.pk: [str(found_late.FOUND)]}


def test_what_is_in_common_is_found_by_index():
    case = reviews.with_partner({**PARTNER, **ENTRY})
    other = build.case(organisation=entry())
    norway = other.declaration.organisation.country
    Organisation.objects.bulk_create(
        Organisation(
            name_en=f"Works {number}",
            name_zh=f"工厂 {number}",
            country=norway,
            registration_number=f"NO {number}",
            kind=Organisation.Kind.ENTERPRISE,
        )
        for number in range(3000)
    )
    JointConfirmation.objects.bulk_create(
        JointConfirmation(
            declaration=other.declaration,
            version=other.version,
            place=number,
            name_en=f"Joint {number}",
            name_zh=f"联合 {number}",
            registration_number=f"NO 9{number}",
            country="NO",
            language="en",
            asked_at=timezone.now(),
        )
        for number in range(12000)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE accounts_organisation, submissions_jointconfirmation")
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = 'evaluation_in_common'")
        body = cursor.fetchone()[0].partition("RETURN QUERY")[2].partition("END")[0]
        body = body.replace("(versions)", f"('{{{case.version_id}}}'::bigint[])").strip(" ;\n")
        cursor.execute(f"EXPLAIN {body}")
        plan = "\n".join(line for (line,) in cursor.fetchall())

    for key in ("key_en", "key_zh", "key_no"):
        assert f"accounts_organisation_{key}" in plan
        assert f"submissions_joint_{key}" in plan
    assert "Seq Scan on accounts_organisation" not in plan
    assert "Seq Scan on submissions_jointconfirmation" not in plan
