"""The officers' desk for experts and criteria."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from evaluation.models import ActivityCriteria, Case, Expert, Nomination
from evaluation.office.experts import histories_of
from tests.builders import accounts, submissions
from tests.builders import evaluation as build
from tests.reading import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return accounts.officer()


@pytest.fixture
def client(officer):
    return accounts.signed_in(officer)


def page_of(kind, obj):
    return reverse(f"admin:evaluation_{kind}_change", args=[obj.pk])


def expert_form(**changes):
    return {
        "title": "Professor",
        "fields": ["WAT"],
        "subcategories": ["WAT-01"],
        "keywords": "reuse, 回用",
        "works_since": "2010",
        "languages": ["en"],
        "biography": "",
        "cap": "3",
        **{f"{one}-TOTAL_FORMS": "0" for one in ("employments", "absences")},
        **{f"{one}-INITIAL_FORMS": "0" for one in ("employments", "absences")},
        **changes,
    }


def step_of(kind, obj, step):
    return reverse(f"admin:evaluation_{kind}_step", args=[obj.pk, step])


def listed(client, **asked):
    page = client.get(reverse("admin:evaluation_expert_changelist"), asked)
    return {one.pk for one in page.context["cl"].result_list}


def test_nobody_is_entered_by_an_officer_without_having_applied_or_consented(client):
    assert client.get(reverse("admin:evaluation_expert_add")).status_code == 403


def test_an_officer_decides_on_an_application_and_sees_what_speaks_for_it(client):
    expert = build.applicant(title="Engineer", works_since=2024, statement="I know membranes.")

    page = text(client.get(step_of("expert", expert, "enrol")))
    client.post(step_of("expert", expert, "enrol"))

    assert "Engineer – to be looked at" in page
    assert "years – to be looked at" in page
    assert "I know membranes." in page
    assert Expert.objects.get(pk=expert.pk).status == "enrolled"


def test_an_officer_edits_an_expert(client):
    expert = build.expert()

    answer = client.post(page_of("expert", expert), expert_form())

    expert.refresh_from_db()
    assert answer.status_code == 302
    assert (expert.title, expert.keywords, expert.cap) == ("Professor", ["reuse", "回用"], 3)
    assert [one.pk for one in expert.subcategories.all()] == ["WAT-01"]


def test_an_officer_refuses_and_removes_with_a_reason(client):
    applicant, expert = build.applicant(), build.expert()

    refused = client.post(step_of("expert", applicant, "refuse"), {"reason": ""})
    client.post(step_of("expert", applicant, "refuse"), {"reason": "Too early."})
    client.post(step_of("expert", expert, "remove"), {"reason": "Absent twice."})

    applicant.refresh_from_db()
    expert.refresh_from_db()
    assert "This field is required." in text(refused)
    assert (applicant.status, applicant.status_reason) == ("refused", "Too early.")
    assert (expert.status, expert.status_reason) == ("removed", "Absent twice.")


def test_officers_find_experts_by_state_field_availability_and_renewal(client):
    applicant = build.applicant()
    away, air = build.expert(), build.expert(field_codes=["AIR"])
    build.away(away)
    Expert.objects.filter(pk=air.pk).update(renewed_until=timezone.localdate())

    assert listed(client) == {applicant.pk, away.pk, air.pk}
    assert listed(client, status__exact="applied") == {applicant.pk}
    assert listed(client, available="yes") == {air.pk}
    assert listed(client, available="away") == {away.pk}
    assert listed(client, renewal="soon") == {air.pk}
    assert listed(client, renewal="overdue") == set()
    assert listed(client, removal="yes") == set()
    assert listed(client, fields__code__exact="AIR") == {air.pk}


def test_an_officer_adds_to_a_history_and_corrects_it_with_a_reason(client):
    expert = build.expert()
    form = {"expert": str(expert.pk), "kind": "advisory", "name": "A board", "since": "2019-03"}

    client.post(reverse("admin:evaluation_employment_add"), form)
    added = expert.employments.get(kind="advisory")
    change = {"kind": "advisory", "name": "A board", "since": "2019-03", "until": "2020-01"}
    refused = client.post(page_of("employment", added), {**change, "reason": ""})
    client.post(page_of("employment", added), {**change, "reason": "A letter of theirs."})

    added.refresh_from_db()
    assert "Please give a reason." in text(refused)
    assert (added.source, added.since, added.until) == (
        "officer",
        dt.date(2019, 3, 1),
        dt.date(2020, 1, 31),
    )


def test_an_officer_nominates_and_the_person_is_asked(client, officer):
    form = {"name": "Nomi Nee", "address": "Nomi@Example.org", "language": "en", "unit": "A unit"}

    answer = client.post(reverse("admin:evaluation_nomination_add"), form)
    again = client.post(reverse("admin:evaluation_nomination_add"), form)

    made = Nomination.objects.get()
    assert answer.status_code == 302
    assert (made.address, made.unit, made.nominated_by) == ("nomi@example.org", "A unit", officer)
    assert "has been nominated already" in text(again)
    client.post(step_of("nomination", made, "withdraw"))
    assert Nomination.objects.get().status == "withdrawn"


def test_her_own_expert_profile_is_not_there_for_an_officer(officer):
    mine = build.expert(user=officer, employer_name="Clear Water AS")
    client = accounts.signed_in(officer)  # after the role was given: that ends every session
    form = expert_form()

    answers = [client.get(page_of("expert", mine)), client.post(page_of("expert", mine), form)]

    mine.refresh_from_db()
    index = reverse("admin:index")
    assert [one["Location"] for one in answers] == [index, index]  # Django's own "there is none"
    assert (mine.employer_name, mine.cap) == ("Clear Water AS", None)


def test_an_officer_sets_the_criteria_of_an_activity_in_preparation(client):
    activity = submissions.prepared_activity(experts_wanted=0)
    criteria = build.criteria()
    form = {"activity": str(activity.pk), "criteria_set": criteria.pk, "experts_wanted": "3"}

    client.post(reverse("admin:evaluation_activitycriteria_add"), form)
    chosen = ActivityCriteria.objects.get(activity=activity)
    client.post(
        page_of("activitycriteria", chosen), {"criteria_set": criteria.pk, "experts_wanted": "5"}
    )

    chosen.refresh_from_db()
    assert chosen.experts_wanted == 5


def test_the_criteria_of_an_open_activity_are_only_shown(client):
    chosen = ActivityCriteria.objects.get(activity=build.activity(experts_wanted=3))

    answer = client.post(
        page_of("activitycriteria", chosen),
        {"criteria_set": chosen.criteria_set_id, "experts_wanted": "5"},
    )

    chosen.refresh_from_db()
    assert "This can no longer be changed. Nothing was saved." in text(answer)
    assert chosen.experts_wanted == 3


def test_a_criteria_set_is_shown_with_its_seal(client):
    criteria = build.criteria()

    page = text(client.get(page_of("criteriaset", criteria)))

    assert criteria.content_hash in page
    assert "Level against the best at home and abroad" in page
    assert Case.objects.count() == 0


@pytest.mark.parametrize(
    ("unit", "told"),
    [
        ("An Academy", ("Nominating unit", "An Academy")),
        ("", ("Nominated by the officer", "Olga Officer")),
    ],
)
def test_an_officer_who_nominated_is_not_called_a_unit(unit, told):
    nominating = accounts.officer(name="Olga Officer")
    _nomination, token = build.nominated(actor=nominating, unit=unit)
    expert = build.consent(token)

    link = next(iter(histories_of(expert, accounts.officer())))

    assert (str(link.label), link.text) == told
