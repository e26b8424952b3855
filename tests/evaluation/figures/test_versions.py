"""Figures of an activity whose criteria changed after some of it was decided."""

import json

import pytest
from django.urls import reverse

from accounts.roles import Role
from evaluation.criteria.workflow import perform_change, propose_change
from evaluation.figures.bench import flips_of, inputs_of
from evaluation.models import Case, Decision
from evaluation.results import case_result
from tests.builders import accounts, criteria
from tests.builders import evaluation as build
from tests.builders import figures as rounds
from tests.reading import text
from tests.replaying import as_owner

pytestmark = pytest.mark.django_db
OTHERS_ONE = {f"dimensions__{place}__weight": 1 for place in range(1, 5)}


def address(name, run, *more):
    return reverse(f"admin:evaluation_statisticrun_{name}", args=[run.pk, *more])


@pytest.fixture
def client():
    return accounts.signed_in(accounts.officer())


@pytest.fixture
def mixed():
    """An activity whose criteria changed after one of its three was decided; and its case."""
    activity = rounds.activity(declarations=3, experts=2, each=2)
    decided = Case.objects.order_by("pk")[0]
    build.decide(decided)
    before = rounds.computed(activity)
    newer = criteria.next_version(dimensions__0__weight=96, **OTHERS_ONE)
    author = accounts.with_role(Role.OFFICER)
    change = propose_change(activity, newer, reason="Novelty counts most.", actor=author)
    perform_change("confirm", change.pk, actor=accounts.second_officer())
    return activity, decided, before


def test_what_is_decided_is_weighed_by_the_version_it_was_decided_by(client, mixed):
    activity, decided, before = mixed
    run = rounds.computed(activity)
    page = client.get(address("figures", run))

    lines = {line.case.pk: line for line in page.context["lines"]}
    other = Case.objects.exclude(pk=decided.pk).order_by("pk")[0]
    mine = lines[decided.pk]
    decision = Decision.objects.get()
    assert (mine.raw, mine.version, mine.decided) == (str(decision.total), 2, "")
    assert before.result["declarations"][str(decided.pk)]["raw"]["mean"] == mine.raw
    assert lines[other.pk].raw == case_result(other)["total"]["mean"]
    assert before.result["declarations"][str(other.pk)]["raw"]["mean"] != lines[other.pk].raw
    assert lines[other.pk].version is None
    body = text(page)
    assert body.count("decided and weighed by version 2 of the criteria") == 1
    assert (
        "1 declaration was decided before the criteria changed and is weighed by the version "
        "it was decided by; all others are weighed by version 3, which is in force."
    ) in body
    said = "decided and weighed by version 2 of the criteria"
    assert said in text(client.get(address("declaration", run, decided.pk)))
    assert "versions" not in text(client.get(address("figures", before)))
    assert flips_of(run, inputs_of(run)) == []


def test_the_bench_leaves_a_decided_declaration_by_its_version_but_for_what_is_tried(mixed):
    activity, decided, _before = mixed
    run = rounds.computed(activity, points="75")
    total = Decision.objects.get().total

    places = flips_of(run, inputs_of(run) | {"places": 1})
    gate = flips_of(run, inputs_of(run) | {"recommended": "0", "panel": "0", "places": 1})

    for found in (places, gate):
        (one,) = [flip for flip in found if flip["case"] == str(decided.pk)]
        assert one["before"][0] == one["after"][0] == str(total)


def test_an_older_run_still_says_what_was_decided_by_another_version(client, mixed):
    activity, decided, _before = mixed
    run = rounds.computed(activity)
    older = {key: run.result[key] for key in run.result if key != "judged_by"}
    as_owner(
        "evaluation_statisticrun",
        "UPDATE evaluation_statisticrun SET result = %s WHERE id = %s",
        json.dumps(older),
        run.pk,
    )

    page = client.get(address("figures", run))

    kept = str(Decision.objects.get().total)
    lines = page.context["lines"]
    assert [line.decided for line in lines if line.case == decided] == [kept]
    assert [line.decided for line in lines if line.case != decided] == ["", ""]
    assert f"decided by another version of the criteria: {kept}" in text(page)
    assert "Score sheets or criteria have changed since." in text(page)
