"""Every list of the officers asks the database as often for fifty rows as for one."""

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Membership, Organisation, RoleGrant, User
from catalog.models import (
    ApiToken,
    Batch,
    Collection,
    Delivery,
    Destination,
    EarlierList,
    Enquiry,
    ListingMeasure,
    Technology,
)
from core import rights
from core.models import AuditEntry, OutboxMessage, ReminderRule, SentReminder, StoredMail
from evaluation.models import (
    ActivityCriteria,
    Assignment,
    AssignmentPlan,
    AvoidanceRequest,
    Case,
    Clarification,
    ConflictRule,
    Connection,
    CriteriaChange,
    CriteriaDraft,
    CriteriaSet,
    Employment,
    Expert,
    FeedbackLetter,
    FigureScenario,
    Nomination,
    Objection,
    PanelMeeting,
    Procedure,
    Replacement,
    ScoreSheet,
    StatisticRun,
    Verification,
)
from reference import models as reference
from submissions.models import (
    Activity,
    Annex,
    Attachment,
    Declaration,
    DeclarationScheme,
    DemandTheme,
    JointConfirmation,
    Recommendation,
    RuleSet,
    RuleTrial,
    Supporter,
)
from tests.builders import (
    accounts,
    catalog,
    collections,
    earlier,
    enquiries,
    figures,
    many,
    many_evaluation,
    tokens,
)

pytestmark = pytest.mark.django_db

MAKERS = {
    Organisation: many.organisations,
    Membership: many.memberships,
    User: many.users,
    RoleGrant: many.roles,
    DeclarationScheme: many.schemes,
    Activity: many.activities,
    Annex: many.annexes,
    Supporter: many.supporters,
    RuleSet: many.rule_sets,
    RuleTrial: many.rule_trials,
    DemandTheme: many.themes,
    Recommendation: many.recommendations,
    JointConfirmation: many.joint_confirmations,
    Declaration: many.declarations,
    Attachment: many.attachments,
    Case: many.cases,
    Assignment: many.assignments,
    ScoreSheet: many.sheets,
    Clarification: many_evaluation.clarifications,
    Objection: many_evaluation.objections,
    FeedbackLetter: many_evaluation.letters,
    Verification: many_evaluation.verifications,
    AssignmentPlan: many_evaluation.plans,
    Replacement: many_evaluation.replacements,
    PanelMeeting: many_evaluation.panel_meetings,
    Expert: many.experts,
    Employment: many.employments,
    Nomination: many.nominations,
    Connection: many_evaluation.connections,
    AvoidanceRequest: many_evaluation.avoidances,
    ConflictRule: many_evaluation.conflict_rules,
    CriteriaSet: many.criteria_sets,
    CriteriaDraft: many.criteria_drafts,
    CriteriaChange: many.criteria_changes,
    ActivityCriteria: many.activity_criteria,
    Procedure: many_evaluation.procedures,
    StatisticRun: figures.many_runs,
    FigureScenario: figures.many_scenarios,
    Technology: lambda: catalog.technologies(many.MANY),
    ListingMeasure: catalog.many_measures,
    ApiToken: tokens.many_tokens,
    EarlierList: earlier.many_lists,
    Enquiry: enquiries.many_enquiries,
    Collection: collections.many_collections,
    Destination: many.destinations,
    Delivery: many.deliveries,
    Batch: many.deliveries,
    AuditEntry: many.acts,
    StoredMail: many.mails,
    OutboxMessage: many.messages,
    ReminderRule: many.reminder_rules,
    SentReminder: many.reminders,
    reference.Field: many.fields,
    reference.Corridor: many.corridors,
    reference.Quantity: many.quantities,
}
READERS = (accounts.officer, accounts.system_administrator, accounts.auditor)
MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label)


def reader(model):
    """Return the browser of the first role that reads the list."""
    people = (make() for make in READERS)
    return accounts.signed_in(next(one for one in people if rights.may_ever(one, "read", model)))


def look(client, model) -> tuple[int, int]:
    """Return how many rows the list shows, and how often it asks the database."""
    address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    with CaptureQueriesContext(connection) as asked:
        page = client.get(address)
    return len(page.context["cl"].result_list), len(asked)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_a_list_costs_the_same_for_one_row_and_for_fifty(model, monkeypatch):
    page = admin.site.get_model_admin(model)
    MAKERS.get(model, lambda: None)()
    client = reader(model)
    look(client, model)

    monkeypatch.setattr(page, "list_per_page", 1)
    rows, once = look(client, model)
    monkeypatch.setattr(page, "list_per_page", many.MANY)
    fifty_rows, fifty = look(client, model)

    assert (rows, fifty_rows) == (1, many.MANY)
    assert fifty == once
