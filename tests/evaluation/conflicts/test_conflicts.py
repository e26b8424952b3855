"""Who may not judge whom."""

import datetime as dt

import pytest

from accounts.models import Organisation
from accounts.roles import Level
from accounts.services import add_member
from core.errors import DomainError
from evaluation.conflicts.finding import Kind, conflicts, conflicts_of
from evaluation.models import Case, Employment, Tie
from evaluation.pool import employments
from evaluation.states import CaseStatus
from submissions.states import Status
from tests.builders import accounts, submissions
from tests.builders import evaluation as build

pytestmark = pytest.mark.django_db

MARCH = dt.date(2024, 3, 1)


def declared_by(**names):
    organisation = accounts.organisation(**names)
    return submissions.declaration(Status.DRAFT, organisation=organisation)


def test_an_expert_from_elsewhere_has_no_conflict():
    assert conflicts(build.expert(), declared_by()) == []


def test_the_employer_is_a_conflict():
    declaration = declared_by()
    expert = build.expert(employer=declaration.organisation, employer_name="Another name")

    (found,) = conflicts(expert, declaration)

    assert found.kind == Kind.EMPLOYER
    assert str(found.reason) == "The organisation is the expert’s employer."


def test_acting_for_the_organisation_is_a_conflict():
    declaration = declared_by()
    expert = build.expert()
    add_member(declaration.organisation_id, expert.user, Level.VIEW, actor=None)

    assert [one.kind for one in conflicts(expert, declaration)] == [Kind.MEMBER]


@pytest.mark.parametrize(
    "employer_name",
    [
        "Clear Water AS",
        "CLEAR  water as",
        "ClearWaterAS",
        "Clear\u00a0Water\u3000AS",
        "清水公司",
        "清 水 公 司",
        # Punctuation is no part of a name, as where officers look for what was entered twice.
        "Clear-Water, A.S.",
        "清水（公司）",
    ],
)
def test_an_employer_of_the_same_name_is_a_conflict(employer_name):
    declaration = declared_by(name_en="Clear Water AS", name_zh="清水公司")
    expert = build.expert(employer_name=employer_name)

    assert [one.kind for one in conflicts(expert, declaration)] == [Kind.NAME]


def test_letters_of_other_languages_have_no_case_either():
    declaration = declared_by(name_en="Ångström Örnsköldsvik")

    assert conflicts(build.expert(employer_name="ÅNGSTRÖM ÖRNSKÖLDSVIK"), declaration) != []


@pytest.mark.parametrize("employer_name", ["Clear Waters AS", "Water", "公司"])
def test_a_name_that_is_only_alike_is_no_conflict(employer_name):
    declaration = declared_by(name_en="Clear Water AS", name_zh="清水公司")

    assert conflicts(build.expert(employer_name=employer_name), declaration) == []


def test_a_missing_name_equals_no_name():
    declaration = declared_by(name_en="Clear Water AS", name_zh="")
    expert = build.expert()
    expert.employer_name = " \u3000"
    expert.save()

    assert conflicts(expert, declaration) == []


def test_all_reasons_are_given():
    declaration = declared_by(name_en="Clear Water AS")
    numbered(declaration.organisation, "NO 1")
    twin = numbered(accounts.organisation(), "no-1")
    expert = build.expert(employer=declaration.organisation, employer_name="clear water as")
    for organisation in (declaration.organisation, twin):
        add_member(organisation.pk, expert.user, Level.VIEW, actor=None)

    # What joint applicants add: test_joint_applicants.py. The history says no more than these.
    found = {one.kind for one in conflicts(expert, declaration)}
    of_declarations = {Kind.AVOIDED, Kind.PANEL, Kind.JUDGED, Kind.LATE}
    assert found == set(Kind) - {Kind.JOINT, Kind.HISTORY, Kind.CONNECTION} - of_declarations


def tied_to(person):
    ties = Tie.objects.filter(user_id=person.pk)
    return Organisation.objects.filter(pk__in=ties.values("organisation_id"))


def numbered(organisation, number):
    """Give an organisation a registration number, as it was typed."""
    Organisation.objects.filter(pk=organisation.pk).update(registration_number=number)
    organisation.refresh_from_db()
    return organisation


TYPED = [
    "NO 987-654-321 MVA",
    "no987654321mva",
    "NO\u00a0987\u2013654\u2013321\u3000MVA",
    " No 987654321 — mva",
]


@pytest.mark.parametrize("typed", TYPED)
@pytest.mark.parametrize("tie", ["employer", "member", "employer by name"])
def test_a_twin_of_the_same_registration_number_is_a_conflict(tie, typed):
    declaration = declared_by(name_en="Clear Water AS")
    numbered(declaration.organisation, TYPED[0])
    twin = numbered(accounts.organisation(name_en="Pure Streams AS"), typed)
    expert = build.expert(
        employer=twin if tie == "employer" else None,
        employer_name="pure streams as" if tie == "employer by name" else "A university",
    )
    if tie == "member":
        add_member(twin.pk, expert.user, Level.VIEW, actor=None)

    (found,) = conflicts(expert, declaration)

    assert found.kind == Kind.REGISTRATION
    assert str(found.reason) == (
        "The organisation has the registration number of one that employs the expert "
        "or that the expert acts for."
    )
    assert declaration.organisation in tied_to(expert.user)


@pytest.mark.parametrize(
    ("number", "country"),
    [("NO 987654321", "SE"), ("NO 98765432", "NO"), ("NO 9876543210", "NO")],
)
def test_another_number_or_another_country_is_no_conflict(number, country):
    declaration = declared_by()
    numbered(declaration.organisation, "NO 987654321")
    employer = numbered(accounts.organisation(country=country), number)
    expert = build.expert(employer=employer, employer_name="Elsewhere")

    assert conflicts(expert, declaration) == []
    assert set(tied_to(expert.user)) == {employer}


@pytest.mark.parametrize("number", ["", " - "])
def test_no_number_equals_no_number(number):
    declaration = declared_by()
    numbered(declaration.organisation, number)
    employer = numbered(accounts.organisation(), number)
    expert = build.expert(employer=employer, employer_name="Elsewhere")

    assert conflicts(expert, declaration) == []


def test_a_twin_is_refused_with_its_reason_when_experts_are_assigned():
    case = build.case()
    numbered(case.declaration.organisation, "NO 987654321")
    expert = build.expert(
        employer=numbered(accounts.organisation(name_en="Pure Streams AS"), "no-987654321")
    )

    with pytest.raises(DomainError) as refused:
        build.assign(case, expert)

    assert str(refused.value) == (
        f"{expert} cannot be assigned. The organisation has the registration number of one that "
        "employs the expert or that the expert acts for."
    )
    assert not case.assignments.exists()


@pytest.mark.parametrize("placeholder", ["N/A", "n.a.", "无", "none", "0", "000-000"])
def test_what_stands_for_no_number_is_no_number(placeholder):
    declaration = declared_by()
    numbered(declaration.organisation, placeholder)
    employer = numbered(accounts.organisation(), placeholder)
    expert = build.expert(employer=employer, employer_name="Elsewhere")

    assert list(conflicts(expert, declaration)) == []


def test_an_officer_sees_nothing_of_a_twin_of_the_own_organisation():
    case = build.case(CaseStatus.SCORED)
    numbered(case.declaration.organisation, "NO 987654321")
    officer = accounts.officer()
    before = Case.objects.visible_to(officer).count()
    twin = numbered(accounts.organisation(), "no987654321")
    add_member(twin.pk, officer, Level.VIEW, actor=None)

    assert (before, Case.objects.visible_to(officer).count()) == (1, 0)


def everybody_there_could_be(expert):
    """Make organisations of every kind of tie to the expert, and of none; return them."""
    employer = numbered(accounts.organisation(name_en="Clear Water AS"), "NO 1")
    joined = numbered(accounts.organisation(name_zh="清水集团"), "NO 2")
    expert.employer, expert.employer_name = employer, "Clear Water AS"
    expert.save()
    add_member(joined.pk, expert.user, Level.VIEW, actor=None)
    return [
        employer,
        joined,
        numbered(accounts.organisation(name_en="CLEAR-WATER (AS)"), "NO 3"),
        accounts.organisation(name_zh="Clear Water AS", name_en="Another"),
        numbered(accounts.organisation(name_en="Twin of the employer"), "no1"),
        numbered(accounts.organisation(name_en="Twin of the joined"), "NO-2"),
        numbered(accounts.organisation(name_en="Twin of the namesake"), "no 3"),
        numbered(accounts.organisation(name_en="Elsewhere", country="SE"), "NO 1"),
        numbered(accounts.organisation(name_en="Without a number"), "n/a"),
        numbered(accounts.organisation(name_en="Stranger"), "NO 4"),
    ]


@pytest.mark.parametrize("at", range(10))
def test_the_condition_and_the_reasons_say_the_same(at):
    expert = build.expert()
    house = everybody_there_could_be(expert)[at]
    declaration = submissions.draft(organisation=house)

    reasons = conflicts(expert, declaration)

    assert bool(reasons) is (house in tied_to(expert.user)) is (at < 7)


@pytest.mark.parametrize("mistaken", [False, True])
@pytest.mark.parametrize("until", [None, MARCH])
@pytest.mark.parametrize("kind", Employment.Kind.values)
@pytest.mark.parametrize("by_name", [False, True])
def test_the_condition_and_the_reasons_say_the_same_of_the_history(kind, until, by_name, mistaken):
    house = numbered(accounts.organisation(name_en="Clear Water AS", name_zh="清水公司"), "NO 1")
    others = [
        numbered(accounts.organisation(name_en="Twin"), "no-1"),
        numbered(accounts.organisation(name_en="Elsewhere", country="SE"), "NO 1"),
        numbered(accounts.organisation(name_en="Clear Water", name_zh="清水"), "NO 2"),
    ]
    expert, officer = build.expert(), accounts.officer()
    row = employments.add(
        expert.pk,
        actor=officer,
        kind=kind,
        name="清水（公司）" if by_name else "As it was called then",
        organisation=None if by_name else house,
        since=None,
        until=until,
    )
    if mistaken:
        employments.correct(row.pk, actor=officer, reason="A namesake.", mistaken=True)
    expert.refresh_from_db()

    declared = [submissions.draft(organisation=one) for one in (house, *others)]
    found = [bool(conflicts(expert, one)) for one in declared]

    assert found == [one.organisation in tied_to(expert.user) for one in declared]
    assert found == [not mistaken, not mistaken, False, False]


def test_who_left_or_advised_stays_in_conflict_and_the_officer_reads_why():
    declaration = declared_by()
    expert = build.expert(employer=declaration.organisation)
    advised = declared_by(name_en="An Academy")
    for kind, name in (("advisory", "AN ACADEMY"), ("employed", "A new employer")):
        employments.add(expert.pk, actor=expert.user, kind=kind, name=name, since=None)
    expert.refresh_from_db()

    for one in (declaration, advised):
        (found,) = conflicts(expert, one)
        assert found.kind == Kind.HISTORY
        assert str(found.reason) == "The expert worked for the organisation or advised it."


def test_conflicts_of_many_with_a_history_are_one_query(django_assert_num_queries):
    declaration = declared_by(name_en="Clear Water AS")
    experts = [build.expert(employer=declaration.organisation) for _n in range(3)]
    for one in experts:
        employments.add(one.pk, actor=one.user, kind="employed", name="New", since=None)

    with django_assert_num_queries(1):
        found = conflicts_of(experts, declaration)

    assert [[one.kind for one in found[expert.pk]] for expert in experts] == [[Kind.HISTORY]] * 3


def test_who_is_no_expert_is_asked_for_membership_only():
    mine = accounts.organisation()
    person = accounts.member(Level.VIEW, mine)

    assert list(tied_to(person)) == [mine]
