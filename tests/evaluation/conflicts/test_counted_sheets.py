"""A conflict that comes up when a sheet is in: nothing is decided or released while it counts."""

import pytest
from django.urls import reverse

from core.errors import DomainError
from evaluation import services
from evaluation.conflicts.in_sheets import found_in
from evaluation.states import CaseStatus
from evaluation.workflow import perform_case
from tests.builders import accounts, procedures
from tests.builders import connections as make
from tests.builders import evaluation as build
from tests.builders import panel as panels
from tests.evaluation.test_releasing import later, let_the_moment_come
from tests.reading import text
from tests.replaying import as_owner

pytestmark = pytest.mark.django_db

FIRST = "The decision needs the vote of the panel: send it back first. "
NONE_YET = FIRST + "The panel has not spoken about this declaration yet."
PANEL = FIRST + (
    "Somebody voted who may not take part in it any more. Put the declaration on another agenda."
)
OTHERS = FIRST + (
    "The panel voted on other figures than those of now. Put the declaration on another agenda."
)


def comes_up(expert, case):
    """Let an officer record that the expert advises the applicant."""
    make.connection(expert.user, case.declaration.organisation)


def scorer(case):
    return build.an_assignment(case).expert


def refusal(step, case):
    with pytest.raises(DomainError) as refused:
        step(case)
    return str(refused.value)


def sentence(case):
    ((expert, conflict),) = found_in(case)
    return (
        f"The score sheet of {expert} counts, and there is a conflict. {conflict.reason} "
        "Take the step “Exclude for a conflict of interest” on the sheet first."
    )


def co_release(case):
    return perform_case(
        "co_release", case.pk, actor=case.declaration.activity.procedure.co_releaser
    )


def test_nothing_is_decided_until_the_sheet_is_excluded():
    case = build.scored_case()
    comes_up(scorer(case), case)

    said = refusal(build.decide, case)
    expected = sentence(case)
    build.exclude(build.an_assignment(case).sheet)
    build.decide(case)

    assert said == expected
    assert build.reread(case).status == CaseStatus.DECIDED
    assert found_in(case) == []


def test_nothing_is_released_with_a_sheet_of_a_conflict():
    case = build.case(CaseStatus.DECIDED)
    comes_up(scorer(case), case)

    assert refusal(build.release, case) == sentence(case)
    build.exclude(build.an_assignment(case).sheet)
    assert build.reread(case).status == CaseStatus.SCORED


def test_nobody_signs_for_caepi_with_a_sheet_of_a_conflict():
    signer = accounts.officer(name="Third Officer")
    how = procedures.activity(co_release=True, co_releaser=signer)
    case = build.case(CaseStatus.DECIDED, activity=how)
    build.release(case)
    comes_up(scorer(case), case)

    assert refusal(co_release, case) == sentence(case)
    assert build.reread(case).status == CaseStatus.SIGNED


def test_the_clock_leaves_it_and_makes_the_others_known():
    together = procedures.activity(release_at=later())
    marked = build.case(CaseStatus.SIGNED, activity=together)
    other = build.case(CaseStatus.SIGNED, activity=together)
    comes_up(scorer(marked), marked)
    let_the_moment_come(marked)

    assert services.release_due_decisions() == 1

    assert build.reread(marked).status == CaseStatus.SIGNED
    assert build.reread(other).status == CaseStatus.PUBLICITY


def test_what_is_not_handed_in_or_excluded_stops_nothing():
    case = build.case(CaseStatus.IN_REVIEW)
    third, *_none = build.assign(case, build.expert())
    for one in case.assignments.exclude(pk=third.pk):
        build.submit(build.accept(one))
    comes_up(third.expert, case)

    build.decide(case)

    assert build.reread(case).status == CaseStatus.DECIDED


def test_the_page_of_the_case_says_so_at_its_top():
    case = build.scored_case()
    officer = accounts.signed_in(accounts.officer())
    address = reverse("admin:evaluation_case_change", args=[case.pk])
    mark = f"The score sheet of {scorer(case)} counts, and there is a conflict"
    before = text(officer.get(address))
    comes_up(scorer(case), case)
    after = text(officer.get(address))
    build.exclude(build.an_assignment(case).sheet)

    assert (mark in before, mark in after, mark in text(officer.get(address))) == (
        False,
        True,
        False,
    )


# The panel -----------------------------------------------------------------------------------


def voted_by(case):
    """Let the panel vote, and return a voter."""
    return panels.people(panels.spoken(case))[1].expert


def test_the_vote_is_looked_at_again_at_the_release():
    case = build.scored_case(activity=panels.activity())
    voter = voted_by(case)
    build.decide(case)
    comes_up(voter, case)

    assert refusal(build.release, case) == PANEL


def test_the_vote_is_looked_at_again_at_the_third_signature():
    signer = accounts.officer(name="Third Officer")
    how = panels.activity(co_release=True, co_releaser=signer)
    case = build.scored_case(activity=how)
    voter = voted_by(case)
    build.decide(case)
    build.release(case)
    comes_up(voter, case)

    assert refusal(co_release, case) == PANEL


def test_a_vote_that_holds_stops_nothing():
    case = build.scored_case(activity=panels.activity())
    voted_by(case)
    build.decide(case)

    assert build.release(case).status == CaseStatus.PUBLICITY


def without_a_vote(status, **how):
    """Return a case of a panel that came so far without it: by no way of the portal."""
    case = build.case(status, activity=procedures.activity(**how))
    as_owner("evaluation_procedure", "UPDATE evaluation_procedure SET panel = true")
    return build.reread(case)


def test_nothing_is_decided_without_the_vote():
    case = without_a_vote(CaseStatus.SCORED)

    assert refusal(build.decide, case) == "The panel has not spoken about this declaration yet."


def test_nothing_is_released_without_the_vote_until_it_is_sent_back_and_voted_on():
    case = without_a_vote(CaseStatus.DECIDED)

    said = refusal(build.release, case)
    perform_case("send_back", case.pk, actor=accounts.officer(), reason="The panel first.")
    panels.spoken(build.reread(case))
    build.decide(build.reread(case))

    assert said == NONE_YET
    assert build.release(build.reread(case)).status == CaseStatus.PUBLICITY


def test_nobody_signs_for_caepi_without_the_vote():
    signer = accounts.officer(name="Third Officer")
    case = without_a_vote(CaseStatus.SIGNED, co_release=True, co_releaser=signer)

    assert refusal(co_release, case) == NONE_YET
    assert build.reread(case).status == CaseStatus.SIGNED


def test_the_clock_makes_nothing_known_without_the_vote():
    case = without_a_vote(CaseStatus.SIGNED, release_at=later())
    let_the_moment_come(case)

    assert services.release_due_decisions() == 0
    assert build.reread(case).status == CaseStatus.SIGNED


def test_a_vote_on_other_figures_is_none():
    case = build.scored_case(activity=panels.activity())
    voted_by(case)
    build.decide(case)
    as_owner("evaluation_panelitem", "UPDATE evaluation_panelitem SET figures_hash = 'other'")

    assert refusal(build.release, case) == OTHERS
