"""What is in publicity, and the decision the enterprise reads."""

import hashlib
import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from evaluation.criteria.workflow import perform_change
from evaluation.models import Case, Decision
from evaluation.states import CaseStatus
from evaluation.workflow import CASES
from tests.builders import accounts, criteria, submissions
from tests.builders import evaluation as build
from tests.forcing import force
from tests.reading import text

pytestmark = pytest.mark.django_db

LIST = "evaluation:publicity-list"


def test_the_list_names_what_is_in_publicity_and_until_when():
    case = build.case(CaseStatus.PUBLICITY)
    build.case(CaseStatus.DECIDED)

    page = Client().get(reverse(LIST))

    text = page.content.decode()
    declaration = case.declaration
    assert [one.case for one in page.context["page"].entries] == [case]
    for shown in (declaration.number, declaration.title, declaration.organisation.name):
        assert str(shown) in text
    assert declaration.activity.title in text
    assert case.last_day_of_publicity is not None
    assert date_format(case.last_day_of_publicity, "DATE_FORMAT") in text


def test_the_list_says_where_objections_go():
    assert (
        "These technologies are to be included in the pool. Until the end of the day named, "
        "anybody can object to an entry, with their real name and evidence."
    ) in Client().get(reverse(LIST)).content.decode()


def test_the_list_says_when_there_is_nothing():
    assert "Nothing is in publicity now" in Client().get(reverse(LIST)).content.decode()


def test_the_list_costs_the_same_for_one_case_and_for_a_full_page():
    client, activity = Client(), build.activity(experts_wanted=1, publicity_days=7)
    first = build.case(CaseStatus.PUBLICITY, activity=activity)
    decision = Decision.objects.get(case=first)
    with CaptureQueriesContext(connection) as one:
        client.get(reverse(LIST))
    organisation = accounts.organisation()
    for _ in range(25):
        put_in_publicity(build.case(activity=activity, organisation=organisation), decision)

    with CaptureQueriesContext(connection) as full:
        page = client.get(reverse(LIST)).context["page"]

    # The clock, what is in publicity, what is said against it, and what was in it.
    assert len(one) == len(full) == 4
    assert len(page.entries) == 25
    assert len(client.get(reverse(LIST), {"after": page.next_key}).context["page"].entries) == 1


def put_in_publicity(case, decision):
    """Bring a case there without all the reviews that lead to it: it is decided like another."""
    decision.pk, decision.case, decision._state.adding = None, case, True
    decision.save(force_insert=True)
    Case.objects.filter(pk=case.pk).update(publicity_began_at=timezone.now())
    force(CASES, case.pk, CaseStatus.PUBLICITY)


def test_the_list_sets_no_cookie_and_takes_no_post():
    answer = Client().get(reverse(LIST))

    assert answer.cookies == {}
    assert Client().post(reverse(LIST)).status_code == 405


# The decision ---------------------------------------------------------------------------


def decision_url(case):
    return reverse("evaluation:decision-detail", args=[case.declaration_id])


def test_the_enterprise_reads_outcome_and_statement_and_no_figures():
    case = build.released_case()
    owner = accounts.owner_of(case.declaration.organisation)

    text = accounts.signed_in(owner).get(decision_url(case)).content.decode()

    assert "included" in text
    assert "The experts agree." in text
    assert "80.00" not in text
    for assignment in case.assignments.select_related("expert__user"):
        assert str(assignment.expert) not in text


@pytest.mark.parametrize("status", [CaseStatus.SCORED, CaseStatus.DECIDED])
def test_before_the_release_there_is_no_decision(status):
    case = build.case(status)
    people = [accounts.owner_of(case.declaration.organisation), accounts.officer()]

    found = [accounts.signed_in(one).get(decision_url(case)).status_code for one in people]

    assert found == [404, 404]


def test_the_decision_of_another_enterprise_is_not_there():
    case = build.released_case(Decision.Outcome.DEFERRED)
    other = accounts.owner_of(accounts.organisation())

    assert accounts.signed_in(other).get(decision_url(case)).status_code == 404
    assert Client().get(decision_url(case))["Location"].startswith(reverse("account_login"))


def test_an_unknown_declaration_has_no_decision():
    client = accounts.signed_in(accounts.user())

    assert client.get(reverse("evaluation:decision-detail", args=[uuid.uuid4()])).status_code == 404


# Criteria -------------------------------------------------------------------------------


def criteria_page(criteria_set, name="criteria-detail"):
    return reverse(f"evaluation:{name}", args=[criteria_set.code, criteria_set.version])


def test_everybody_reads_by_what_is_judged_and_takes_the_seal_again(client):
    build.activity()
    sealed = build.criteria()

    page = client.get(criteria_page(sealed))
    document = client.get(criteria_page(sealed, "criteria-document"))

    assert "Level against the best at home and abroad" in text(page)
    assert "Recommended from 75" in text(page)
    assert hashlib.sha256(document.content).hexdigest() == sealed.content_hash
    assert sealed.content_hash in text(page)
    assert not page.cookies


def test_a_set_no_activity_was_opened_with_is_nobodys_to_read(client):
    sealed = build.criteria()
    submissions.prepared_activity()

    found = {
        client.get(criteria_page(sealed, name)).status_code
        for name in ("criteria-detail", "criteria-document")
    }

    assert found == {404}


def test_the_notice_leads_to_the_criteria_and_tells_of_a_change(client):
    case = build.scored_case()
    activity = case.declaration.activity
    change = criteria.change(activity)
    perform_change("confirm", change.pk, actor=accounts.officer())

    page = client.get(reverse("submissions:activity-detail", args=[activity.code]))

    assert criteria_page(change.criteria_set) in page.content.decode()
    assert f"{change.previous} until" in text(page)
    assert "A higher bar." in text(page)
    assert client.get(criteria_page(change.previous)).status_code == 200
