"""My work: what waits for each role, and that a long day costs no more questions than a short."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.formats import date_format

from accounts.models import User
from evaluation.models import Assignment, Case
from submissions.states import Status
from tests.builders import accounts, evaluation, objections, panel, verifications
from tests.builders import submissions as build
from tests.reading import text, texts

pytestmark = pytest.mark.django_db

WORK = "/en/work/"
LIST = "/en/evaluation/work/"


def opened(person: User, url: str = WORK) -> tuple[Any, int]:
    """Return the page, and how often it asked the database."""
    client = accounts.signed_in(person)
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(url)
    return answer, len(captured)


def items(answer: Any) -> list[tuple[str, str]]:
    return [(one.title, one.url) for desk in answer.context["desks"] for one in desk.items]


def waiting(answer: Any) -> list[int]:
    return [len(desk.items) for desk in answer.context["desks"]]


def test_enterprise_finds_its_drafts_as_quickly_among_fifty_as_alone():
    organisation, activity = accounts.organisation(), build.open_activity()
    owner = accounts.owner_of(organisation)
    draft = build.draft(organisation=organisation, activity=activity)
    one, few = opened(owner)
    for _ in range(49):
        build.draft(organisation=organisation, activity=activity, document={})
        accounts.organisation(owner)

    fifty, many = opened(owner)

    assert items(one) == [(draft.title, reverse("submissions:declaration-detail", args=[draft.pk]))]
    assert (waiting(one), waiting(fifty)) == ([1], [8])
    assert [len(desk.extra) for desk in fifty.context["desks"]] == [51]  # organisations, activity
    assert many == few


def test_enterprise_finds_the_open_activities_as_quickly_among_fifty_as_alone():
    officer, owner = accounts.officer(), accounts.owner_of(accounts.organisation())
    build.open_activity(actor=officer)
    _one, few = opened(owner)
    for _ in range(49):
        build.open_activity(actor=officer, experts_wanted=1)

    fifty, many = opened(owner)

    assert [len(desk.extra) for desk in fifty.context["desks"]] == [51]
    assert many == few


def test_expert_and_officer_find_fifty_as_quickly_as_one():
    officer, expert = accounts.officer(), evaluation.expert()
    organisation, activity = accounts.organisation(), evaluation.activity(experts_wanted=1)

    def ask(count: int) -> None:
        for _ in range(count):
            build.declaration(
                Status.ACCEPTED, activity=activity, organisation=organisation, officer=officer
            )
        for case in Case.objects.filter(assignments=None):
            Assignment.objects.create(case=case, expert=expert, invited_by=officer)

    ask(1)
    invited = Assignment.objects.get()
    review, of_expert = opened(expert.user)
    case, of_officer = opened(officer)
    _page, of_list = opened(expert.user, LIST)
    ask(49)

    reviews, of_fifty = opened(expert.user)
    cases, of_fifty_cases = opened(officer)
    page, of_full_list = opened(expert.user, LIST)

    title, url = str(invited.case.declaration), reverse("evaluation:invitation", args=[invited.pk])
    assert items(review) == [(title, url)]
    assert (waiting(review), waiting(reviews)) == ([1], [8])
    desk = reverse("admin:evaluation_case_changelist") + "?status__exact=awaiting_assignment"
    assert items(case) == items(cases) == [("Cases without experts", desk)]
    assert [item.meta for item in cases.context["desks"][0].items] == ["50"]
    assert len(page.context["entries"]) == 25
    assert (of_fifty, of_fifty_cases, of_full_list) == (of_expert, of_officer, of_list)


def test_enterprise_finds_what_it_was_asked_with_its_last_day():
    objected, visited = objections.admitted(), verifications.arranged()
    first, second = (
        " ".join(texts(opened(accounts.owner_of(row.case.declaration.organisation))[0], "main"))
        for row in (objected, visited)
    )

    assert objected.respond_until is not None
    assert f"Objection {objected.number} to answer" in first
    assert f"until {date_format(objected.respond_until, 'DATE_FORMAT')}" in first
    assert "An appointment to answer" in second
    assert "Objection" not in second


def test_person_without_anything_is_told_what_to_do_first():
    answer, _asked = opened(accounts.user())

    assert items(answer) == []
    said = " ".join(texts(answer, "main"))
    assert "No declaration waits for you." in said
    assert "Enter your organisation" in said


def test_an_officer_finds_the_meetings_and_the_reports_that_wait():
    officer, tied = accounts.officer(), accounts.officer()
    for status in ("prepared", "announced", "announced", "in_session", "closed", "cancelled"):
        panel.meeting(status)
    held, _coming = verifications.held(), verifications.arranged()
    evaluation.involve(tied, held.case)
    meetings = reverse("admin:evaluation_panelmeeting_changelist")
    reports = reverse("admin:evaluation_verification_changelist") + "?report=awaited"

    mine, asked = opened(officer)
    desk, _asked = opened(officer, reverse("admin:index"))
    lines = {one.title: (one.url, one.meta) for one in mine.context["desks"][0].items}
    theirs = {one.title for one in opened(tied)[0].context["desks"][0].items}

    waits = {
        "Panel meetings to prepare and announce": (f"{meetings}?status__exact=prepared", "1"),
        "Panel meetings to hold": (f"{meetings}?status__exact=announced", "2"),
        "Panel meetings to close": (f"{meetings}?status__exact=in_session", "1"),
        "Defences and visits to report on": (reports, "1"),
    }
    assert {title: lines[title] for title in waits} == waits
    assert "Defences and visits to report on" in text(desk)
    assert "Defences and visits to report on" not in theirs
    listed = opened(officer, reports)[0]
    assert [one.pk for one in listed.context["cl"].result_list] == [held.pk]
    assert asked <= 13, asked
