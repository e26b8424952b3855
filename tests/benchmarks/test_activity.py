"""A small run of the benchmark of a whole activity: it goes through, and nothing grows with it."""

import pytest

from benchmarks import activity
from catalog.models import Technology
from evaluation.models import Case, ScoreSheet
from evaluation.states import CaseStatus

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore::UserWarning"),
]

DASHBOARD = 12  # questions of a dashboard or a list, however large the activity
PAGES = ("list: ", "officer: workplace", "officer: desk", "expert: ", "enterprise: ", "public: ")


def by_what(rows):
    return {row["what"]: row for row in rows}


def test_a_small_activity_runs_through_and_its_pages_cost_the_same_when_it_is_larger():
    few = by_what(activity.played(4, 6, 3, ceiling=False))
    more = by_what(activity.played(8, 6, 3, ceiling=False))

    assert (few["replay"]["found"], more["replay"]["found"]) == ("holds", "holds")
    assert (few["plan: loads"]["found"], more["plan: loads"]["found"]) == ("2–2", "4–4")
    assert more["plan: guarantees missed"]["found"] == 0
    assert ScoreSheet.objects.filter(status="submitted").count() == 12 + 24
    assert Case.objects.filter(status=CaseStatus.NOT_INCLUDED).count() == 0 + 1
    assert Technology.objects.count() == 4 + 7

    pages = {what: row["queries"] for what, row in more.items() if what.startswith(PAGES)}
    assert len(pages) == 15
    assert {what: few[what]["queries"] for what in pages} == pages
    assert max(pages.values()) <= DASHBOARD
    each = ("begin the check", "assignment: accept", "scores: submit", "decide", "release")
    assert [few[what]["queries"] for what in each] == [more[what]["queries"] for what in each]
