"""Where a closed activity stands for the world, by what became of what was declared there."""

import pytest
from django.test import Client
from django.urls import reverse

from evaluation import services
from evaluation.states import CaseStatus
from tests.builders import evaluation as build
from tests.builders import objections as make
from tests.builders import submissions
from tests.reading import text

pytestmark = pytest.mark.django_db


def closed(status, **more):
    case = build.case(status, experts_wanted=1, **more)
    submissions.closed(case.declaration.activity)
    return case


def badge(case):
    """Return what the page of the activity says, and where its list shows it."""
    code = case.declaration.activity.code
    page = Client().get(reverse("submissions:activity-detail", args=[code]))
    found = []
    for show in ("running", "publicity", "past"):
        cards = Client().get(reverse("submissions:activity-list"), {"show": show}).context["cards"]
        found += [show] * (code in {card["activity"].code for card in cards})
    return str(page.context["status"]["label"]), *found


@pytest.mark.parametrize(
    ("status", "label", "show"),
    [
        (CaseStatus.AWAITING, "Under evaluation", "running"),
        (CaseStatus.DECIDED, "Under evaluation", "running"),
        (CaseStatus.PUBLICITY, "In publicity", "publicity"),
        (CaseStatus.CLEARED, "Past", "past"),
        (CaseStatus.NOT_INCLUDED, "Past", "past"),
    ],
)
def test_a_closed_activity_stands_where_its_entries_do(status, label, show):
    assert badge(closed(status)) == (label, show)


def test_while_one_is_under_evaluation_the_others_do_not_count():
    case = build.case(CaseStatus.PUBLICITY, experts_wanted=1)
    build.case(CaseStatus.AWAITING, activity=case.declaration.activity)
    submissions.closed(case.declaration.activity)

    assert badge(case) == ("Under evaluation", "running")


def test_when_the_last_publicity_ends_the_round_is_past():
    case = closed(CaseStatus.PUBLICITY)

    with make.after_the_end(case):
        services.end_due_publicity()
        assert badge(case) == ("Past", "past")


def test_the_list_shows_the_state_of_each():
    closed(CaseStatus.PUBLICITY)

    assert "In publicity" in text(Client().get(reverse("submissions:activity-list")))
