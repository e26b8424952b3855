"""The replay of the sheets of experts who were drawn, and of sheets the audit knows nothing of."""

import pytest

from core.models import AuditEntry
from evaluation.models import Assignment, Case, Replacement, ScoreSheet
from evaluation.planning import replacing
from evaluation.states import CaseStatus
from tests.builders import evaluation as build
from tests.builders import planning
from tests.replaying import as_owner, faults, replayed

pytestmark = pytest.mark.django_db


@pytest.fixture
def activity():
    """An activity with a case decided by three experts, one of them drawn for another."""
    made = build.activity(experts_wanted=3)
    planning.waiting(made, 1)
    planning.experts(4)
    owed = planning.declined(planning.published(made))
    replacing.draw({"declined": str(owed.pk)})
    case = Case.objects.get()
    for one in Assignment.objects.filter(case=case, status="invited"):
        build.submit(build.accept(one), 70)
    build.decide(build.reread(case))
    return made


def test_the_sheet_of_a_drawn_replacement_is_replayed(activity):
    drawn = Replacement.objects.get().assignment

    printed, error = replayed(activity.code)

    assert (error, faults(printed)) == (None, [])
    assert "1 decisions" in printed
    assert "3 score sheets" in printed
    act = AuditEntry.objects.get(act="assignment.drawn")
    assert act.details["case"] == str(drawn.case_id)


def test_of_an_older_draw_the_case_is_that_of_who_declined(activity):
    as_owner(
        "core_auditentry",
        "UPDATE core_auditentry SET details = details - 'case' WHERE act = 'assignment.drawn'",
    )

    printed, _error = replayed(activity.code)

    assert "3 score sheets" in printed
    assert [line for line in faults(printed) if "audit: act" not in line] == []


@pytest.mark.parametrize("status", ["submitted", "excluded"])
def test_a_sheet_smuggled_in_is_named(activity, status):
    case = build.case(CaseStatus.IN_REVIEW, activity=activity)
    true = Assignment.objects.filter(sheet__status="submitted").order_by("pk")[0]
    made = Assignment(case=case, expert=true.expert, invited_by=true.invited_by)
    as_owner(
        "evaluation_assignment",
        "INSERT INTO evaluation_assignment SELECT (jsonb_populate_record(a,"
        " jsonb_build_object('id', %s::text, 'case_id', %s::text))).*"
        " FROM evaluation_assignment a WHERE a.id = %s",
        str(made.pk),
        str(case.pk),
        true.pk,
    )
    as_owner(
        "evaluation_scoresheet",
        "INSERT INTO evaluation_scoresheet SELECT (jsonb_populate_record(s,"
        " jsonb_build_object('assignment_id', %s::text, 'status', %s::text))).*"
        " FROM evaluation_scoresheet s WHERE s.assignment_id = %s",
        str(made.pk),
        status,
        true.pk,
    )

    printed, error = replayed(activity.code)

    assert error == "the evaluation does not hold: 1 faults"
    says = f"is {status}, and the audit does not know that its expert was asked"
    assert faults(printed) == [f"evaluation.ScoreSheet {made.pk}: {says}"]
    assert ScoreSheet.objects.get(pk=made.pk).status == status


@pytest.mark.parametrize("change", ["comment = 'x'", "remark = 'x'"])
def test_what_is_said_of_a_whole_sheet_is_named(activity, change):
    sheet = ScoreSheet.objects.filter(status="submitted").order_by("pk")[0]
    as_owner(
        "evaluation_scoresheet",
        f"UPDATE evaluation_scoresheet SET {change} WHERE assignment_id = %s",  # noqa: S608 -- ours
        sheet.pk,
    )

    printed, _error = replayed(activity.code)

    says = "comment, recommendation, remark or order is not what was submitted"
    assert faults(printed) == [f"evaluation.ScoreSheet {sheet.pk}: {says}"]
