"""A decision that is taken and held back is told of: on its case, and as work of the office."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from evaluation import services
from evaluation.models import Case, Procedure
from evaluation.states import CaseStatus
from evaluation.workflow import perform_case
from tests.builders import accounts, panel, procedures
from tests.builders import evaluation as build
from tests.evaluation.conflicts.test_counted_sheets import comes_up, scorer, voted_by
from tests.evaluation.test_releasing import later, let_the_moment_come
from tests.reading import text

pytestmark = pytest.mark.django_db
CASES = reverse("admin:evaluation_case_changelist")
ANOTHER = "Somebody voted who may not take part in it any more. Put the declaration on another"
HELD = f"The decision is held back until the panel has voted: send it back first. {ANOTHER}"


@pytest.fixture
def officer():
    return accounts.signed_in(accounts.officer())


def page_of(case, officer):
    return text(officer.get(reverse("admin:evaluation_case_change", args=[case.pk])))


def line(officer, title="Decisions due that are held back"):
    answer = officer.get("/en/work/")
    found = {one.title: (one.url, one.meta) for one in answer.context["desks"][0].items}
    return found.get(title)


def listed(officer, query):
    return {one.pk for one in officer.get(f"{CASES}?{query}").context["cl"].result_list}


def test_an_officers_own_decisions_are_for_another_to_release():
    people = [accounts.officer(name=f"Officer {number}") for number in range(3)]
    first, second, third = map(accounts.signed_in, people)
    together = procedures.activity(co_releaser=people[2])
    mine, other = build.scored_case(), build.scored_case(activity=together)
    build.decide(mine, actor=people[0])
    build.decide(other, actor=people[1])
    query = "status__exact=decided&release=mine"

    found = [line(one, "Decisions to release") for one in (first, second, third)]
    lists = [listed(one, query) for one in (first, second, third)]

    address = f"{CASES}?{query}"
    # The third signs for CAEPI in the other activity.
    assert found == [(address, "1")] * 3
    assert lists == [{other.pk}, {mine.pk}, {mine.pk}]

    build.release(mine, actor=people[1])
    build.release(other, actor=people[0])
    assert [line(one, "Decisions to release") for one in (first, second, third)] == [None] * 3


def test_a_decision_of_ones_own_is_no_work_at_all():
    officer = accounts.officer()
    build.decide(build.scored_case(), actor=officer)
    desk = accounts.signed_in(officer)

    assert line(desk, "Decisions to release") is None
    assert listed(desk, "release=mine") == set()
    assert len(listed(desk, "status__exact=decided")) == 1


def test_a_vote_that_counts_no_more_is_told_once_it_is_decided(officer):
    case = build.scored_case(activity=panel.activity())
    voter = voted_by(case)
    build.decide(case)
    before = page_of(case, officer)
    comes_up(voter, case)

    assert HELD not in before
    assert HELD in page_of(case, officer)

    perform_case("send_back", case.pk, actor=accounts.officer(), reason="The panel again.")
    assert "The decision is held back" not in page_of(case, officer)


def test_what_the_clock_could_not_release_is_work_of_the_office(officer):
    together = procedures.activity(release_at=later())
    marked = build.case(CaseStatus.SIGNED, activity=together)
    comes_up(scorer(marked), marked)
    before = line(officer)
    let_the_moment_come(marked)
    services.release_due_decisions()
    on_the_way = line(officer)
    Procedure.objects.update(release_at=timezone.now() - dt.timedelta(minutes=6))

    assert (before, on_the_way) == (None, None)
    assert line(officer) == (f"{CASES}?release=held", "1")
    listed = officer.get(f"{CASES}?release=held").context["cl"].result_list
    assert [one.pk for one in listed] == [marked.pk]
    assert f"The score sheet of {scorer(marked)} counts, and there is a conflict" in page_of(
        marked, officer
    )

    build.exclude(build.an_assignment(marked).sheet)
    assert line(officer) is None


def test_what_waits_for_caepi_is_not_held_back(officer):
    signer = accounts.officer(name="Third Officer")
    build.case(CaseStatus.SIGNED, activity=procedures.activity(co_releaser=signer))

    assert Case.objects.get().status == CaseStatus.SIGNED
    assert line(officer) is None
