"""The officers' desk for experts and criteria."""

import pytest
from django.urls import reverse

from evaluation.models import ActivityCriteria, Case, Expert
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


def expert_form(user, **changes):
    return {
        "user": str(user.pk),
        "title": "Professor",
        "employer": "",
        "employer_name": "An institute",
        "fields": ["WAT"],
        "subcategories": ["WAT-01"],
        "languages": ["en"],
        "active": "on",
        **changes,
    }


def test_an_officer_enrols_an_expert(client):
    user = accounts.user()

    answer = client.post(reverse("admin:evaluation_expert_add"), expert_form(user))

    expert = Expert.objects.get(user=user)
    assert answer.status_code == 302
    assert (expert.employer_name, expert.languages) == ("An institute", ["en"])
    assert [one.pk for one in expert.subcategories.all()] == ["WAT-01"]


def test_an_officer_does_not_enrol_herself(client, officer):
    answer = client.post(reverse("admin:evaluation_expert_add"), expert_form(officer))

    assert "You cannot take yourself into the expert pool." in text(answer)
    assert not Expert.objects.exists()


def test_an_officer_edits_an_expert(client):
    expert = build.expert()
    form = expert_form(expert.user, employer_name="Another institute", active="")
    del form["user"]
    del form["active"]

    answer = client.post(page_of("expert", expert), form)

    expert.refresh_from_db()
    assert answer.status_code == 302
    assert (expert.employer_name, expert.active) == ("Another institute", False)


def test_her_own_expert_profile_is_not_there_for_an_officer(officer):
    mine = build.expert(user=officer, employer_name="Clear Water AS")
    client = accounts.signed_in(officer)  # after the role was given: that ends every session
    form = expert_form(officer, employer_name="Another institute")
    del form["user"]

    answers = [client.get(page_of("expert", mine)), client.post(page_of("expert", mine), form)]

    mine.refresh_from_db()
    index = reverse("admin:index")
    assert [one["Location"] for one in answers] == [index, index]  # Django's own "there is none"
    assert mine.employer_name == "Clear Water AS"


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
