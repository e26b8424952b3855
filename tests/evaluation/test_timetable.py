"""Between acceptance and release: the announced timetable, and nothing else; then the draw."""

import datetime as dt

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from evaluation.models import Assignment, AssignmentPlan, Case, Decision, PlanInputs
from evaluation.planning.told import further_by_hand
from evaluation.states import CaseStatus
from evaluation.timetable import in_words
from evaluation.workflow import perform_assignment, perform_case
from tests.builders import accounts, planning, procedures, verifications
from tests.builders import evaluation as build
from tests.builders import letters as make
from tests.evaluation.test_standing import _seen
from tests.reading import text

pytestmark = pytest.mark.django_db

ZONE = timezone.get_default_timezone()
YEAR = timezone.now().year + 1
REVIEW, RELEASE = dt.date(YEAR, 11, 30), dt.datetime(YEAR, 12, 1, 10, tzinfo=ZONE)
REVIEWS_END = f"Reviews are to end on {YEAR}-11-30."
RELEASED = f"Decisions are to be released on {YEAR}-12-01 10:00 (Beijing time)."
ALL = f"It is under review. {REVIEWS_END} {RELEASED}"


@pytest.mark.parametrize(
    ("dates", "said"),
    [
        ({}, ""),
        ({"review_until": REVIEW}, REVIEWS_END),
        ({"release_at": RELEASE}, RELEASED),
        ({"review_until": REVIEW, "release_at": RELEASE}, f"{REVIEWS_END} {RELEASED}"),
    ],
)
def test_what_was_announced_is_said_and_nothing_else(dates, said):
    how = procedures.procedure(**dates)

    assert in_words(how) == said
    page = text(Client().get(reverse("submissions:activity-detail", args=[how.activity.code])))
    assert ("Timetable" in page, not said or said in page) == (False, not said)  # not open yet


def test_the_notice_of_an_open_activity_shows_its_timetable():
    announced = procedures.activity(review_until=REVIEW, release_at=RELEASE)
    plain = build.activity()

    page, other = (
        text(Client().get(reverse("submissions:activity-detail", args=[one.code])))
        for one in (announced, plain)
    )

    assert f"{REVIEWS_END} {RELEASED}" in page
    assert "Timetable" not in other


def detail(case):
    return reverse("submissions:declaration-detail", args=[case.declaration_id])


def test_the_enterprise_reads_the_same_words_and_the_dates_of_its_own_activity():
    case = build.case(activity=procedures.activity(review_until=REVIEW, release_at=RELEASE))
    other = build.case(CaseStatus.DECIDED)

    for one, said in (case, ALL), (other, "It is under review."):
        owner = accounts.signed_in(accounts.owner_of(one.declaration.organisation))
        page = owner.get(detail(one))
        assert page.context["standing"].text == said
        assert said in text(page)


# Non-interference -----------------------------------------------------------------------------


def seen(case, owner):
    """Return all the enterprise can ask for about its declaration: state, headers, bytes."""
    client, key = accounts.signed_in(owner), case.declaration_id
    code = case.declaration.activity.code
    addresses = [
        "/",
        reverse("home"),
        reverse("workplace"),
        reverse("submissions:declaration-list"),
        detail(case),
        reverse("submissions:declaration-version", args=[key, 1]),
        reverse("submissions:declaration-document", args=[key, 1]),
        reverse("submissions:declaration-receipt", args=[key, 1]),
        reverse("submissions:activity-list"),
        reverse("submissions:activity-detail", args=[code]),
        reverse("submissions:activity-feed"),
        reverse("evaluation:publicity-list"),
        reverse("evaluation:decision-detail", args=[key]),
        reverse("evaluation:decision-letter", args=[key]),
        reverse("evaluation:clarification-list", args=[key]),
        reverse("evaluation:avoidance", args=[key]),
        reverse("evaluation:verification-list", args=[key]),
        reverse("evaluation:work-list"),
        reverse("admin:evaluation_case_change", args=[case.pk]),
    ]
    return {address: _seen(client.get(address, follow=True)) for address in addresses}


def test_no_page_of_the_enterprise_tells_one_state_from_another_until_the_release():
    activity = procedures.activity(experts_wanted=2, review_until=REVIEW, release_at=RELEASE)
    case = build.case(activity=activity)
    owner = accounts.owner_of(case.declaration.organisation)
    officer, second = accounts.officer(), accounts.second_officer()

    def an_expert_declines():
        one = build.an_assignment(case)
        perform_assignment("decline", one.pk, actor=one.expert.user, reason="No time.")
        build.assign(case, build.expert())

    def the_others_score():
        for one in Assignment.objects.standing().filter(case=case).select_related("expert__user"):
            build.submit(build.accept(one), 40)

    def further_opinions():
        perform_case("ask_further", case.pk, actor=officer, reason="In doubt.", more=1)

    def another_scores():
        (one,) = build.assign(case, build.expert())
        build.submit(build.accept(one), 40)

    def decide():
        build.decide(case, Decision.Outcome.NOT_INCLUDED, actor=officer)

    walk = [
        lambda: build.assign(case),
        an_expert_declines,
        the_others_score,
        further_opinions,
        another_scores,
        decide,
        lambda: perform_case("send_back", case.pk, actor=second, reason="Look again."),
        lambda: make.begun(case, actor=officer),
        decide,
        lambda: make.finished(make.begun(case)),
        lambda: build.release(case, actor=second),
    ]
    first, told = seen(case, owner), list(build.mails_to(owner))
    states = []
    for step in walk:
        step()
        states.append(build.reread(case).status)
        found = seen(case, owner)
        differing = [one for one in first if found[one] != first[one]]
        assert (states[-1], differing) == (states[-1], [])

    assert set(states) == {"in_review", "scored", "decided", "signed"}
    assert list(build.mails_to(owner)) == told
    assert ALL in first[detail(case)][2]


def test_no_page_of_the_enterprise_tells_when_a_verification_was_reported():
    row = verifications.held()
    owner = accounts.owner_of(row.case.declaration.organisation)
    first, told = seen(row.case, owner), list(build.mails_to(owner))

    verifications.reported(row)

    found = seen(row.case, owner)
    assert [one for one in first if found[one] != first[one]] == []
    assert list(build.mails_to(owner)) == told


# The draw, with the outcome -------------------------------------------------------------------


@pytest.fixture
def drawn():
    """Return a published plan and a decided case whose experts it asked."""
    plan = planning.published()
    case = Case.objects.filter(declaration__activity=plan.activity_id)[0]
    sheets = [build.accept(one) for one in case.assignments.select_related("expert__user")]
    for one in sheets:
        if build.reread(case).status == CaseStatus.IN_REVIEW:
            build.submit(one)
    build.decide(case)
    return plan, case


def decision_page(case):
    owner = accounts.owner_of(case.declaration.organisation)
    address = reverse("evaluation:decision-detail", args=[case.declaration_id])
    return accounts.signed_in(owner).get(address)


def test_seed_and_hash_of_the_plan_are_shown_with_the_outcome_and_no_name(drawn):
    plan, case = drawn
    assert decision_page(case).status_code == 404
    build.release(case)

    page = text(decision_page(case))

    seal = PlanInputs.objects.get(plan=plan).content_hash
    assert f"The experts were drawn with seed {plan.seed}, plan hash (SHA-256) {seal}." in page
    for one in case.assignments.select_related("expert__user"):
        assert str(one.expert) not in page
    assert plan.name not in page
    assert "Further experts were asked" not in page


def test_a_plan_changed_by_hand_is_called_so(drawn):
    plan, case = drawn
    build.release(case)
    by_hand = AssignmentPlan.Origin.BY_HAND

    page = decision_page(case)
    (draw,) = page.context["draws"]
    assert (draw.seed, draw.by_hand) == (plan.seed, plan.origin == by_hand)


def test_experts_asked_beside_the_draw_are_owned_up_to(drawn):
    _plan, case = drawn
    assert further_by_hand(case) is False
    assert further_by_hand(build.case(CaseStatus.DECIDED)) is True

    said = render_to_string("evaluation/_draws.html", {"draws": [], "further_by_hand": True})

    assert "Further experts were asked by officers." in said


def test_where_nothing_was_drawn_nothing_is_said_of_a_draw():
    page = text(decision_page(build.released_case()))

    assert "The draw of the experts" not in page
