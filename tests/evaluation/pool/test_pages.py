"""The pages of the pool: for everybody, for the person, and for nobody else."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from evaluation.models import Expert
from evaluation.pool import employments
from evaluation.pool.workflow import EXPERTS
from tests.builders import accounts
from tests.builders import evaluation as build
from tests.evaluation.pool.test_nominations import application
from tests.reading import text

pytestmark = pytest.mark.django_db

PROFILE = "/en/evaluation/experts/profile/"
FORMS = ("edit/", "steps/renew/", "steps/leave/", "history/add/", "away/add/")


def fresh(expert):
    return Expert.objects.get(pk=expert.pk)


def test_everybody_reads_who_becomes_an_expert_and_how_one_is_removed():
    page = text(Client().get(reverse("evaluation:expert-pool")))

    assert "at least five years of work in the field" in page
    assert "After 2 score sheets missed in a row without an excuse a removal is proposed." in page
    assert "Promise confidentiality once for each activity, before the first" in page


def test_a_person_applies_on_the_page():
    person = accounts.user()
    client = accounts.signed_in(person)
    address = reverse("evaluation:expert-apply")

    refused = client.post(address, application(fields=[], employer_since="spring", keywords="回用"))
    client.post(
        address,
        application(keywords="reuse，回用\nmembrane; ", works_since="2009", languages=["zh-hans"]),
    )

    assert "Write the month as in 2019-03." in text(refused)
    assert "回用" in refused.content.decode()
    expert = Expert.objects.get(pk=person.pk)
    assert (expert.status, expert.keywords, expert.works_since, expert.languages) == (
        "applied",
        ["reuse", "回用", "membrane"],
        2009,
        ["zh-hans"],
    )
    assert expert.employments.get().since == dt.date(2015, 3, 1)
    assert client.get(address)["Location"] == PROFILE
    assert "Your application is with the officers." in text(client.get(PROFILE))


def test_a_person_without_a_row_has_no_profile_whoever_it_is():
    other = build.expert()
    row = other.employments.get()
    absence = build.away(other)
    strangers = (accounts.user(), accounts.officer(), accounts.system_administrator())
    paths = [PROFILE + end for end in ("", *FORMS, f"history/{row.pk}/end/")]

    for person in strangers:
        client = accounts.signed_in(person)
        assert {client.get(path).status_code for path in paths} == {404}
        assert client.post(f"{PROFILE}away/{absence.pk}/remove/").status_code == 404
    assert {Client().get(path).status_code for path in paths} == {302}


def test_an_expert_touches_nothing_of_another_one():
    mine, other = build.expert(), build.expert()
    row, absence = other.employments.get(), build.away(other)
    client = accounts.signed_in(mine.user)

    assert client.get(f"{PROFILE}history/{row.pk}/end/").status_code == 404
    assert client.post(f"{PROFILE}history/{row.pk}/end/", {"until": "2026-11"}).status_code == 404
    assert client.post(f"{PROFILE}away/{absence.pk}/remove/").status_code == 404
    assert other.absences.count() == 1


def test_an_expert_keeps_the_own_profile_up():
    expert = build.expert(employer_name="First House")
    client = accounts.signed_in(expert.user)
    today = timezone.localdate()
    this_month = f"{today:%Y-%m}"

    client.post(PROFILE + "edit/", {"title": "Academician", "fields": ["AIR", "WAT"], "cap": "2"})
    client.post(
        PROFILE + "history/add/", {"kind": "advisory", "name": "A board", "since": "2019年3月"}
    )
    client.post(
        PROFILE + "history/add/", {"kind": "employed", "name": "New House", "since": this_month}
    )
    client.post(PROFILE + "away/add/", {"from_on": f"{today}", "until_on": f"{today}"})
    page = text(client.get(PROFILE))

    kept = fresh(expert)
    assert (kept.title, kept.cap, kept.fields.count()) == ("Academician", 2, 2)
    assert kept.employer_name == "New House"
    assert [one.name for one in kept.employments.all()] == ["New House", "A board", "First House"]
    assert all(name in page for name in ("New House", "A board", "First House", "Academician"))
    client.post(f"{PROFILE}away/{kept.absences.get().pk}/remove/")
    assert "You can be asked on every day." in text(client.get(PROFILE))


def test_what_was_said_to_go_on_is_not_ended_earlier_on_the_page():
    expert = build.expert()
    row = expert.employments.get()
    client = accounts.signed_in(expert.user)
    address = f"{PROFILE}history/{row.pk}/end/"

    refused = client.post(address, {"until": "2019-03"})
    client.post(address, {"until": f"{timezone.localdate():%Y-%m}"})

    row.refresh_from_db()
    assert "An earlier end is entered by an officer." in text(refused)
    assert (row.until.year, row.until.month) == (
        timezone.localdate().year,
        timezone.localdate().month,
    )


def test_an_expert_confirms_the_profile_and_leaves():
    expert = build.expert()
    Expert.objects.filter(pk=expert.pk).update(renewed_until=timezone.localdate())
    client = accounts.signed_in(expert.user)

    refused = client.post(PROFILE + "steps/renew/", {})
    client.post(PROFILE + "steps/renew/", {"confirmed": "on"})

    assert "Please confirm that the profile is complete and true." in text(refused)
    assert fresh(expert).renewed_until > timezone.localdate() + dt.timedelta(days=300)
    assert client.get(PROFILE + "steps/remove/").status_code == 404
    assert client.get(PROFILE + "steps/lapse/").status_code == 404
    client.post(PROFILE + "steps/leave/")
    assert fresh(expert).status == "left"
    again = accounts.signed_in(fresh(expert).user)
    assert "You are not in the pool. You can apply again." in text(again.get(PROFILE))


def test_who_was_removed_reads_why():
    expert = build.expert()
    EXPERTS.perform("remove", expert.pk, actor=accounts.officer(), reason="Absent twice.")

    page = text(accounts.signed_in(fresh(expert).user).get(PROFILE))

    assert "Absent twice." in page
    assert accounts.signed_in(fresh(expert).user).get(PROFILE + "edit/").status_code == 404


def test_an_officer_who_is_an_expert_keeps_up_the_own_profile_as_any_expert_does():
    officer = accounts.officer()
    mine = build.expert(user=officer)
    client = accounts.signed_in(officer)

    client.post(PROFILE + "edit/", {"title": "Dr", "fields": ["WAT"]})

    assert fresh(mine).title == "Dr"
    row = mine.employments.get()
    answer = client.post(f"{PROFILE}history/{row.pk}/end/", {"until": "2019-03"})
    assert "An earlier end is entered by an officer." in text(answer)


def test_the_profile_asks_the_database_as_often_for_a_long_history():
    expert = build.expert()
    client = accounts.signed_in(expert.user)
    client.get(PROFILE)
    with CaptureQueriesContext(connection) as few:
        client.get(PROFILE)
    for n in range(20):
        employments.add(
            expert.pk, actor=expert.user, kind="advisory", name=f"Board {n}", since=None
        )

    with CaptureQueriesContext(connection) as many:
        client.get(PROFILE)

    assert len(many) == len(few)
