"""The what-if bench: who would flip, kept and audited, and nothing adopted."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.utils import DatabaseError
from django.urls import reverse

from accounts.roles import Role
from core.canonical import content_hash
from core.errors import DomainError
from core.models import AuditEntry
from evaluation.figures.bench import FLIPS_METHOD, flips_of, inputs_of, save_scenario
from evaluation.models import ActivityCriteria, Assignment, Case, FigureScenario
from evaluation.results import case_result
from tests.builders import accounts, criteria
from tests.builders import evaluation as build
from tests.builders import figures as rounds
from tests.reading import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def run():
    return rounds.computed(points="75")


def verdicts():
    return {str(case.pk): case_result(case)["verdict"] for case in Case.objects.all()}


def address(run):
    return reverse("admin:evaluation_statisticrun_bench", args=[run.pk])


def typed(run, **changed):
    """Return what the form sends as it stands, with some fields typed otherwise."""
    holds = inputs_of(run)
    weights = {f"weight_{code}": value for code, value in holds["weights"].items()}
    gates = {name: holds[name] for name in ("recommended", "panel", "dimension_minimum")}
    return {**weights, **gates, "places": holds["places"] or "", "action": "try", **changed}


def test_what_holds_flips_nobody(run):
    assert flips_of(run, inputs_of(run)) == []


def test_another_threshold_flips_who_lies_between(run):
    found = flips_of(run, inputs_of(run) | {"recommended": "70"})

    totals = {str(c.pk): float(case_result(c)["total"]["mean"]) for c in Case.objects.all()}
    between = {
        key
        for key, verdict in verdicts().items()
        if 70 <= totals[key] < 75 and verdict == "discussion"
    }
    assert {one["case"] for one in found} == between
    assert between
    for one in found:
        assert [one["before"][1], one["after"][1]] == ["discussion", "recommended"]
        assert one["before"][0] == one["after"][0] == f"{totals[one['case']]:.2f}"


def test_other_weights_come_out_as_a_change_of_the_criteria_would(run):
    weights = {code: "96" if n == 0 else "1" for n, code in enumerate(inputs_of(run)["weights"])}
    before = verdicts()
    found = flips_of(run, inputs_of(run) | {"weights": weights})

    values = {f"dimensions__{n}__weight": int(w) for n, w in enumerate(weights.values())}
    newer = criteria.next_version(**values)
    Case.objects.update(weighed_by=newer)
    after = verdicts()
    assert {one["case"]: one["after"][1] for one in found} == {
        key: after[key] for key in after if after[key] != before[key]
    }


def test_an_expert_left_out_and_places_and_adjusted(run):
    expert = next(iter(run.result["experts"]))
    holds = inputs_of(run) | {"places": 3}

    without = flips_of(run, holds | {"without": [expert]})
    adjusted = flips_of(run, holds | {"adjusted": True})

    for one in (*without, *adjusted):
        assert one["before"][3] is None  # no places hold in this run
        assert one["after"][3] is (one["after"][2] <= 3)
    best = {one["case"] for one in adjusted if one["after"][3]}
    places = {key: one["place"][0] for key, one in run.result["declarations"].items()}
    assert best == {key for key, place in places.items() if place <= 3}


def test_the_page_shows_who_would_flip_and_adopts_nothing(run):
    client = accounts.signed_in(accounts.officer())

    page = client.post(address(run), typed(run, recommended="70"))

    found = flips_of(run, inputs_of(run) | {"recommended": "70"})
    lines = page.context["found"]["lines"]
    totals = {one["case"]: one["before"][0] for one in found}
    numbers = [one["case"].declaration.number for one in lines]
    assert {str(one["case"].pk) for one in lines} == totals.keys()
    assert numbers == sorted(numbers)
    total = totals[str(lines[0]["case"].pk)]
    assert lines[0]["before"].startswith(f"{total} · For discussion · place ")
    assert not FigureScenario.objects.exists()
    assert ActivityCriteria.objects.get(activity=run.activity).criteria_set == build.criteria()


def test_a_scenario_is_kept_with_who_tried_it_and_what_came_out(run):
    officer = accounts.officer()
    client = accounts.signed_in(officer)

    answer = client.post(
        address(run), typed(run, recommended="70.0", action="save", title="A lower bar")
    )

    kept = FigureScenario.objects.get()
    inputs = inputs_of(run) | {"recommended": "70"}
    assert (kept.title, kept.saved_by, kept.inputs) == ("A lower bar", officer, inputs)
    assert kept.flips == flips_of(run, inputs)
    act = AuditEntry.objects.get(act="scenario.saved")
    assert (act.actor, act.details) == (
        officer,
        {
            "run": str(run.pk),
            "inputs": inputs,
            "flips": content_hash(kept.flips),
            "number": len(kept.flips),
            "method": FLIPS_METHOD,
        },
    )
    page = text(client.get(answer["Location"]))
    assert "A lower bar" in page
    assert "<dt>Recommended from</dt><dd><strong>70</strong>" in page
    assert str(Case.objects.get(pk=kept.flips[0]["case"]).declaration.number) in page


def test_what_changes_nothing_or_has_no_title_is_not_kept(run):
    officer = accounts.officer()

    with pytest.raises(DomainError, match="Nothing differs"):
        save_scenario(run.pk, "The same", inputs_of(run), actor=officer)
    with pytest.raises(DomainError, match="title"):
        save_scenario(run.pk, " ", inputs_of(run) | {"adjusted": True}, actor=officer)
    page = accounts.signed_in(officer).post(address(run), typed(run, action="save"))
    assert "Give the scenario a title." in text(page)


def within(run, **changed):
    """Return the weights of the first dimension of a run, by code and as the form sends them."""
    code, held = next(iter(inputs_of(run)["indicators"].items()))
    weights = held | dict(zip(held, changed["to"], strict=False))
    return code, weights, {f"weight_{code}.{one}": value for one, value in weights.items()}


def test_weights_within_a_dimension_come_out_as_a_change_of_the_criteria_would(run):
    to = ["98", "1", "1"]
    code, weights, sent = within(run, to=to)
    client = accounts.signed_in(accounts.officer())
    before = verdicts()

    page = client.post(
        address(run), typed(run, **sent, recommended="70", action="save", title="Within")
    )

    kept = FigureScenario.objects.get()
    indicators = inputs_of(run)["indicators"] | {code: weights}
    assert kept.inputs == inputs_of(run) | {"recommended": "70", "indicators": indicators}
    values = {f"dimensions__0__indicators__{n}__weight": int(w) for n, w in enumerate(to)}
    Case.objects.update(weighed_by=criteria.next_version(gates__recommended="70", **values))
    after = verdicts()
    assert {one["case"]: one["after"][1] for one in kept.flips} == {
        key: after[key] for key in after if after[key] != before[key]
    }
    assert "Weights within: " in text(client.get(page["Location"]))


def test_weights_that_do_not_sum_to_a_hundred_are_said_and_stay_typed(run):
    first, last = (list(inputs_of(run)["weights"])[place] for place in (0, -1))
    client = accounts.signed_in(accounts.officer())

    page = client.post(address(run), typed(run, **{f"weight_{first}": "60", "panel": "55"}))

    total = sum(float(one) for one in inputs_of(run)["weights"].values())
    much = 60 + total - float(inputs_of(run)["weights"][first])
    said = f"These weights sum to {much:g}, not to 100."
    assert page.context["form"].errors == {f"weight_{last}": [said]}
    assert page.context["found"] is None
    body = text(page)
    assert body.count(said) == 1
    assert 'value="60"' in body
    assert 'value="55"' in body


def test_weights_within_a_dimension_sum_to_a_hundred_too(run):
    code, weights, sent = within(run, to=["77"])
    client = accounts.signed_in(accounts.officer())

    fresh = client.get(address(run)).context["form"]
    page = client.post(address(run), typed(run, **sent))

    total = sum(float(one) for one in weights.values())
    last = list(weights)[-1]
    said = f"These weights sum to {total:g}, not to 100."
    assert page.context["form"].errors == {f"weight_{code}.{last}": [said]}
    opened = [part["is_open"] for part in page.context["form"].parts()]
    assert [part["is_open"] for part in fresh.parts()] == [False] * 5
    assert opened == [True, *[False] * (len(opened) - 1)]


def test_a_scenario_from_before_there_were_weights_within_comes_out_the_same(run):
    older = inputs_of(run) | {"recommended": "70"}
    newer = dict(older)
    del older["indicators"]

    assert flips_of(run, older) == flips_of(run, newer)


@pytest.mark.parametrize(
    "wrong", [{"recommended": "101"}, {"places": "0"}, {"without": ["nobody"]}, {"panel": ""}]
)
def test_what_cannot_be_tried_is_said_at_its_field(run, wrong):
    page = accounts.signed_in(accounts.officer()).post(address(run), typed(run, **wrong))

    assert list(page.context["form"].errors) == list(wrong)
    assert page.context["found"] is None


@pytest.mark.parametrize("typing", ["0", "0.99", "-5"])
def test_a_weight_of_nothing_is_refused_at_its_field(run, typing):
    first = next(iter(inputs_of(run)["weights"]))
    code, weights, sent = within(run, to=[typing])
    client = accounts.signed_in(accounts.officer())

    page = client.post(address(run), typed(run, **sent, **{f"weight_{first}": typing}))

    said = ["A weight is at least 1, as in a criteria set."]
    inner = f"weight_{code}.{next(iter(weights))}"
    assert page.context["form"].errors == {f"weight_{first}": said, inner: said}
    body = page.content.decode()
    assert body.count(said[0]) == 2
    assert body.count(f'value="{typing}"') == 2
    assert page.context["found"] is None


def test_with_too_little_data_the_adjusted_score_cannot_be_tried():
    run = rounds.computed(rounds.activity(declarations=4, experts=4, each=2))
    client = accounts.signed_in(accounts.officer())

    page = client.post(address(run), typed(run, adjusted="on"))
    raw = client.post(address(run), typed(run, recommended="70"))

    (said,) = page.context["form"].errors["adjusted"]
    assert said == (
        "There is no adjusted score: too little data: "
        "fewer than five experts judged two shared declarations. Go by the raw score."
    )
    assert page.context["found"] is None
    assert raw.context["found"] is not None


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.SYSTEM, Role.EXPERT])
def test_only_officers_try(run, role):
    person = accounts.with_role(role)

    assert accounts.signed_in(person).get(address(run)).status_code == 404
    with pytest.raises(PermissionDenied):
        save_scenario(run.pk, "Mine", inputs_of(run) | {"adjusted": True}, actor=person)


def test_flips_of_a_declaration_one_may_not_judge_are_counted_only(run):
    officer = accounts.officer()
    inputs = inputs_of(run) | {"recommended": "70"}
    flipped = flips_of(run, inputs)
    Assignment.objects.create(
        case_id=flipped[0]["case"],
        expert=build.expert(user=officer),
        invited_by=accounts.second_officer(),
    )

    page = accounts.signed_in(officer).post(address(run), typed(run, recommended="70"))

    found = page.context["found"]
    assert (len(found["lines"]), found["hidden"]) == (len(flipped) - 1, 1)


def test_a_scenario_is_never_changed(run):
    kept = save_scenario(
        run.pk, "Kept", inputs_of(run) | {"adjusted": True}, actor=accounts.officer()
    )

    with pytest.raises(DatabaseError), transaction.atomic():
        FigureScenario.objects.filter(pk=kept.pk).update(title="Other")
    with pytest.raises(DatabaseError), transaction.atomic():
        kept.delete()
