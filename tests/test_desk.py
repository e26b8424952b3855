"""The officers' desk as a whole: its order, its headings, its histories, and what leads where."""

import pytest
from django.contrib import admin
from django.urls import reverse
from django.utils import translation

from accounts import services as account_services
from accounts.models import Membership, Organisation, RoleGrant, User
from accounts.roles import Level
from catalog.models import ListingMeasure, Technology
from core import rights
from core.admin import pages
from core.models import AuditEntry
from evaluation.models import ActivityCriteria, Assignment, Case, CriteriaSet, Expert, ScoreSheet
from evaluation.pool import profiles
from evaluation.states import CaseStatus
from pool_portal.manual import WORKFLOWS
from reference.models import Indicator, Term, Unit
from submissions import services as submission_services
from submissions.models import Activity, Declaration, DeclarationScheme
from submissions.states import Status
from tests.builders import accounts, catalog, evaluation, submissions
from tests.reading import text

pytestmark = pytest.mark.django_db


def address(obj, page="change"):
    name = f"admin:{obj._meta.app_label}_{obj._meta.model_name}_{page}"
    return reverse(name) if isinstance(obj, type) else reverse(name, args=[obj.pk])


@pytest.fixture
def officer():
    return accounts.officer()


@pytest.fixture
def desk(officer):
    return accounts.signed_in(officer)


# Order and headings ------------------------------------------------------------------------


def parts(client):
    found = client.get(reverse("admin:index")).context["app_list"]
    return {part["app_label"]: [one["object_name"] for one in part["models"]] for part in found}


def test_the_desk_begins_with_the_work_of_the_office(desk):
    submissions.declaration(Status.SUBMITTED)
    submissions.declaration(Status.IN_CHECK, officer=accounts.officer())

    page = desk.get(reverse("admin:index"))

    found = reverse("admin:submissions_declaration_changelist") + "?status__exact="
    body = page.content.decode()
    assert "Work of the office" in body
    for status, line in ("submitted", "begin"), ("in_check", "finish"):
        number = '<strong class="numeric">1</strong>'
        assert f'<a href="{found}{status}">Formal checks to {line}: {number}</a>' in body


def test_a_desk_without_work_says_so_and_who_is_no_officer_reads_no_such_part(desk):
    administrator = accounts.signed_in(accounts.system_administrator())

    assert "Nothing waits for an officer." in text(desk.get(reverse("admin:index")))
    assert "Work of the office" not in text(administrator.get(reverse("admin:index")))


def test_the_desk_is_in_the_order_of_the_work(desk):
    found = parts(desk)

    assert list(found) == ["submissions", "evaluation", "catalog", "accounts", "reference", "core"]
    assert found["core"] == ["ReminderRule", "SentReminder"]
    assert found["submissions"] == [
        "Activity",
        "Annex",
        "Supporter",
        "DemandTheme",
        "Declaration",
        "Recommendation",
        "JointConfirmation",
        "Attachment",
        "DeclarationScheme",
        "RuleSet",
        "RuleTrial",
    ]
    assert found["evaluation"] == [
        "Case",
        "Assignment",
        "ScoreSheet",
        "Clarification",
        "Objection",
        "Verification",
        "FeedbackLetter",
        "AssignmentPlan",
        "Replacement",
        "PanelMeeting",
        "Expert",
        "Employment",
        "Nomination",
        "Connection",
        "ConflictRule",
        "AvoidanceRequest",
        "CriteriaSet",
        "CriteriaDraft",
        "ActivityCriteria",
        "CriteriaChange",
        "Procedure",
        "StatisticRun",
        "FigureScenario",
    ]
    assert found["catalog"] == [
        "Technology",
        "ListingMeasure",
        "EarlierList",
        "Enquiry",
        "Collection",
        "Destination",
        "Delivery",
        "Batch",
    ]
    assert found["accounts"] == ["Organisation", "Membership", "User"]


def test_the_records_stand_last():
    auditor = accounts.signed_in(accounts.auditor())
    administrator = accounts.signed_in(accounts.system_administrator())

    assert parts(auditor) == {
        "evaluation": ["StatisticRun", "FigureScenario"],
        "accounts": ["RoleGrant"],
        "core": ["AuditEntry"],
    }
    assert list(parts(administrator)) == ["catalog", "accounts", "core"]
    assert parts(administrator)["core"] == ["StoredMail", "OutboxMessage"]


@pytest.mark.parametrize(
    ("model", "heading"),
    [(Declaration, "Declarations"), (Case, "Cases"), (Expert, "Experts"), (Term, "Terms")],
)
def test_a_list_is_headed_by_what_it_lists(desk, model, heading):
    page = text(desk.get(address(model, "changelist")))

    assert f"<h1>{heading}</h1>" in page
    assert "Select " not in page.split('id="changelist"')[0]


def test_the_page_of_a_part_is_headed_by_its_name(desk):
    page = text(desk.get(reverse("admin:app_list", args=["evaluation"])))

    assert "<h1>Evaluation</h1>" in page


def test_a_page_says_what_it_shows(desk):
    case = evaluation.case()

    page = text(desk.get(address(case)))

    assert "<h1>Case</h1>" in page
    assert f"<h2>{case}</h2>" in page


# What leads where --------------------------------------------------------------------------


def beside(client, obj):
    return [(str(one.label), one.url) for one in client.get(address(obj)).context["beside"]]


def test_declaration_case_and_technology_lead_to_each_other(desk):
    technology = catalog.listed_technology()
    case = technology.case
    declaration = case.declaration

    to_case = ("Case", address(case))
    to_technology = ("Technology", address(technology))
    assert sorted(beside(desk, declaration)) == [to_case, to_technology]
    assert beside(desk, case) == [to_technology]
    propose = f"{address(ListingMeasure, 'add')}?number={technology.number}"
    to_declaration = ("Declaration", address(declaration))
    assert beside(desk, technology) == [("Measure", propose), to_case, to_declaration]
    measure = catalog.proposed(technology)
    assert beside(desk, technology)[0] == ("Measure", address(measure))
    assert beside(desk, measure) == [("Technology", address(technology))]
    assert f'href="{address(declaration)}"' in text(desk.get(address(case)))
    assert f'href="{address(case)}"' in text(desk.get(address(declaration)))


def test_before_it_is_accepted_a_declaration_leads_nowhere(desk):
    assert beside(desk, submissions.declaration(Status.SUBMITTED)) == []


def test_a_case_one_may_not_see_is_not_linked():
    # Who scores a case does not decide on it: it is hidden, its declaration is not.
    case = evaluation.case(CaseStatus.IN_REVIEW)
    expert = evaluation.an_assignment(case).expert.user
    account_services.grant_role(expert, "officer", actor=None)

    assert beside(accounts.signed_in(expert), case.declaration) == []


# The release -------------------------------------------------------------------------------


def steps(client, case):
    return [step.name for step, _url in client.get(address(case)).context["steps"]]


def test_who_took_the_decision_is_not_offered_its_release(desk, officer):
    case = evaluation.scored_case()
    evaluation.decide(case, actor=officer)
    release = reverse("admin:evaluation_case_step", args=[case.pk, "release"])
    second = accounts.signed_in(accounts.second_officer())
    sentence = "You took this decision. Another officer must release it."

    assert steps(desk, case) == ["send_back"]
    assert sentence in text(desk.get(address(case)))
    assert sentence in text(desk.get(release, follow=True))
    assert "you took it yourself" in text(desk.post(release))
    assert evaluation.reread(case).status == CaseStatus.DECIDED
    assert steps(second, case) == ["send_back", "release"]
    assert sentence not in text(second.get(address(case)))


# Histories ---------------------------------------------------------------------------------


def one_of_everything(officer):
    """Make a technology with all that led to it, and return a row of each kind with a history."""
    technology = catalog.listed_technology()
    case = catalog.case_of(technology)
    assignment = evaluation.an_assignment(case)
    organisation = case.declaration.organisation
    profiles.edit(assignment.expert_id, actor=officer, title="Academician")
    submission_services.save_translation(
        case.declaration_id,
        "zh-hans",
        {"technology.title": "膜生物反应器"},
        actor=accounts.owner_of(organisation),
        confirm=True,
    )
    account_services.edit_organisation(organisation.pk, actor=officer, website="https://x.org/")
    measure = catalog.answer(catalog.proposed(technology))
    return {
        Activity: (case.declaration.activity, ["Open for declarations", "Prepared"]),
        Declaration: (case.declaration, ["Accept for evaluation", "Begin the formal check"]),
        DeclarationScheme: (case.declaration.activity.scheme, ["Laid down"]),
        Case: (case, ["Sign the release", "Case opened"]),
        Assignment: (assignment, ["Accept"]),
        ScoreSheet: (assignment.sheet, ["Submit the score sheet"]),
        Expert: (assignment.expert, ["Profile edited", "Take into the pool"]),
        CriteriaSet: (case.criteria_set, ["Criteria sealed"]),
        ActivityCriteria: (
            ActivityCriteria.objects.get(activity=case.declaration.activity),
            ["Criteria chosen"],
        ),
        Technology: (technology, ["Translation published", "Listed in the catalogue"]),
        ListingMeasure: (measure, ["Answer the notice", "Measure proposed"]),
        Organisation: (organisation, ["Organisation edited", "Organisation entered"]),
        Membership: (Membership.objects.get(organisation=organisation), ["Member added"]),
        User: (assignment.expert.user, ["Role granted", "Account made"]),
    }


def told(client, obj):
    page = client.get(address(obj, "history"))
    return [line["what"] for line in page.context["acts"]]


def test_every_kind_has_its_history_in_words(desk, officer):
    missing = {
        model.__name__: (expected, found)
        for model, (obj, expected) in one_of_everything(officer).items()
        if not set(expected) <= set(found := told(desk, obj))
    }
    assert missing == {}

    grant = RoleGrant.objects.latest("pk")
    assert "Role granted" in told(accounts.signed_in(accounts.auditor()), grant)


def test_a_long_history_says_that_it_is_not_the_whole_one(desk, monkeypatch):
    filed = submissions.declaration(Status.IN_CHECK)
    recorded = len(told(desk, filed))
    whole = "Only the newest"

    monkeypatch.setattr(pages, "MOST_ACTS", recorded)
    assert whole not in text(desk.get(address(filed, "history")))
    monkeypatch.setattr(pages, "MOST_ACTS", 2)
    page = desk.get(address(filed, "history"))

    assert "Only the newest 2 acts are shown." in text(page)
    assert told(desk, filed) == ["Begin the formal check", "Submit"]


def test_the_auditor_reads_acts_and_states_in_words():
    case = evaluation.case(CaseStatus.IN_REVIEW)
    auditor = accounts.signed_in(accounts.auditor())
    act = AuditEntry.objects.get(act="case.assign", subject_id=str(case.pk))

    rows = " ".join(text(auditor.get(address(AuditEntry, "changelist"))).split())
    page = " ".join(text(auditor.get(address(act))).split())

    for words in ("Assign experts", "awaiting assignment", "in review"):
        assert words in rows
        assert words in page
    for code in ("case.assign", "case.opened", "awaiting_assignment", "in_review"):
        assert code not in rows
    assert "case.assign" in page  # what the chain is taken over


def test_a_history_names_states_in_words_and_in_ones_language(desk):
    case = evaluation.case(CaseStatus.IN_REVIEW)

    lines = desk.get(address(case, "history")).context["acts"]
    assert [(one["what"], one["before"], one["after"]) for one in lines] == [
        ("Assign experts", "awaiting assignment", "in review"),
        ("Case opened", "", "awaiting assignment"),
    ]
    with translation.override("zh-hans"):
        in_chinese = desk.get(address(case, "history")).context["acts"]
    assert [one["what"] for one in in_chinese][:1] == ["分配专家"]


def test_what_is_edited_in_the_vocabulary_is_in_its_history(desk):
    term = Term.objects.filter(vocabulary="maturity").first()
    before = dict(term.names)
    form = desk.get(address(term)).context["adminform"].form
    values = {name: form[name].value() for name in form.fields}
    posted = {name: "" if value is None else value for name, value in values.items()}
    posted |= {"name_en": "Renamed", "name_zh_hans": "新名"}

    answer = desk.post(address(term), posted)

    assert answer.status_code == 302
    term.refresh_from_db()
    assert term.names == {"en": "Renamed", "zh-hans": "新名"}
    assert told(desk, term) == ["Changed"]
    act = AuditEntry.objects.get(act="reference term.changed")
    assert act.details == {"names": [before, {"en": "Renamed", "zh-hans": "新名"}]}

    desk.post(address(term), posted)  # nothing is different now
    assert told(desk, term) == ["Changed"]


def test_the_history_of_an_indicator_tells_its_units_before_and_after(desk):
    indicator = Indicator.objects.exclude(units=None).first()
    units = sorted(indicator.units.values_list("pk", flat=True))
    other = Unit.objects.exclude(pk__in=units).order_by("pk").first()
    form = desk.get(address(indicator)).context["adminform"].form
    values = {name: form[name].value() for name in form.fields}
    posted = {name: "" if value is None else value for name, value in values.items()}
    posted |= {"units": [other.pk], "order": indicator.order + 3}

    answer = desk.post(address(indicator), posted)

    assert answer["Location"] == address(Indicator, "changelist")
    assert AuditEntry.objects.get(act="reference indicator.changed").details == {
        "order": [indicator.order, indicator.order + 3],
        "units": [units, [other.pk]],
    }


def test_audit_pages_and_table_of_rights_call_a_kind_of_object_the_same():
    assert [(life.lifecycle.object, rights.name_of(life.model)) for life in WORKFLOWS] == [
        (life.lifecycle.object, life.lifecycle.object) for life in WORKFLOWS
    ]
    for model in admin.site._registry:
        assert rights.name_of(model)


# Languages ---------------------------------------------------------------------------------


def test_a_member_who_is_an_officer_finds_nothing_of_their_own_house(officer, desk):
    technology = catalog.listed_technology()
    account_services.add_member(technology.holder_id, officer, Level.VIEW, actor=None)

    # Django admin leads back to its index from what is not there.
    assert desk.get(address(technology))["Location"] == "/en/admin/"
    assert desk.get(address(technology.case))["Location"] == "/en/admin/"
