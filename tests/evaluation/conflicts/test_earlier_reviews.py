"""Who judged an earlier declaration of the same organisation: what is found, and what bars."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Organisation
from core import rights
from core.errors import DomainError
from evaluation.conflicts import earlier_reviews
from evaluation.conflicts.finding import Kind, conflicts
from evaluation.models import BarringReview, Case, ConflictRule
from evaluation.workflow import perform_sheet
from submissions.models import Declaration
from tests.builders import accounts, clock, reviews
from tests.builders import connections as make
from tests.builders import evaluation as build
from tests.builders.joint import PARTNER
from tests.builders.reviews import NO_BAR, day, sentence

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return accounts.officer()


def said(case, expert, reader):
    return earlier_reviews.told(case.declaration_id, [expert.pk], reader).get(expert.pk, [])


def barred(case, expert):
    """Say whether the expert is barred; the reasons, the view and the rights must agree."""
    found = [one.kind for one in conflicts(expert, case.declaration)]
    rows = BarringReview.objects.filter(user_id=expert.pk, case_id=case.pk)
    assert found == ([Kind.JUDGED] if rows.exists() else [])
    return bool(found)


# What is found --------------------------------------------------------------------------------


def test_it_is_dated_by_the_sheet_and_named_by_the_number(officer):
    first, expert = reviews.before()
    later = reviews.next_of(first)

    assert said(later, expert, officer) == [sentence(first), NO_BAR]
    assert said(first, expert, officer) == []
    assert said(later, build.expert(), officer) == []
    assert said(build.case(), expert, officer) == []


def test_of_several_each_is_named(officer):
    first, expert = reviews.before()
    second = reviews.next_of(first)
    reviews.judged(second, expert)
    third = reviews.next_of(first)

    found = said(third, expert, officer)

    assert sorted(found[:2]) == sorted(sentence(one) for one in (first, second))
    assert found[2:] == [NO_BAR]


@pytest.mark.parametrize("between", [False, True])
def test_the_same_declaration_filed_again_is_called_so(officer, between):
    """Begun as a copy of the one judged, or of a copy of it."""
    first, expert = reviews.before()
    source = first
    if between:
        source = reviews.next_of(first)
        reviews.copied(source, first)
    later = reviews.next_of(first)
    reviews.copied(later, source)

    assert said(later, expert, officer) == [
        f"Judged this declaration when it was filed before, as {first.declaration.number}; "
        f"sheet of {day()}.",
        NO_BAR,
    ]


def test_another_entry_of_the_same_body_is_the_same_organisation(officer):
    first, expert = reviews.before()
    later = build.case()
    for one, number in ((first, "NO 1234"), (later, "no-1234")):
        Organisation.objects.filter(pk=one.declaration.organisation_id).update(
            registration_number=number, country="NO"
        )

    found = said(later, expert, officer)
    Organisation.objects.filter(pk=later.declaration.organisation_id).update(country="DE")

    assert found[0] == sentence(first)
    assert said(later, expert, officer) == []


def joint_before():
    """The joint applicant of the earlier one applies now."""
    first, expert = reviews.with_partner(PARTNER), build.expert()
    reviews.judged(first, expert)
    return first, expert, build.case(organisation=accounts.organisation(name_en="PARTNER, Ltd."))


def joint_now():
    """The applicant of the earlier one is a joint applicant now."""
    first, expert = reviews.before(organisation=accounts.organisation(name_en="Partner Ltd"))
    return first, expert, reviews.with_partner(PARTNER)


def joint_twice():
    first, expert = reviews.with_partner(PARTNER), build.expert()
    reviews.judged(first, expert)
    return first, expert, reviews.with_partner({**PARTNER, "name_en": "partner ltd"})


@pytest.mark.parametrize("made", [joint_before, joint_now, joint_twice])
def test_joint_applicants_count_on_either_side(officer, made):
    first, expert, later = made()
    other = reviews.with_partner({**PARTNER, "name_en": "Another Ltd", "name_zh": "另一公司"})

    assert said(later, expert, officer) == [
        f"Judged {first.declaration.number}, which has an applicant or joint applicant in common "
        f"with this declaration; sheet of {day()}.",
        NO_BAR,
    ]
    assert said(other, expert, officer) == []
    make.rule("judged", years=5)
    assert (barred(later, expert), barred(other, expert)) == (True, False)


@pytest.mark.parametrize("state", ["invited", "draft", "reopened", "excluded"])
def test_only_a_sheet_that_counts_is_told_of(officer, state):
    make.rule("judged")
    make.rule("late", bars=False)  # what an excluded one tells besides: test_late_conflicts_bind.py
    first, expert = build.case(), build.expert()
    (asked,) = build.assign(first, expert)
    sheet = build.accept(asked) if state != "invited" else None
    if sheet and state in ("reopened", "excluded"):
        build.submit(sheet)
    later = reviews.next_of(first)
    before = barred(later, expert)
    if sheet and state == "excluded":
        build.exclude(sheet)
    elif sheet and state == "reopened":
        perform_sheet("reopen", sheet.pk, actor=officer, reason="An error.")

    assert before is (state in ("reopened", "excluded"))
    assert (said(later, expert, officer), barred(later, expert)) == ([], False)


def test_two_that_are_judged_beside_each_other_are_none_earlier(officer):
    """Nobody loses the second in the middle of it, because the first is done."""
    make.rule("judged")
    first, expert = build.case(), build.expert()
    second = reviews.next_of(first)
    reviews.judged(first, expert)

    assert (said(second, expert, officer), barred(second, expert)) == ([], False)
    assert barred(reviews.next_of(first), expert) is True


@pytest.mark.parametrize(
    ("years", "after", "counts"),
    [(5, 0, True), (5, 1, False), (1, 0, True), (1, 1, False), (None, 20000, True)],
)
def test_the_look_back_counts_from_the_day_of_the_sheet(officer, years, after, counts):
    make.rule("judged", years=years)
    first, expert = reviews.before()
    later = reviews.next_of(first)
    today = timezone.localdate()
    then = dt.datetime.combine(today.replace(year=today.year + (years or 0)), dt.time(12))
    clock.stop(timezone.make_aware(then) + dt.timedelta(days=after))

    assert barred(later, expert) is counts
    assert bool(said(later, expert, officer)) is counts


# What bars ------------------------------------------------------------------------------------


def test_by_the_rule_shipped_it_bars_nobody():
    first, expert = reviews.before()
    later = reviews.next_of(first)

    rule = ConflictRule.objects.get(pk="judged")
    assert (rule.bars, rule.years) == (False, 5)
    assert barred(later, expert) is False
    sheet = reviews.judged(later, expert)
    assert rights.held(expert.user, sheet, "read", "open") == {"read", "open"}
    ConflictRule.objects.filter(pk="judged").delete()
    assert barred(later, expert) is False


def test_where_it_bars_nobody_is_assigned(officer):
    make.rule("judged", years=5)
    first, expert = reviews.before()
    later = reviews.next_of(first)

    with pytest.raises(DomainError) as refused:
        build.assign(later, expert)

    assert str(refused.value) == (
        f"{expert} cannot be assigned. "
        "The expert judged an earlier declaration of the same organisation."
    )
    assert said(later, expert, officer) == [sentence(first)]


def test_a_rule_that_bars_closes_what_was_open_and_opens_it_again():
    first, expert = reviews.before()
    later = reviews.next_of(first)
    (asked,) = build.assign(later, expert)
    sheet = build.accept(asked)

    def held():
        declaration = Declaration.objects.get(pk=later.declaration_id)
        return (
            rights.held(expert.user, asked, "read"),
            rights.held(expert.user, sheet, "open", "score"),
            rights.held(expert.user, declaration, "read"),
        )

    before = held()
    make.rule("judged", years=5)
    closed = held()
    make.rule("judged", bars=False, years=5)

    assert before == held() == ({"read"}, {"open", "score"}, {"read"})
    assert closed == (set(), set(), set())
    assert rights.held(expert.user, first.assignments.get().sheet, "read", "open") == {
        "read",
        "open",
    }


def test_who_judged_once_may_be_an_officer_of_the_next_round(officer):
    make.rule("judged")
    first = build.case()
    reviews.judged(first, build.expert(user=officer))
    later = reviews.next_of(first)

    assert rights.held(officer, later, "read", "assign") == {"read", "assign"}


# Who may know ---------------------------------------------------------------------------------


def test_the_number_is_named_to_who_may_read_the_earlier_case_only():
    first, expert, later = joint_now()
    tied = accounts.officer()
    build.expert(user=tied, employer=first.declaration.organisation)

    assert not Case.objects.visible_to(tied).filter(pk=first.pk).exists()
    assert said(later, expert, tied)[0] == (
        "Judged an earlier declaration, which has an applicant or joint applicant in common with "
        f"this declaration; sheet of {day()}."
    )


def test_however_many_experts_there_are_it_is_asked_in_three_questions(officer):
    first, expert = reviews.before(experts_wanted=4)
    others = [build.expert() for _n in range(3)]
    for one in others:
        reviews.judged(first, one)
    later = reviews.next_of(first)
    assert officer.roles  # known before: a request asks it once
    costs = []
    for people in ([expert], [expert, *others]):
        with CaptureQueriesContext(connection) as asked:
            found = earlier_reviews.told(later.declaration_id, [one.pk for one in people], officer)
        assert {pk: len(lines) for pk, lines in found.items()} == {one.pk: 2 for one in people}
        costs.append(len(asked))
    with CaptureQueriesContext(connection) as asked:
        earlier_reviews.told(first.declaration_id, [expert.pk], officer)

    assert (*costs, len(asked)) == (3, 3, 1)
