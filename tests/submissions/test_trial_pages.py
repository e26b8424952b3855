"""What the page of a trial says of work that was given up, and of rules that no trial runs."""

import pytest
from django.urls import reverse

from core import outbox
from submissions import trying
from submissions.models import RuleTrial
from submissions.states import Status
from submissions.trying import ask_trial, outcome_of
from tests.builders import accounts, rules
from tests.builders import submissions as build
from tests.reading import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return accounts.officer()


@pytest.fixture
def activity(officer):
    """An activity in which one declaration was filed; its case has no file."""
    activity = build.open_activity(actor=officer, rule_set=rules.rule_set("none"))
    build.declaration(Status.SUBMITTED, activity=activity)
    return activity


def page(trial) -> str:
    return reverse("admin:submissions_ruletrial_change", args=[trial.pk])


def run(trial) -> RuleTrial:
    outbox.deliver_due()
    return RuleTrial.objects.get(pk=trial.pk)


def test_what_was_given_up_says_so_and_goes_on_when_asked_again(activity, officer, monkeypatch):
    rule_set = rules.rule_set("tried", ("case_has_evidence", "warning"))
    trial = ask_trial(rule_set, activity, actor=officer)
    desk = accounts.signed_in(officer)
    monkeypatch.setattr(outbox, "MAX_ATTEMPTS", 1)
    with monkeypatch.context() as broken:
        broken.setattr(trying, "of_version", None)
        outbox.deliver_due()
    shown = text(desk.get(page(trial)))

    ask_trial(rule_set, activity, actor=officer)
    asked = text(desk.get(page(trial)))

    assert "The work failed too often and was given up" in shown
    assert "tried again by itself" not in shown
    assert "hx-trigger" not in shown
    assert "given up" not in asked
    assert "hx-trigger" in asked
    found = outcome_of(run(trial))
    assert (found.total, found.would) == (1, 1)


def test_what_is_looked_for_only_while_it_is_written_is_no_part_of_a_trial(activity, officer):
    one = rules.rule_set("alike", ("look_alike", "warning"), ("case_has_evidence", "warning"))
    desk = accounts.signed_in(officer)

    trial = run(ask_trial(one, activity, actor=officer))

    note = "not part of a trial nor of the checklist"
    pages = [
        text(desk.get(url))
        for url in (
            page(trial),
            reverse("admin:submissions_ruleset_change", args=[one.pk]),
            reverse("admin:submissions_ruleset_prepare", args=[one.pk]),
        )
    ]
    assert [rule.name for rule in outcome_of(trial).rules] == ["A file proves each case"]
    assert [found.count(note) for found in pages] == [1, 1, 1]
    assert "checklist: Texts are not those of another declaration." in pages[0]
