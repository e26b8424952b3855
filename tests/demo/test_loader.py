"""The load: through the doors of the portal, once, whatever happens in the middle."""

from collections import Counter

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Organisation, User
from catalog.measure_states import MeasureKind, MeasureStatus
from catalog.models import Batch, Delivery, EarlierList, Enquiry, ListingMeasure, Technology
from catalog.states import TechnologyStatus
from core import progress
from core.errors import DomainError
from core.models import AuditEntry
from demo import accounts, objections, people, settling
from demo.counts import counts
from demo.loader import load
from demo.progress import current
from evaluation.clarifications.clarifying import end_of
from evaluation.models import (
    Assignment,
    Case,
    Clarification,
    CriteriaDraft,
    Decision,
    FeedbackLetter,
    ScoreSheet,
    StatisticRun,
)
from evaluation.objections import open_to
from submissions.models import Activity, Declaration
from tests.demo.small import declaration, end_state, small_plan
from tests.reading import text

# What nobody would like to read about an organisation that exists.
UNPLEASANT_ACTS = {
    *("declaration.return", "declaration.reject", "declaration.withdraw"),
    *("assignment.decline", "assignment.cancel", "case.send_back", "case.conclude"),
    *("technology.suspend", "technology.expire", "technology.withdraw", "technology.revoke"),
}


def by_state(rows, field="status"):
    return dict(Counter(rows.values_list(field, flat=True)))


@pytest.mark.django_db
def test_load_ends_in_the_planned_states(loaded):
    states = {
        code: by_state(Declaration.objects.filter(activity__code=code))
        for code in Activity.objects.values_list("code", flat=True)
    }

    assert states == {
        "DEMO-1": {"accepted": 5, "rejected": 1},
        "DEMO-2": {"submitted": 1, "in_check": 1, "returned": 1, "accepted": 5},
        "DEMO-3": {"submitted": 1, "draft": 2},
        "DEMO-4": {"accepted": 1},
    }
    assert by_state(Case.objects) == {
        "cleared": 4,
        "not_included": 1,
        "awaiting_assignment": 1,
        "in_review": 2,
        "scored": 1,
        "decided": 1,
        "publicity": 1,
    }
    assert by_state(Assignment.objects) == {"accepted": 29, "invited": 1}
    assert by_state(ScoreSheet.objects) == {"submitted": 26, "draft": 3}
    assert by_state(Decision.objects, "outcome") == {"included": 6, "not_included": 1}
    assert by_state(Technology.objects) == {"listed": 5, "withdrawn": 1}
    assert by_state(EarlierList.objects) == {"released": 1}


@pytest.mark.django_db
def test_two_officers_released_what_was_evaluated_before_the_portal(loaded):
    one = EarlierList.objects.get()
    storm, dust = Technology.objects.filter(earlier__earlier_list=one).order_by("number")

    assert (one.proposed_by.email, one.released_by.email) == (
        people.OFFICER.email,
        people.SECOND_OFFICER.email,
    )
    assert [two.content["earlier"]["number"] for two in (storm, dust)] == [
        "600/R-04/125",
        "600/R-05/127",
    ]
    assert dust.content["indicators"][0] == {
        "name": "control efficiency, total particulate",
        "as_stated": "75-86",
        "unit_other": "%",
        "condition": "May and October 2003 tests",
    }
    assert [two["year"] for two in storm.content["sources"]] == [2005, 2004]
    assert not dust.holder.memberships.exists()


@pytest.mark.django_db
def test_rounds_end_closed_but_for_the_open_one(loaded):
    assert dict(Activity.objects.values_list("code", "status")) == {
        "DEMO-1": "closed",
        "DEMO-2": "closed",
        "DEMO-3": "open",
        "DEMO-4": "closed",
    }


@pytest.mark.django_db
def test_progress_is_complete(loaded):
    assert (current().finished, current().done) == (True, current().total)


@pytest.mark.django_db
def test_nothing_unpleasant_happens_to_a_real_organisation(loaded):
    organisation_of = {
        "declaration": {d.pk: d.organisation for d in Declaration.objects.all()},
        "case": {c.pk: c.declaration.organisation for c in Case.objects.all()},
        "assignment": {a.pk: a.case.declaration.organisation for a in Assignment.objects.all()},
        "technology": {t.pk: t.holder for t in Technology.objects.all()},
    }
    acts = AuditEntry.objects.filter(act__in=UNPLEASANT_ACTS)
    struck = {
        next(o for pk, o in organisation_of[act.subject_type].items() if str(pk) == act.subject_id)
        for act in acts
    }

    assert {one.act for one in acts} == {
        *("declaration.return", "declaration.reject", "case.conclude", "technology.withdraw"),
    }
    assert {one.invented for one in struck} == {True}
    assert not Decision.objects.exclude(outcome="included").exclude(
        case__declaration__organisation__invented=True
    )


@pytest.mark.django_db
def test_invented_organisations_say_so_and_real_ones_do_not(loaded):
    for one in Organisation.objects.all():
        assert one.invented is ("(invented)" in one.name_en)


@pytest.mark.django_db
def test_nobody_signs_for_a_real_organisation(loaded):
    filed = declaration("nl-nereda").versions.get()

    assert filed.submitted_by.email == people.CLERK.email
    commitment = filed.content["sections"]["commitment"]
    assert commitment["signatory"] == "Nobody: filled in by the demonstration"


@pytest.mark.django_db
def test_all_scores_are_marked_as_generated(loaded):
    sheets = ScoreSheet.objects.filter(scores__isnull=False)

    assert set(sheets.values_list("generated", flat=True)) == {True}


@pytest.mark.django_db
def test_public_records_say_that_this_is_a_demonstration(loaded):
    for technology in Technology.objects.all():
        assert technology.demonstration
        assert "not a listing by FECO" in technology.content["notice"]


@pytest.mark.django_db
def test_listed_technology_keeps_figures_sources_and_grade(loaded):
    content = Technology.objects.get(case__declaration=declaration("nl-nereda")).content

    assert content["evidence_grade"] == "peer_reviewed"
    assert content["indicators"][1] == {
        "name": "effluent total nitrogen",
        "maximum": "7",
        "as_stated": "<7",
        "unit": "mg/L",
        "condition": "requirement met in summer and winter",
    }
    assert [source["year"] for source in content["sources"] if "year" in source] == [
        *(2015, 2016, 2016),
    ]


@pytest.mark.django_db
def test_chinese_name_is_listed_beside_the_english_one(loaded):
    technology = Technology.objects.get(case__declaration=declaration("cn-yunzhou-usv"))

    assert technology.titles == {
        "en": "Unmanned boat platform for lake and reservoir inspection",
        "zh-hans": "湖泊水库巡查监测综合无人平台",
    }


@pytest.mark.django_db
def test_corrected_declaration_has_two_versions_that_differ_where_it_was_asked(loaded):
    one = declaration("inv-polishing-membrane")
    first, second = one.versions.order_by("number")
    before, after = (v.content["sections"]["performance"]["indicators"] for v in (first, second))

    assert [c.field for c in first.corrections.all()] == ["indicators"]
    assert "condition" not in before[0]
    assert after[0]["condition"] == "invented figure"
    assert (one.status, one.version) == ("accepted", second)


@pytest.mark.django_db
def test_work_waits_for_the_expert_one_signs_in_as(loaded):
    mine = Assignment.objects.filter(expert__user__email=people.EXPERT.email)
    invited = mine.get(case__declaration=declaration("gb-aqmesh"))
    begun = mine.get(case__declaration=declaration("ug-airqo-monitor"))

    assert (invited.status, begun.status) == ("invited", "accepted")
    assert begun.sheet.status == "draft"
    wanted = begun.case.criteria_set.dimensions.values("indicators").count()
    assert begun.sheet.scores.count() == wanted // 2


@pytest.mark.django_db
def test_second_officer_has_a_decision_to_release(loaded):
    decision = Decision.objects.get(case__declaration=declaration("mx-sistema-bio"))

    assert decision.released_at is None
    assert decision.decided_by.email == people.OFFICER.email


@pytest.mark.django_db
def test_work_waits_for_the_firm_one_signs_in_for(loaded):
    firm = Organisation.objects.get(name_en="Bluestem Water Systems (invented)")

    assert {d.title: d.status for d in firm.declarations.all()} == {
        "Gravity-driven polishing membrane (invented)": "accepted",
        "Ozone cells for village wells (invented)": "accepted",
        "Quiet aerator for fish ponds (invented)": "accepted",
        "Reed terraces for run-off (invented)": "returned",
        "Closed brine loop for tanneries (invented)": "draft",
    }


@pytest.mark.django_db
def test_experts_nobody_signs_in_as_have_no_password(loaded):
    logins = {one.person.email for one in people.LOGINS}
    emails = {one.person.email for one in people.EXPERTS} - logins
    experts = User.objects.filter(email__in=emails)

    assert {one.has_usable_password() for one in experts} == {False}
    assert len(experts) == 9


@pytest.mark.django_db
def test_one_question_of_the_expert_is_answered(loaded):
    row = Clarification.objects.get()

    assert row.status == "answered"
    assert row.wording != row.question
    assert row.assignment.expert.user.email == people.EXPERT.email
    assert "Invented for the demonstration." in row.answer


@pytest.mark.django_db
def test_the_firm_that_is_not_included_was_handed_a_letter(loaded):
    letter = FeedbackLetter.objects.get()

    assert letter.status == "handed_out"
    assert letter.case.declaration == declaration("inv-ozone-cells")
    assert "Invented for the demonstration." in letter.overall
    assert letter.confirmed == []


def test_second_load_of_a_complete_demonstration_changes_nothing(loaded):
    before = end_state()

    load(small_plan())

    assert end_state() == before


@pytest.mark.django_db
def test_load_of_everything_again_changes_nothing(loaded):
    """Even when nobody remembers that it was complete."""
    before = end_state()
    progress.begin("demo", total=1)

    load(small_plan())

    assert end_state() == before


@pytest.mark.django_db
def test_settling_gives_up_after_a_while(loaded, tmp_path, settings):
    settings.LAKE_DIR = tmp_path / "lake" / "of the platform"
    settings.LAKE_DIR.parent.write_text("A file, where the folder of the lake should be.")

    with pytest.raises(DomainError, match="7 events are still not delivered after 0 seconds"):
        settling.settle(patience=0.0)

    assert by_state(Delivery.objects, "state") == {"inflight": 7}
    assert "Not a directory" in Batch.objects.get().last_error


@pytest.mark.django_db
def test_one_objection_was_not_upheld_and_one_is_being_examined(loaded):
    case = declaration("inv-quiet-aerator").case
    found = {one.status: one for one in case.objections.all()}

    assert case.declaration.organisation.invented
    assert set(found) == {"not_upheld", "admitted"}
    assert found["not_upheld"].summary == objections.SUMMARY
    assert found["not_upheld"].ruled_by.email == people.OFFICER.email
    assert found["admitted"].protected
    third = accounts.account(people.THIRD_OFFICER)
    assert open_to.no_part(found["admitted"], third) == ""
    assert found["admitted"].respond_until
    after = end_of(found["admitted"].respond_until)
    first = accounts.account(people.OFFICER)
    assert [set(open_to.closed(found["admitted"], one, after)) for one in (third, first)] == [
        {"correct"},
        {"correct", "uphold"},
    ]
    page = text(Client().get(reverse("evaluation:publicity-list")))
    assert "An objection is being examined" in page
    assert objections.SUMMARY in page


@pytest.mark.django_db
def test_counts_name_each_state(loaded):
    found = {(what, state): number for what, state, number in counts()}

    assert found["declarations of DEMO-2", "returned"] == 1
    assert found["technologies", "withdrawn"] == 1
    assert found["deliveries", "pending"] == 7
    assert found["earlier lists", "released"] == 1
    assert found["collections", "published"] == 2


def test_a_draft_of_the_criteria_waits_for_another_officer(loaded):
    draft = CriteriaDraft.objects.get()

    assert (draft.status, draft.proposed_by.name) == ("proposed", people.SECOND_OFFICER.name)
    assert {one["code"]: one["weight"] for one in draft.document["dimensions"]} == {
        "advanced": 20,
        "practicability": 30,
        "economy": 20,
        "maturity": 20,
        "service": 10,
    }


def test_the_figures_of_the_closed_round_are_there_and_marked_as_generated(loaded):
    run = StatisticRun.objects.get()

    assert (run.activity.code, run.status, run.generated) == ("DEMO-1", "computed", True)
    assert run.result["too_little"] == "few_experts"
    assert run.result["counts"]["sheets"] == 15


@pytest.mark.django_db
def test_a_suspension_of_an_invented_listing_is_in_the_making(loaded):
    measure = ListingMeasure.objects.get(status=MeasureStatus.PROPOSED)
    withdrawn = ListingMeasure.objects.exclude(pk=measure.pk)

    assert measure.kind == MeasureKind.SUSPEND
    assert measure.technology.holder.invented
    assert measure.technology.status == TechnologyStatus.LISTED
    assert "Generated for the demonstration." in measure.statement
    assert {(one.kind, one.status) for one in withdrawn} <= {("withdraw", "confirmed")}


@pytest.mark.django_db
def test_one_enquiry_was_answered_and_one_waits_for_the_visitor(loaded):
    rows = Enquiry.objects.select_related("technology__holder")
    found = {one.status: one for one in rows}

    assert set(found) == {"answered", "received"}
    assert all(one.technology.holder.invented for one in found.values())
    assert found["answered"].messages.count() == 2
    owner = accounts.account(people.OWNER)
    assert Enquiry.objects.with_right(owner, "answer").filter(status="received").exists()
