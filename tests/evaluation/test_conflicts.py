"""Who may not judge whom."""

import pytest

from accounts.roles import Level
from accounts.services import add_member
from evaluation.conflicts import Kind, conflicts, organisations_of
from submissions.states import Status
from tests.builders import accounts, submissions
from tests.builders import evaluation as build

pytestmark = pytest.mark.django_db


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
    expert = build.expert(employer=declaration.organisation, employer_name="clear water as")
    add_member(declaration.organisation_id, expert.user, Level.VIEW, actor=None)

    assert [one.kind for one in conflicts(expert, declaration)] == list(Kind)


def test_the_condition_and_the_reasons_say_the_same():
    employer = accounts.organisation(name_en="Clear Water AS")
    namesake = accounts.organisation(name_en="CLEAR WATER AS")
    joined = accounts.organisation()
    accounts.organisation()
    expert = build.expert(employer=employer, employer_name="Clear Water AS")
    add_member(joined.pk, expert.user, Level.VIEW, actor=None)

    assert set(organisations_of(expert.user)) == {employer, namesake, joined}


def test_who_is_no_expert_is_asked_for_membership_only():
    mine = accounts.organisation()
    person = accounts.member(Level.VIEW, mine)

    assert list(organisations_of(person)) == [mine]
