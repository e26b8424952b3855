"""A rule that cannot be run: officers are told and look by eye, applicants are not held up."""

import pytest
from django.urls import reverse

from core import outbox
from core.errors import DomainError
from submissions import admin_queue, checklist
from submissions.models import Declaration, RuleTrial
from submissions.states import Status
from submissions.trying import ask_trial, outcome_of
from submissions.workflow import perform
from tests.builders import accounts, rules
from tests.builders import submissions as build
from tests.reading import text

pytestmark = pytest.mark.django_db

RULE = "unit_investment_fits"
SAID = "This rule could not be run; look at what it is about by eye."
LIST = reverse("admin:submissions_declaration_changelist")


def document():
    made = build.content()
    return made | {"economics": made["economics"] | rules.INVESTMENT}


@pytest.fixture
def officer():
    return accounts.officer()


@pytest.fixture
def activity(officer):
    return build.open_activity(actor=officer, rule_set=rules.failing_set("old"))


@pytest.fixture
def in_check(activity, officer):
    """A declaration in check on which nothing but that rule has anything to say."""
    return build.declaration(
        Status.IN_CHECK, activity=activity, document=document(), officer=officer
    )


def lines(declaration):
    now = Declaration.objects.select_related("version", "activity__rule_set").get(pk=declaration.pk)
    assert now.version
    now.version.declaration = now
    return checklist.lines(now.version)


def stands(declaration, officer):
    mark = {"item": RULE, "verdict": "stands", "reason": "Reckoned by hand."}
    checklist.mark(declaration.pk, [mark], actor=officer)


def address(name, declaration, *more):
    return reverse(f"admin:submissions_declaration_{name}", args=[declaration.pk, *more])


def test_an_officer_is_told_and_nothing_is_accepted_before_somebody_looked(in_check, officer):
    desk = accounts.signed_in(officer)

    page = text(desk.get(address("check", in_check)))
    with pytest.raises(DomainError, match="Unit investment fits investment and scale"):
        perform("accept", in_check.pk, actor=officer)
    stands(in_check, officer)

    assert f"<li>{SAID}</li>" in page
    assert "(1 open)" in page
    assert "all is green" not in page
    assert [one.is_open for one in lines(in_check)] == [False]
    assert perform("accept", in_check.pk, actor=officer).status == Status.ACCEPTED


def test_in_bulk_it_is_not_green(in_check, officer):
    sent = {"action": admin_queue.accept_green.__name__, "_selected_action": str(in_check.pk)}

    page = accounts.signed_in(officer).post(LIST, sent)

    assert [one.why for one in page.context["red"]] == [("1 line is open",)]
    assert page.context["green"] == []


def test_what_was_looked_at_instead_is_looked_at_anew_in_another_text(in_check, officer):
    stands(in_check, officer)
    build.take(in_check, "return", officer)
    owner = accounts.owner_of(in_check.organisation)
    draft = Declaration.objects.get(pk=in_check.pk)
    summary = draft.content["technology"] | {"summary": "Treats leachate better."}
    build.fill(draft, {"technology": summary}, actor=owner)
    build.take(draft, "submit", owner)

    assert [one.is_open for one in lines(in_check)] == [True]


def test_it_is_nothing_an_applicant_is_asked_or_told(activity, in_check, officer):
    draft = build.draft(activity=activity, document=document())
    applicant = accounts.signed_in(accounts.owner_of(draft.organisation))

    returning = accounts.signed_in(officer).get(address("step", in_check, "return"))
    check = applicant.get(reverse("submissions:declaration-check", args=[draft.pk]))

    assert "could not be run" not in text(returning)
    assert "could not be run" not in text(check)
    assert check.context["findings"] == []
    assert build.take_filed(draft).number == 1


def test_a_trial_counts_it_by_itself(officer):
    tried = rules.failing_set("tried", ("case_has_evidence", "warning"))
    activity = build.open_activity(actor=officer, rule_set=rules.rule_set("none"))
    without_cases = document() | {"cases": {"cases": []}}
    build.declaration(Status.SUBMITTED, activity=activity, document=without_cases)
    build.declaration(Status.SUBMITTED, activity=activity, document=document())
    build.declaration(Status.SUBMITTED, activity=activity)
    trial = ask_trial(tried, activity, actor=officer)
    outbox.deliver_due()
    trial = RuleTrial.objects.get(pk=trial.pk)

    page = accounts.signed_in(officer).get(
        reverse("admin:submissions_ruletrial_change", args=[trial.pk])
    )

    found = outcome_of(trial)
    assert (found.total, found.would, found.failed) == (3, 2, 2)
    assert [(one.declarations, one.remarks, one.failed) for one in found.rules] == [
        (0, 0, 2),
        (2, 2, 0),
    ]
    assert "Some rules could not be run over some declarations" in text(page)
    assert "<td>0</td><td>0</td><td>2</td>" in text(page)


def test_a_trial_from_before_failures_were_counted_is_read(officer):
    tried = rules.rule_set("tried", ("case_has_evidence", "warning"))
    activity = build.open_activity(actor=officer, rule_set=rules.rule_set("none"))
    build.declaration(Status.SUBMITTED, activity=activity)
    trial = ask_trial(tried, activity, actor=officer)
    counted = {"case_has_evidence": {"declarations": 1, "remarks": 3}}
    trial.result = {"total": 1, "would": 1, "returned": 0, "both": 0, "rules": counted}

    (found,) = outcome_of(trial).rules

    assert (found.declarations, found.remarks, found.failed) == (1, 3, 0)
