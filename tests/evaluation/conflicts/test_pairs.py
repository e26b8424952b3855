"""The pairs a plan leaves out, held against the conflicts an officer is shown for one expert."""

import pytest

from accounts.keys import NameKey
from accounts.models import Organisation
from accounts.roles import Level
from accounts.services import add_member
from evaluation.conflicts import pairs as conflict_pairs
from evaluation.conflicts.finding import conflicts
from evaluation.conflicts.pairs import Barred
from evaluation.planning import facts
from submissions.models import DeclarationVersion
from tests.builders import accounts, submissions
from tests.builders import evaluation as build

pytestmark = pytest.mark.django_db

PARTNER = {
    "name_en": "Partner Works Ltd",
    "name_zh": "伙伴工程公司",
    "registration_number": "NO 987 654",
    "country": "NO",
}


@pytest.fixture
def activity():
    return submissions.open_activity()


def found(activity):
    return facts.read(activity).barred


def declared_with_partner(activity, monkeypatch=None, **changes):
    """Return a case whose version names a joint applicant, filed before the portal checked it."""
    case = build.case(activity=activity)
    version = case.version
    content = version.content
    content["sections"]["applicant"]["joint"] = [{**PARTNER, **changes}]
    copy = DeclarationVersion.objects.create(
        declaration=case.declaration,
        number=version.number + 1,
        content=content,
        content_hash="x",
        submitted_at=version.submitted_at,
        submitted_by=version.submitted_by,
    )
    type(case).objects.filter(pk=case.pk).update(version=copy)
    type(case.declaration).objects.filter(pk=case.declaration_id).update(version=copy)
    return build.reread(case)


def test_without_ties_there_are_no_pairs(activity):
    build.case(activity=activity)
    build.expert()

    assert found(activity) == {}


def test_members_employees_former_employees_namesakes_and_twins(activity):
    case = build.case(activity=activity)
    house = case.declaration.organisation
    member, employed, namesake = (
        build.expert(),
        build.expert(employer=house),
        build.expert(employer_name=house.name_en.upper()),
    )
    add_member(house.pk, member.user, Level.VIEW, actor=None)
    twin, free = build.expert(), build.expert()
    other = accounts.organisation()
    for one, number in ((house, "NO 111 222"), (other, "no-111222")):
        Organisation.objects.filter(pk=one.pk).update(registration_number=number)
    add_member(other.pk, twin.user, Level.VIEW, actor=None)

    pairs = found(activity)

    assert pairs == {(case.pk, one.pk): Barred.TIE for one in (member, employed, namesake, twin)}
    assert not conflicts(free, case.declaration)


@pytest.mark.parametrize(
    ("employer", "entry"),
    [
        ("PARTNER works, Ltd", {}),
        ("伙伴工程公司", {}),
        ("", {"name_en": "Another name", "registration_number": "no-987654"}),
        ("", {"name_en": "partner works ltd"}),
    ],
)
def test_who_is_tied_to_a_joint_applicant(activity, employer, entry):
    case = declared_with_partner(activity)
    house = None
    if entry:
        house = accounts.organisation()
        Organisation.objects.filter(pk=house.pk).update(**entry)
        house.refresh_from_db()
    tied = build.expert(employer=house, employer_name=employer)
    free = build.expert()

    assert found(activity) == {(case.pk, tied.pk): Barred.JOINT}
    assert [bool(conflicts(one, case.declaration)) for one in (tied, free)] == [True, False]


def test_the_same_number_in_another_country_is_another_body(activity):
    declared_with_partner(activity, country="DE")
    house = accounts.organisation()
    Organisation.objects.filter(pk=house.pk).update(registration_number="no-987654")
    build.expert(employer=house)

    assert found(activity) == {}


def test_names_are_folded_some_hundreds_at_a_time(monkeypatch):
    monkeypatch.setattr(conflict_pairs, "MOST_COLUMNS", 2)
    texts = [(NameKey, text) for text in ("A b", "", "C-d", "中 文", "E")]

    assert conflict_pairs._folded(texts) == ["ab", None, "cd", "中文", "e"]
