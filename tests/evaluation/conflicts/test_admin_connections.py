"""The officers' pages of connections and rules, and the expert's own list."""

import pytest
from django.urls import reverse

from accounts.roles import Level
from accounts.services import add_member
from evaluation.conflicts import own_ties
from evaluation.models import ConflictRule, Connection
from tests.builders import accounts
from tests.builders import connections as make
from tests.builders import evaluation as build
from tests.reading import text

pytestmark = pytest.mark.django_db

ADD = reverse("admin:evaluation_connection_add")
LIST = reverse("admin:evaluation_connection_changelist")


@pytest.fixture
def desk():
    return accounts.signed_in(accounts.officer())


def page_of(row):
    return reverse(f"admin:evaluation_{row._meta.model_name}_change", args=[row.pk])


def typed(**given):
    empty = ("person", "other_person", "organisation", "organisation_name", "other_organisation")
    return {**dict.fromkeys((*empty, "began_on", "ended_on"), ""), "source": "A register", **given}


def test_an_officer_records_a_connection(desk):
    expert, house = build.expert(), accounts.organisation()

    answer = desk.post(ADD, typed(kind="kin", person=expert.pk, organisation=house.pk))

    row = Connection.objects.get()
    assert answer["Location"] == LIST
    assert (row.person, row.organisation, row.organisation_name) == (
        expert.user,
        house,
        house.name,
    )
    assert house.name in text(desk.get(LIST))


def test_what_connects_nothing_comes_back_as_it_was_typed(desk):
    expert = build.expert()

    answer = desk.post(ADD, typed(kind="kin", person=expert.pk))

    assert "Give two ends: a person and an organisation" in text(answer)
    assert "A register" in answer.content.decode()
    assert not Connection.objects.exists()


def test_a_mistake_is_marked_with_a_reason_and_nothing_else_changes(desk):
    row = make.connection(accounts.user(), accounts.organisation())
    without = desk.post(page_of(row), {"ended_on": "", "mistaken": "on", "reason": ""})

    desk.post(page_of(row), {"ended_on": "", "mistaken": "on", "reason": "No.", "kind": "kin"})

    row.refresh_from_db()
    assert "Please give a reason." in text(without)
    assert (row.mistaken, row.kind) == (True, "consultancy")


def test_an_officer_reads_the_own_connection_and_changes_nothing():
    officer = accounts.officer()
    row = make.connection(officer, accounts.organisation())
    desk = accounts.signed_in(officer)

    page = desk.get(page_of(row))
    desk.post(page_of(row), {"ended_on": "", "mistaken": "on", "reason": "No."})

    row.refresh_from_db()
    assert 'name="mistaken"' not in page.content.decode()
    assert row.mistaken is False


def test_a_rule_is_changed_on_its_page(desk):
    rule = ConflictRule.objects.get(pk="kin")
    refused = desk.post(page_of(rule), {"bars": "on", "years": "9", "reason": ""})

    desk.post(page_of(rule), {"bars": "on", "years": "9", "reason": "A new law."})

    rule.refresh_from_db()
    assert "Please give a reason." in text(refused)
    assert (rule.bars, rule.years) == (True, 9)


@pytest.mark.parametrize("person", [build.expert, accounts.user])
def test_nobody_else_comes_to_these_pages(person):
    made = person()
    client = accounts.signed_in(getattr(made, "user", made))
    rule = page_of(ConflictRule.objects.get(pk="kin"))
    row = page_of(make.connection(accounts.user(), accounts.organisation()))

    assert {client.get(one).status_code for one in (ADD, LIST, rule, row)} == {404}


def test_the_page_of_an_expert_leads_to_the_connections(desk):
    expert = build.expert()
    row = make.connection(expert.user, accounts.organisation())

    beside = desk.get(reverse("admin:evaluation_expert_change", args=[expert.pk])).context["beside"]

    assert {page_of(row), f"{ADD}?person={expert.pk}"} <= {one.url for one in beside}


def test_an_officer_reads_what_they_may_not_judge_and_why():
    officer = accounts.officer()
    acted_for, known = accounts.organisation(), accounts.organisation(name_en="Clear Water AS")
    stranger = accounts.organisation(name_en="A stranger")
    add_member(acted_for.pk, officer, Level.VIEW, actor=None)
    make.connection(officer, known, kind="kin")
    desk = accounts.signed_in(officer)

    page = text(desk.get(reverse("admin:evaluation_connection_own")))

    assert "You act for it." in page
    assert "near relative: Clear Water AS; beginning unknown – goes on." in page
    assert stranger.name not in page
    assert reverse("admin:evaluation_connection_own") in desk.get(LIST).content.decode()


def test_ties_are_asked_for_as_often_for_many_as_for_one(django_assert_num_queries):
    officer = accounts.officer()
    for _n in range(3):
        make.connection(officer, accounts.organisation())

    with django_assert_num_queries(5):
        assert len(own_ties.of(officer)) == 3


# The expert ----------------------------------------------------------------------------------


def test_an_expert_declares_a_connection_on_the_own_page():
    expert = build.expert()
    client = accounts.signed_in(expert.user)
    address = reverse("evaluation:connection-add")

    refused = client.post(address, {"kind": "kin", "organisation_name": "", "source": ""})
    answer = client.post(
        address,
        {"kind": "kin", "organisation_name": "Clear Water AS", "source": "My brother works there."},
    )

    assert "This field is required." in text(refused)
    assert answer["Location"] == reverse("evaluation:expert-profile")
    page = text(client.get(answer["Location"]))
    assert "Clear Water AS" in page
    assert "My brother works there." in page


def test_a_page_offers_no_kind_that_officers_alone_record():
    client = accounts.signed_in(build.expert().user)

    page = client.get(reverse("evaluation:connection-add")).content.decode()

    assert 'value="shareholder"' in page
    for kind in ("reviewer", "nominating_unit", "group", "employed"):
        assert f'value="{kind}"' not in page


def test_who_is_in_no_pool_declares_nothing():
    client = accounts.signed_in(accounts.user())

    assert client.get(reverse("evaluation:connection-add")).status_code == 404
