"""Connections of people and organisations, and the rules by which they count."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.utils import InternalError
from django.utils import timezone

from accounts import erasure, merging
from accounts.models import Organisation
from accounts.roles import Level
from accounts.services import add_member
from core import rights
from core.errors import DomainError
from core.models import AuditEntry
from evaluation.conflicts import connections
from evaluation.conflicts.finding import Kind, conflicts, conflicts_of
from evaluation.models import Case, Connection, Tie, TiedName
from evaluation.pool import employments
from evaluation.states import CaseStatus
from tests.builders import accounts, submissions
from tests.builders import connections as make
from tests.builders import evaluation as build

pytestmark = pytest.mark.django_db


def tied_to(person):
    ties = Tie.objects.filter(user_id=person.pk)
    return Organisation.objects.filter(pk__in=ties.values("organisation_id"))


def numbered(organisation, number):
    Organisation.objects.filter(pk=organisation.pk).update(registration_number=number)
    organisation.refresh_from_db()
    return organisation


# What ties -----------------------------------------------------------------------------------


def test_a_connection_is_a_conflict_and_says_kind_dates_and_source():
    expert, house = build.expert(), accounts.organisation(name_en="Clear Water AS")
    make.connection(expert.user, house, began_on=dt.date(2019, 3, 1), ended_on=dt.date(2020, 6, 30))

    (found,) = conflicts(expert, submissions.draft(organisation=house))

    assert found.kind == Kind.CONNECTION
    assert str(found.reason) == (
        "consultancy: Clear Water AS; 2019-03-01 – 2020-06-30. Source: Annual report, page 7"
    )


def test_what_goes_on_and_whose_beginning_nobody_knows_is_told_as_it_is():
    expert, house = build.expert(), accounts.organisation(name_en="Clear Water AS")
    make.connection(expert.user, house, kind="kin", source="The person said so.")

    (found,) = conflicts(expert, submissions.draft(organisation=house))

    assert str(found.reason) == (
        "near relative: Clear Water AS; beginning unknown – goes on. Source: The person said so."
    )


def test_each_connection_is_told_of_many_experts_in_one_query(django_assert_num_queries):
    house = accounts.organisation()
    experts = [build.expert() for _n in range(3)]
    for one in experts:
        make.connection(one.user, house)
        make.connection(one.user, house, kind="shareholder")
    declaration = submissions.draft(organisation=house)

    with django_assert_num_queries(1):
        found = conflicts_of(experts, declaration)

    assert [len(found[one.pk]) for one in experts] == [2, 2, 2]


def ends(expert):
    """Make every kind of connection of an expert; return who is tied, and who is not."""
    person, officer = expert.user, accounts.officer()
    house = numbered(accounts.organisation(name_en="By entry"), "NO 1")
    relative = accounts.user()
    home = accounts.organisation(name_en="Of the relative")
    add_member(home.pk, relative, Level.VIEW, actor=None)
    inventor = build.expert(employer_name="Inventors’ Works")
    employments.add(
        inventor.pk, actor=officer, kind="employed", name="Inventors’ new works", since=None
    )
    sister, niece = accounts.organisation(name_en="Sister"), accounts.organisation(name_en="Niece")
    make.connection(person, house)
    make.connection(person, kind="joint_project", organisation_name="By (name)")
    make.connection(relative, kind="kin", other_person=person)
    make.connection(person, kind="co_inventor", other_person=inventor.user)
    make.group(sister, numbered(accounts.organisation(name_en="Twin by entry"), "no-1"))
    make.group(sister, niece, kind="shareholder")
    make.connection(person, gone := accounts.organisation(name_en="Mistake"))
    connections.correct(
        Connection.objects.get(organisation=gone).pk, actor=officer, reason="No.", mistaken=True
    )
    tied = [
        house,
        Organisation.objects.get(name_en="Twin by entry"),
        accounts.organisation(name_en="By Name"),
        accounts.organisation(name_en="Else", name_zh="By Name"),
        home,
        accounts.organisation(name_en="INVENTORS NEW WORKS"),
        sister,
    ]
    free = [
        niece,  # two steps
        gone,
        accounts.organisation(name_en="Inventors’ Works"),  # where the inventor is no longer
        numbered(accounts.organisation(name_en="Elsewhere", country="SE"), "NO 1"),
        accounts.organisation(name_en="Stranger"),
    ]
    return tied, free


@pytest.mark.parametrize("at", range(12))
def test_the_condition_and_the_reasons_say_the_same_of_connections(at):
    expert = build.expert()
    tied, free = ends(expert)
    house = [*tied, *free][at]

    reasons = conflicts(expert, submissions.draft(organisation=house))

    assert bool(reasons) is (house in tied_to(expert.user)) is (at < len(tied))
    assert {one.kind for one in reasons} <= {Kind.CONNECTION}


def test_a_twin_of_a_sister_is_the_same_body():
    mother = accounts.organisation(name_en="Mother")
    expert = build.expert(employer=mother)
    sister = numbered(accounts.organisation(), "NO 7")
    twin = numbered(accounts.organisation(), "no-7")
    make.group(mother, sister)

    assert {one.kind for one in conflicts(expert, submissions.draft(organisation=twin))} == {
        Kind.CONNECTION
    }
    assert twin in tied_to(expert.user)


def test_a_name_without_an_entry_ties_to_what_is_declared_with_it():
    expert = build.expert()
    make.connection(expert.user, kind="kin", organisation_name="Partner (Ltd)")

    names = TiedName.objects.filter(user_id=expert.pk).values_list("key", flat=True)

    assert "partnerltd" in names


def test_a_relative_of_an_officer_takes_the_case_from_the_officer():
    case = build.case(CaseStatus.SCORED)
    officer = accounts.officer()
    before = rights.can(officer, "decide", case)
    make.connection(
        officer, kind="kin", other_person=accounts.owner_of(case.declaration.organisation)
    )

    assert (before, rights.can(officer, "decide", case)) == (True, False)
    assert not Case.objects.visible_to(officer).exists()


# Writing -------------------------------------------------------------------------------------


def test_an_officer_records_a_connection_and_the_act_names_no_source():
    expert, house, officer = build.expert(), accounts.organisation(), accounts.officer()

    row = make.connection(expert.user, house, actor=officer)

    assert (row.organisation_name, row.recorded_by) == (house.name, officer)
    act = AuditEntry.objects.get(act="connection.recorded")
    assert act.details == {
        "persons": [str(expert.pk)],
        "kind": "consultancy",
        "organisation": str(house.pk),
        "other_organisation": None,
        "began_on": None,
        "ended_on": None,
    }


def refusals():
    one, other = accounts.user(), accounts.user()
    house, mother = accounts.organisation(), accounts.organisation()
    ahead = timezone.localdate() + dt.timedelta(days=2)
    return {
        "nothing": ({}, None),
        "one person": ({"person": one}, None),
        "one house": ({"organisation": house}, None),
        "all": ({"person": one, "other_person": other, "organisation": house}, None),
        "three houses": (
            {"person": one, "organisation": house, "other_organisation": mother},
            None,
        ),
        "themself": ({"person": one, "other_person": one, "kind": "kin"}, "other_person"),
        "itself": (
            {"organisation": house, "other_organisation": house, "kind": "group"},
            "other_organisation",
        ),
        "people in a group": ({"person": one, "other_person": other, "kind": "group"}, "kind"),
        "a person of a group": ({"person": one, "organisation": house, "kind": "group"}, "kind"),
        "houses akin": (
            {"organisation": house, "other_organisation": mother, "kind": "kin"},
            "kind",
        ),
        "no source": ({"person": one, "organisation": house, "source": " "}, "source"),
        "tomorrow": ({"person": one, "organisation": house, "began_on": ahead}, "began_on"),
        "ends ahead": ({"person": one, "organisation": house, "ended_on": ahead}, "ended_on"),
        "backwards": (
            {
                "person": one,
                "organisation": house,
                "began_on": dt.date(2020, 1, 2),
                "ended_on": dt.date(2020, 1, 1),
            },
            "ended_on",
        ),
    }


def test_a_connection_that_cannot_be_is_refused_where_it_is_wrong():
    found = {}
    for name, (given, _field) in refusals().items():
        with pytest.raises(DomainError) as refused:
            make.connection(**given)
        found[name] = refused.value.field

    assert found == {name: field for name, (_given, field) in refusals().items()}
    assert not Connection.objects.exists()


def test_the_database_refuses_what_connects_nothing_and_deletes_no_evidence():
    row = make.connection(accounts.user(), accounts.organisation())

    with pytest.raises(IntegrityError), transaction.atomic():
        Connection.objects.filter(pk=row.pk).update(person=None)
    with pytest.raises(InternalError), transaction.atomic():
        row.delete()


def test_an_expert_declares_the_own_connections_and_no_others():
    expert, house = build.expert(), accounts.organisation(name_en="Clear Water AS")

    row = connections.declare(
        expert.pk,
        actor=expert.user,
        kind="shareholder",
        organisation_name="Clear Water AS",
        source="I hold shares.",
    )

    assert (row.person, row.recorded_by) == (expert.user, expert.user)
    assert house in tied_to(expert.user)
    for person in (build.expert().user, accounts.officer()):
        with pytest.raises(PermissionDenied):
            connections.declare(expert.pk, actor=person, kind="kin", organisation_name="x")
    for kind in ("group", "employed", "reviewer", "nominating_unit"):
        with pytest.raises(DomainError):
            connections.declare(expert.pk, actor=expert.user, kind=kind, organisation_name="x")


def test_nobody_but_an_officer_records_what_others_are():
    house = accounts.organisation()
    for person in (accounts.user(), build.expert().user, accounts.system_administrator()):
        with pytest.raises(PermissionDenied):
            make.connection(accounts.user(), house, actor=person)


def test_a_connection_is_ended_or_found_mistaken_with_a_reason():
    officer, day = accounts.officer(), dt.date(2021, 5, 1)
    row = make.connection(accounts.user(), accounts.organisation())

    connections.correct(row.pk, actor=officer, reason="Paid out.", ended_on=day)
    connections.correct(row.pk, actor=officer, reason="Namesake.", ended_on=day, mistaken=True)

    row.refresh_from_db()
    assert (row.ended_on, row.mistaken) == (day, True)
    acts = AuditEntry.objects.filter(act="connection.corrected").order_by("pk")
    assert [(one.reason, one.details) for one in acts] == [
        ("Paid out.", {"ended_on": [None, "2021-05-01"]}),
        ("Namesake.", {"mistaken": [False, True]}),
    ]
    with pytest.raises(DomainError, match="Record it anew"):
        connections.correct(row.pk, actor=officer, reason="Back.", mistaken=False)


def test_without_a_reason_nothing_is_corrected():
    row = make.connection(accounts.user(), accounts.organisation())

    with pytest.raises(DomainError) as refused:
        connections.correct(row.pk, actor=accounts.officer(), reason=" ", mistaken=True)

    assert refused.value.field == "reason"


@pytest.mark.parametrize("how", ["person", "other person", "organisation", "other organisation"])
def test_an_officer_takes_no_own_connection_away(how):
    officer, house, other = accounts.officer(), accounts.organisation(), accounts.organisation()
    if how == "person":
        row = make.connection(officer, house)
    elif how == "other person":
        row = make.connection(accounts.user(), kind="kin", other_person=officer)
    else:
        row = make.group(*((house, other) if how == "organisation" else (other, house)))
        add_member(house.pk, officer, Level.VIEW, actor=None)

    assert row in Connection.objects.visible_to(officer)
    with pytest.raises(PermissionDenied):
        connections.correct(row.pk, actor=officer, reason="x", mistaken=True)
    assert connections.correct(row.pk, actor=accounts.officer(), reason="x", mistaken=True)


def test_a_unit_that_nominated_is_connected_once_the_person_consents():
    house = accounts.organisation(name_en="A bureau")
    _nomination, token = build.nominated(organisation=house)
    before = Connection.objects.count()

    expert = build.consent(token)

    row = Connection.objects.get()
    assert before == 0
    assert (row.kind, row.person, row.organisation_name) == (
        "nominating_unit",
        expert.user,
        "A bureau",
    )
    assert house in tied_to(expert.user)


def test_who_an_officer_nominated_is_connected_with_no_unit():
    _nomination, token = build.nominated()
    build.consent(token)

    assert not Connection.objects.exists()


# Persons and organisations that go -----------------------------------------------------------


def test_connections_move_with_an_organisation():
    one, other, third = (accounts.organisation() for _n in range(3))
    row = make.connection(accounts.user(), one)
    edge = make.group(third, one)

    for mover in merging.movers().values():
        if mover.model == "evaluation.Connection":
            mover(one, other)

    row.refresh_from_db()
    edge.refresh_from_db()
    assert (row.organisation, edge.other_organisation) == (other, other)


def test_an_erased_person_leaves_the_kind_and_nothing_that_tells_of_them():
    expert = build.expert()
    row = make.connection(expert.user, accounts.organisation(), kind="kin", source="Her brother")
    with_them = make.connection(accounts.user(), kind="kin", other_person=expert.user)

    erasure.erase(expert.pk, actor=accounts.system_administrator(), reason="Asked.")

    for one in (row, with_them):
        one.refresh_from_db()
        assert (one.organisation, one.organisation_name, one.source) == (None, "", "")
        assert (one.kind, one.forgotten) == ("kin", True)
