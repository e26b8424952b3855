"""Pages of figures with too little data, and how what is shown is written."""

import pytest
from django.urls import reverse

from evaluation.figures import charts, words
from evaluation.figures.bench import inputs_of, save_scenario
from tests.builders import accounts
from tests.builders import figures as rounds
from tests.reading import text

pytestmark = pytest.mark.django_db
LACK = "too little data: fewer than five experts judged two shared declarations"


@pytest.fixture
def client():
    return accounts.signed_in(accounts.officer())


def address(name, run):
    return reverse(f"admin:evaluation_statisticrun_{name}", args=[run.pk])


def test_without_severities_experts_stand_by_their_names(client):
    run = rounds.computed(rounds.activity(declarations=4, experts=4, each=2))

    page = client.get(address("experts", run))
    figures = text(client.get(address("figures", run)))

    habits = page.context["habits"]
    assert [one["name"] for one in habits] == ["Judge 0", "Judge 1", "Judge 2"]
    assert "Experts, by name" in text(page)
    assert "strictest" not in text(page)
    assert "experts by columns in the order of their names" in figures
    assert "strictest" not in figures


def test_what_is_missing_is_said_once_under_the_table(client):
    run = rounds.computed(rounds.activity(declarations=4, experts=4, each=2))

    page = client.get(address("experts", run))

    assert page.context["lacks"] == [LACK]
    assert {str(one["severity"]) for one in page.context["habits"]} == {"–"}
    body = page.content.decode()
    assert body.count(LACK) == 1
    assert body.count('<span class="visually-hidden">too little data</span>') == 3


def test_the_table_of_declarations_says_it_once_too(client):
    run = rounds.computed(rounds.activity(declarations=4, experts=4, each=2))

    page = client.get(address("figures", run))

    assert {str(line.adjusted) for line in page.context["lines"]} == {"–"}
    assert page.context["lacks"] == [LACK]


def test_with_severities_the_strictest_comes_first(client):
    run = rounds.computed()

    assert "Experts, the strictest first" in text(client.get(address("experts", run)))
    assert "from the strictest to the mildest" in text(client.get(address("figures", run)))


def test_columns_that_are_left_out_are_named():
    columns = {"b": ("2", "Wen")}

    found = charts.heat_map([("TP-1", {"b": "70.00"})], columns, ["1 (Ada)"])

    assert list(found.left_out) == ["1 (Ada)"]


def test_numbers_of_columns_do_not_run_together():
    columns = {str(n): (str(n), f"Expert {n}") for n in range(1, 13)}

    found = charts.heat_map([("TP-1", {"9": "70.00"})], columns)

    apart = {b.x - a.x for a, b in zip(found.columns, found.columns[1:], strict=False)}
    assert apart == {20}
    assert (found.side, charts.heat_map([("a", {"1": "7"})], {"1": ("1", "A")}).side) == (19, 13)


@pytest.mark.parametrize(
    ("value", "written"),
    [(-0.001, "0.00"), (-0.0, "0.00"), (0.004, "0.00"), (-0.006, "-0.01"), (None, "–")],
)
def test_nought_has_no_sign(value, written):
    assert words.number(value) == written


def test_a_scenario_lists_what_the_form_lists_and_marks_what_differs(client):
    run = rounds.computed(points="75")
    holds = inputs_of(run)
    weights = holds["weights"]
    first, second = list(weights)[:2]
    moved = weights | {first: "20", second: "30"}
    kept = save_scenario(
        run.pk, "Less novelty", holds | {"weights": moved, "panel": "55", "adjusted": True},
        actor=accounts.officer(),
    )  # fmt: skip

    page = client.get(reverse("admin:evaluation_figurescenario_change", args=[kept.pk]))
    form = client.get(address("bench", run)).context["form"]

    tried = page.context["tried"]
    labels = [one.label for one in tried]
    assert labels[:5] == [str(field.label) for field in form.weights()]
    assert labels[5:8] == [str(field.label) for field in form.others()[:3]]
    assert {one.label: (one.value, one.held) for one in tried if one.held} == {
        labels[0]: ("20", weights[first]),
        labels[1]: ("30", weights[second]),
        "For discussion from": ("55", holds["panel"]),
        "Score": ("adjusted", "raw"),
    }
    assert f"(in place of {weights[first]})" in text(page)
