"""The expert's list and the invitation."""

import datetime as dt
import html
import re
import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.moments import written
from evaluation.models import Assignment, Case, ScoreSheet
from evaluation.states import AssignmentStatus, CaseStatus
from evaluation.workflow import perform_assignment
from submissions.states import Status
from tests.builders import accounts, submissions
from tests.builders import evaluation as build
from tests.reading import heading

pytestmark = pytest.mark.django_db

ACCEPTED = {"no_conflict": "on", "confidential": "on"}


@pytest.fixture
def assignment():
    case = build.case(CaseStatus.IN_REVIEW)
    return build.an_assignment(case)


def address(name, assignment, *more):
    return reverse(f"evaluation:{name}", args=[assignment.pk, *more])


def hers(assignment):
    return accounts.signed_in(assignment.expert.user)


# The list -------------------------------------------------------------------------------


def test_the_list_shows_what_she_was_asked_with_its_state(assignment):
    page = hers(assignment).get(reverse("evaluation:work-list"))

    assert [one for one, _status in page.context["entries"]] == [assignment]
    assert "Invited" in page.content.decode()
    assert address("invitation", assignment) in page.content.decode()


def test_an_expert_without_work_is_told_so():
    page = accounts.signed_in(build.expert().user).get(reverse("evaluation:work-list"))

    assert page.context["entries"] == []
    assert "Nothing to score" in page.content.decode()


def test_an_officer_who_is_an_expert_finds_her_own_work_only(assignment):
    both = accounts.officer()
    build.expert(user=both)

    page = accounts.signed_in(both).get(reverse("evaluation:work-list"))

    assert page.context["entries"] == []


def test_the_list_is_for_experts():
    list_url = reverse("evaluation:work-list")

    assert accounts.signed_in(accounts.user()).get(list_url).status_code == 404
    answer = Client().get(list_url)
    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, reverse("account_login"))


def many_assignments(expert, count):
    """Ask one expert about ``count`` cases, all of one activity and organisation."""
    activity = build.activity(experts_wanted=1)
    organisation = accounts.organisation()
    for _n in range(count):
        submissions.declaration(Status.ACCEPTED, activity=activity, organisation=organisation)
    for case in Case.objects.filter(declaration__activity=activity):
        Assignment.objects.create(case=case, expert=expert, invited_by=accounts.user())


def test_a_long_list_goes_on_by_key_and_costs_no_more():
    expert = build.expert()
    client = accounts.signed_in(expert.user)
    list_url = reverse("evaluation:work-list")
    many_assignments(expert, 1)
    client.get(list_url)
    with CaptureQueriesContext(connection) as one:
        client.get(list_url)
    many_assignments(expert, 27)

    with CaptureQueriesContext(connection) as many:
        first = client.get(list_url)
    second = client.get(list_url, {"after": first.context["page"].next_key})

    shown = [row.pk for page in (first, second) for row in page.context["page"].rows]
    assert len(one) == len(many)
    assert (len(first.context["entries"]), len(second.context["entries"])) == (25, 3)
    assert len(set(shown)) == 28
    assert second.context["page"].next_key == ""


def test_what_is_due_first_is_on_top_and_what_is_done_is_on_a_list_of_its_own():
    expert = build.expert()
    many_assignments(expert, 4)
    due_late, due_soon, no_day, declined = Assignment.objects.order_by("pk")
    for one, days in ((due_late, 9), (due_soon, 2)):
        one.due_at = one.invited_at + dt.timedelta(days=days)
        one.save()
    perform_assignment("decline", declined.pk, actor=expert.user, reason="No time.")
    client = accounts.signed_in(expert.user)

    to_do = client.get(reverse("evaluation:work-list"))
    done = client.get(reverse("evaluation:work-list"), {"done": "1"})

    assert [one for one, _status in to_do.context["entries"]] == [due_soon, due_late, no_day]
    assert [one for one, _status in done.context["entries"]] == [declined]
    declined.refresh_from_db()
    assert declined.answered_at
    assert f"{written(declined.answered_at)}</time>" in done.content.decode()
    dues = [due_soon.due_at, due_late.due_at]
    assert re.findall(r"([-\d]+ [:\d]+ \(UTC\+08:00\))</time>", to_do.content.decode()) == [
        written(one) for one in dues if one
    ]


def test_of_what_is_done_the_latest_comes_first():
    expert = build.expert()
    first, second = (build.assign(build.case(), expert)[0] for _n in range(2))
    for one in (second, first):
        build.submit(build.accept(one))

    page = accounts.signed_in(expert.user).get(reverse("evaluation:work-list"), {"done": "1"})

    assert [one for one, _status in page.context["entries"]] == [first, second]


def test_the_list_of_what_is_done_goes_on_by_key():
    expert = build.expert()
    many_assignments(expert, 26)
    for one in Assignment.objects.all():
        perform_assignment("decline", one.pk, actor=expert.user, reason="No time.")
    client = accounts.signed_in(expert.user)

    first = client.get(reverse("evaluation:work-list"), {"done": "1"})
    links = re.findall(r'rel="next" href="([^"]+)"', first.content.decode())
    second = client.get(html.unescape(links[0]))

    assert [len(page.context["entries"]) for page in (first, second)] == [25, 1]
    assert client.get(reverse("evaluation:work-list")).context["entries"] == []


def test_a_key_that_cannot_be_read_begins_anew(assignment):
    page = hers(assignment).get(reverse("evaluation:work-list"), {"after": "nonsense"})

    assert len(page.context["entries"]) == 1


# The invitation -------------------------------------------------------------------------


def test_the_invitation_shows_what_a_conflict_is_seen_by_and_no_content(assignment):
    page = hers(assignment).get(address("invitation", assignment)).content.decode()

    declaration = assignment.case.declaration
    for shown in (declaration.title, declaration.organisation.name, declaration.activity.title):
        assert shown in page
    assert "Treats leachate" not in page
    assert address("scoring-desk", assignment) not in page
    assert 'id="accept"' in page
    assert 'id="decline"' in page


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("invitation", "Membrane bioreactor for landfill leachate"),
        ("scoring-desk", "Membrane bioreactor for landfill leachate"),
        ("scoring-check", "Check and submit"),
    ],
)
def test_an_assignment_is_there_for_its_expert_only(assignment, name, shown):
    build.accept(assignment)
    people = [
        build.expert().user,
        accounts.officer(),
        accounts.owner_of(assignment.case.declaration.organisation),
    ]

    found = {accounts.signed_in(one).get(address(name, assignment)).status_code for one in people}

    assert found == {404}
    assert heading(hers(assignment).get(address(name, assignment))) == shown
    anonymous = Client().get(address(name, assignment))
    assert anonymous["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("name", ["invitation", "scoring-desk", "scoring-check"])
def test_an_unknown_assignment_is_not_there(assignment, name):
    unknown = reverse(f"evaluation:{name}", args=[uuid.uuid4()])

    assert hers(assignment).get(unknown).status_code == 404


def test_accepting_opens_the_desk(assignment):
    answer = hers(assignment).post(address("invitation-step", assignment, "accept"), ACCEPTED)

    assignment.refresh_from_db()
    assert (answer.status_code, answer.url) == (302, address("scoring-desk", assignment))
    assert assignment.status == AssignmentStatus.ACCEPTED


def test_without_the_tick_the_form_comes_back(assignment):
    answer = hers(assignment).post(address("invitation-step", assignment, "accept"), {})

    assignment.refresh_from_db()
    assert assignment.status == AssignmentStatus.INVITED
    assert "the declaration cannot be opened to you" in answer.content.decode()


def test_declining_wants_a_reason_and_keeps_it(assignment):
    client = hers(assignment)
    step = address("invitation-step", assignment, "decline")

    refused = client.post(step, {"reason": " "})
    answer = client.post(step, {"reason": "Outside my field."})

    assignment.refresh_from_db()
    assert "This field is required." in refused.content.decode()
    assert answer.url == reverse("evaluation:work-list")
    assert (assignment.status, assignment.reason) == ("declined", "Outside my field.")


def test_an_answer_given_before_is_not_given_again(assignment):
    client = hers(assignment)
    client.post(address("invitation-step", assignment, "decline"), {"reason": "No time."})

    answer = client.post(address("invitation-step", assignment, "accept"), ACCEPTED)

    assert "not possible in the present state: declined" in answer.content.decode()
    assert not ScoreSheet.objects.exists()


@pytest.mark.parametrize(("step", "status"), [("cancel", 404), ("invent", 404)])
def test_other_steps_are_not_the_experts(assignment, step, status):
    client = hers(assignment)

    assert client.post(address("invitation-step", assignment, step)).status_code == status


def test_methods_that_do_not_fit_are_refused(assignment):
    client = hers(assignment)

    assert client.get(address("invitation-step", assignment, "accept")).status_code == 405
    assert client.post(address("invitation", assignment)).status_code == 405
    assert client.post(reverse("evaluation:work-list")).status_code == 405
    assert client.delete(address("scoring-desk", assignment)).status_code == 405


def test_once_the_sheet_is_in_there_is_nothing_to_answer(assignment):
    build.submit(build.accept(assignment))

    page = hers(assignment).get(address("invitation", assignment))

    assert page.context["answers"] == []
    assert "Submitted" in page.content.decode()
