"""By which rules connections and employments count, and for how long."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Organisation
from core.errors import DomainError
from core.models import AuditEntry
from evaluation.conflicts import connections
from evaluation.conflicts.finding import conflicts
from evaluation.models import ConflictRule, Tie
from evaluation.pool import employments
from tests.builders import accounts, submissions
from tests.builders import connections as make
from tests.builders import evaluation as build

pytestmark = pytest.mark.django_db


def tied_to(person):
    ties = Tie.objects.filter(user_id=person.pk)
    return Organisation.objects.filter(pk__in=ties.values("organisation_id"))


def years_ago(years, days=0):
    today = timezone.localdate()
    leap = (today.month, today.day) == (2, 29)
    then = today.replace(year=today.year - years, day=28 if leap else today.day)
    return then + dt.timedelta(days=days)


def test_the_rules_shipped_bar_for_ever_but_for_three():
    rules = {one.kind: (one.bars, one.years) for one in ConflictRule.objects.all()}

    assert set(rules) == set(ConflictRule.Kind.values)
    assert {kind: found for kind, found in rules.items() if found != (True, None)} == {
        "joint_project": (True, 5),
        "judged": (False, 5),
        "nominating_unit": (True, 5),
    }


@pytest.mark.parametrize(
    ("years", "ended", "tied"),
    [
        (3, (3, 0), True),  # to the day
        (3, (3, -1), False),
        (3, None, True),  # it goes on
        (None, (40, 0), True),
    ],
)
def test_a_look_back_counts_from_the_end_by_the_date_of_the_database(years, ended, tied):
    make.rule("consultancy", years=years)
    expert, house = build.expert(), accounts.organisation()
    make.connection(expert.user, house, ended_on=years_ago(*ended) if ended else None)

    found = conflicts(expert, submissions.draft(organisation=house))

    assert bool(found) is (house in tied_to(expert.user)) is tied


ENDS = (((2, 0), False), ((1, 0), True), (None, True))
HISTORY = [
    (kind, until, tied)
    for kind in ("consultancy", "advisory", "further", "employed")
    for until, tied in ENDS
    if until or kind != "employed"  # a present employer is the row of the expert itself
]


@pytest.mark.parametrize(("kind", "until", "tied"), HISTORY)
def test_the_rules_hold_for_the_history_too(kind, until, tied):
    make.rule(kind, years=1)
    expert, house = build.expert(), accounts.organisation()
    employments.add(
        expert.pk,
        actor=accounts.officer(),
        kind=kind,
        organisation=house,
        since=None,
        # The end of a month is written down: a month more is surely within, or without.
        until=years_ago(*until) + dt.timedelta(days=31 if tied else -31) if until else None,
    )
    expert.refresh_from_db()

    found = conflicts(expert, submissions.draft(organisation=house))

    assert bool(found) is (house in tied_to(expert.user)) is tied


def test_a_kind_that_does_not_bar_ties_nobody_and_one_without_a_rule_bars():
    expert, house = build.expert(), accounts.organisation()
    make.connection(expert.user, house)
    make.rule("consultancy", bars=False)
    without = house in tied_to(expert.user)
    ConflictRule.objects.filter(pk="consultancy").delete()

    assert (without, house in tied_to(expert.user)) == (False, True)


def test_a_rule_is_changed_with_a_reason_and_written_down():
    officer = accounts.officer()

    connections.change_rule("kin", actor=officer, reason=" Law. ", bars=True, years=9)

    act = AuditEntry.objects.get(act="conflict rule.changed")
    assert (act.actor, act.subject_id, act.reason) == (officer, "kin", "Law.")
    assert act.details == {"years": [None, 9]}


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"reason": " "}, "reason"),
        ({"kind": "employed", "bars": False}, "bars"),
        ({"years": 0}, "years"),
        ({"years": 51}, "years"),
    ],
)
def test_a_rule_that_cannot_be_is_refused(given, field):
    values = {"kind": "kin", "reason": "x", "bars": True, "years": None, **given}

    with pytest.raises(DomainError) as refused:
        connections.change_rule(values.pop("kind"), actor=accounts.officer(), **values)

    assert refused.value.field == field


def test_nobody_but_an_officer_changes_a_rule():
    people = (accounts.user(), build.expert().user, accounts.system_administrator())
    for person in people:
        with pytest.raises(PermissionDenied):
            connections.change_rule("kin", actor=person, reason="x", bars=False, years=None)


def test_the_database_lets_nobody_judge_whom_they_work_for():
    with pytest.raises(IntegrityError), transaction.atomic():
        ConflictRule.objects.filter(pk="employed").update(bars=False)
