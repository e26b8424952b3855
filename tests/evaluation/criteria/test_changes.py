"""Another version of the criteria for an open activity: a reason and two officers."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.utils import IntegrityError
from django.urls import reverse

from core.canonical import content_hash
from core.errors import DomainError
from core.models import AuditEntry
from evaluation.criteria.documents import document_of
from evaluation.criteria.effects import effects
from evaluation.criteria.workflow import perform_change, propose_change
from evaluation.models import ActivityCriteria, Case, Decision
from evaluation.results import case_result
from evaluation.states import CaseStatus
from evaluation.workflow import perform_case
from submissions.states import ActivityStatus
from submissions.workflow import ACTIVITIES
from tests.builders import accounts, criteria
from tests.builders import evaluation as build
from tests.forcing import force

pytestmark = pytest.mark.django_db

REASON = "The ministry asked for a higher bar."


@pytest.fixture
def scored():
    return build.scored_case()  # every score 80


def propose(case, newer, actor=None):
    activity = case.declaration.activity
    return propose_change(activity, newer, reason=REASON, actor=actor or accounts.officer())


def confirm(change):
    return perform_change("confirm", change.pk, actor=accounts.second_officer())


def criteria_of(case):
    return ActivityCriteria.objects.get(activity=case.declaration.activity).criteria_set


def test_a_confirmed_change_weighs_what_was_scored_by_the_new_version(scored):
    stricter = criteria.next_version(gates__recommended="85")
    assert case_result(scored)["verdict"] == "recommended"

    change = confirm(propose(scored, stricter))

    case = build.reread(scored)
    assert (criteria_of(case), case.weighed_by) == (stricter, stricter)
    assert case.criteria_set == criteria.criteria()  # every score points at what was asked
    result = case_result(case)
    assert (result["verdict"], result["total"]["mean"]) == ("discussion", "80.00")
    assert result["criteria"]["hash"] == stricter.content_hash
    assert change.effect == [
        {
            "case": str(case.pk),
            "before": ["80.00", "recommended"],
            "after": ["80.00", "discussion"],
        }
    ]
    act = AuditEntry.objects.get(act="criteria change.confirm")
    assert act.details == {"flips": 1, "effect": content_hash(change.effect)}


def test_before_it_is_confirmed_nothing_changes(scored):
    propose(scored, criteria.next_version(gates__recommended="85"))

    assert case_result(scored)["verdict"] == "recommended"
    assert criteria_of(scored) == criteria.criteria()


def test_what_it_would_do_is_shown_and_done_to_nobody(scored):
    stricter = criteria.next_version(gates__recommended="85")

    (found,) = effects(Case.objects.all(), document_of(stricter))

    assert (found.before["verdict"], found.after["verdict"]) == ("recommended", "discussion")
    assert found.flips
    assert not found.is_decided


def test_a_decision_that_was_taken_stays(scored):
    decided = build.reread(scored)
    build.decide(decided)
    stricter = criteria.next_version(gates__recommended="85")

    change = confirm(propose(decided, stricter))

    case = build.reread(decided)
    assert case.weighed_by is None
    assert Decision.objects.get(case=case).result["verdict"] == "recommended"
    assert change.effect == []


def test_a_decision_sent_back_after_a_change_counts_by_the_new_version(scored):
    build.decide(build.reread(scored))
    stricter = criteria.next_version(gates__recommended="85")
    confirm(propose(scored, stricter))

    perform_case("send_back", scored.pk, actor=accounts.second_officer(), reason="Anew.")

    case = build.reread(scored)
    assert case.weighed_by == stricter
    assert case_result(case)["verdict"] == "discussion"
    act = AuditEntry.objects.get(act="case.send_back")
    assert act.details["criteria"] == stricter.content_hash


def test_the_expert_sees_the_weights_that_count(scored):
    heavier = {"dimensions__0__weight": 35, "dimensions__4__weight": 5, "dimensions__3__weight": 15}
    change = propose(scored, criteria.next_version(**heavier))

    confirm(change)

    asked = build.reread(scored).asked()
    assert [one.weight for one in asked] == [35, 25, 20, 15, 5]
    assert [one.pk for one in asked] == [one.pk for one in scored.asked()]  # what was scored


def test_what_a_confirmed_change_did_stays_to_be_seen(scored):
    change = confirm(propose(scored, criteria.next_version(gates__recommended="85")))
    page = reverse("admin:evaluation_criteriachange_change", args=[change.pk])

    shown = accounts.signed_in(accounts.officer("later@feco.example")).get(page)

    (one,) = shown.context["effects"]
    assert (one["case"], one["before"], str(one["verdict_after"])) == (
        scored,
        "80.00",
        "For discussion",
    )


def test_a_concluded_activity_keeps_its_criteria(scored):
    change = propose(scored, criteria.next_version(gates__recommended="85"))
    force(ACTIVITIES, change.activity_id, ActivityStatus.CONCLUDED)

    with pytest.raises(DomainError, match="is concluded"):
        confirm(change)


def test_nobody_confirms_their_own_change(scored):
    officer = accounts.officer()
    change = propose(scored, criteria.next_version(gates__recommended="85"), officer)

    with pytest.raises(DomainError, match="you proposed it yourself"):
        perform_change("confirm", change.pk, actor=officer)


def test_once_experts_score_another_question_is_refused(scored):
    other = criteria.next_version(dimensions__0__indicators__0__not_applicable=True)

    with pytest.raises(DomainError, match="asks something else") as refusal:
        propose(scored, other)

    assert refusal.value.field == "criteria_set"


def test_before_anybody_was_asked_the_questions_may_change():
    case = build.case(CaseStatus.AWAITING)
    other = criteria.next_version(dimensions__0__indicators__0__not_applicable=True)

    confirm(propose(case, other))

    assert (build.reread(case).criteria_set, build.reread(case).weighed_by) == (other, None)


def test_an_expert_asked_between_proposal_and_confirmation_stops_it():
    case = build.case(CaseStatus.AWAITING)
    change = propose(case, criteria.next_version(dimensions__0__indicators__0__not_applicable=True))
    build.assign(case)

    with pytest.raises(DomainError, match="asks something else"):
        confirm(change)


def test_only_a_later_version_of_the_same_set_will_do(scored):
    with pytest.raises(DomainError, match="later version of the same set"):
        propose(scored, criteria.criteria())


def test_one_change_at_a_time(scored):
    newer = criteria.next_version(gates__recommended="85")
    propose(scored, newer)

    with pytest.raises(DomainError, match="waits for its second signature"):
        propose(scored, newer)


def test_a_reason_is_asked_for(scored):
    newer = criteria.next_version(gates__recommended="85")

    with pytest.raises(DomainError) as refusal:
        propose_change(scored.declaration.activity, newer, reason=" ", actor=accounts.officer())

    assert refusal.value.field == "reason"


def test_an_officer_whose_house_declares_neither_proposes_nor_confirms(scored):
    newer = criteria.next_version(gates__recommended="85")
    involved = accounts.officer()
    build.involve(involved, scored)
    change = propose(scored, newer, accounts.second_officer())

    with pytest.raises(PermissionDenied):
        propose(scored, newer, involved)
    with pytest.raises(PermissionDenied):
        perform_change("confirm", change.pk, actor=involved)


def test_the_database_lets_no_criteria_slip_in_under_an_open_activity(scored):
    newer = criteria.next_version(gates__recommended="85")
    set_it = "UPDATE evaluation_activitycriteria SET criteria_set_id = %s"
    fewer = "UPDATE evaluation_activitycriteria SET experts_wanted = 1"

    for statement, values in ((set_it, [newer.pk]), (fewer, [])):
        with (
            pytest.raises(IntegrityError, match="the activity has been opened"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement, values)

    assert criteria_of(scored) == criteria.criteria()
