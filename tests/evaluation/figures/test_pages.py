"""The pages of the figures: what officers and auditors read, and what nobody else does."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.roles import Role
from evaluation.figures import charts
from evaluation.figures.page import SIZE, Seen
from evaluation.models import Assignment, Case, Expert, StatisticRun
from evaluation.results import case_result
from tests.builders import accounts
from tests.builders import evaluation as build
from tests.builders import figures as rounds
from tests.reading import text

pytestmark = pytest.mark.django_db
PAGES = ("figures", "experts", "change")


@pytest.fixture
def officer():
    return accounts.officer()


@pytest.fixture
def client(officer):
    return accounts.signed_in(officer)


def address(name, run, *more):
    return reverse(f"admin:evaluation_statisticrun_{name}", args=[run.pk, *more])


def test_an_officer_asks_and_reads_when_it_is_there(client):
    activity = rounds.activity()
    form = reverse("admin:evaluation_statisticrun_add")

    answer = client.post(form, {"activity": activity.pk, "points": "", "places": ""})

    run = StatisticRun.objects.get()
    assert answer.status_code == 302
    assert run.cut == {"points": "75"}  # from which the criteria recommend
    page = text(client.get(address("change", run)))
    assert "Waiting for the worker that computes." in page
    rounds.compute_run(run.pk)
    page = text(client.get(address("change", run)))
    assert address("figures", run) in page
    assert 'hx-trigger="every 2s"' not in page


def test_the_page_of_the_activity_leads_there(client):
    activity = rounds.activity(declarations=2, experts=2, each=1)
    page = reverse("admin:submissions_activity_change", args=[activity.pk])
    before = text(client.get(page))

    run = rounds.computed(activity)

    after = text(client.get(page))
    ask = f"{reverse('admin:evaluation_statisticrun_add')}?activity={activity.pk}"
    assert (ask in before, address("figures", run) in before) == (True, False)
    assert (ask in after, address("figures", run) in after) == (False, True)


def test_another_cut_line_while_one_is_computed_is_refused_on_the_form(client):
    activity = rounds.activity(declarations=1, experts=1, each=1)
    rounds.asked(activity, points="70")
    form = reverse("admin:evaluation_statisticrun_add")

    page = client.post(form, {"activity": activity.pk, "points": "", "places": "3"})

    assert "Figures with another cut line are being computed." in text(page)
    assert StatisticRun.objects.count() == 1


def test_points_and_places_are_not_given_both(client):
    activity = rounds.activity(declarations=1, experts=1, each=1)
    form = reverse("admin:evaluation_statisticrun_add")

    page = client.post(form, {"activity": activity.pk, "points": "70", "places": "3"})

    assert "Give points or places, not both." in text(page)
    assert not StatisticRun.objects.exists()


def test_activities_without_open_figures_are_not_offered(client):
    open_one = rounds.activity(declarations=1, experts=1, each=1)
    build.case("in_review")

    page = client.get(reverse("admin:evaluation_statisticrun_add"))

    assert list(page.context["adminform"].form.fields["activity"].queryset) == [open_one]


def test_the_page_shows_raw_and_adjusted_scores_places_and_the_line(client):
    run = rounds.computed(points="70")
    best = max(Case.objects.all(), key=lambda one: float(case_result(one)["total"]["mean"]))

    page = client.get(address("figures", run))

    line = page.context["lines"][0]
    result = case_result(best)
    figures = run.result["declarations"][str(best.pk)]
    value, lower, upper = figures["adjusted"][""]["figure"]
    place, lowest, highest = figures["place"]
    assert line.case == best
    assert (line.raw, line.spread) == (result["total"]["mean"], result["total"]["deviation"])
    assert line.adjusted == f"{value:.2f} ({lower:.2f} – {upper:.2f})"
    assert line.place == f"{place} ({lowest} – {highest})"
    assert line.above == f"{100 * figures['above']:.0f} %"
    assert line.profile == [one["mean"] for one in result["dimensions"].values()]
    body = text(page)
    assert "Cut line: at 70 points." in body
    assert f"seed {run.seed}" in body
    assert body.count('class="chart-dot"') == 12
    assert body.count('class="chart-cell"') == 48
    assert 'class="chart-cut"' in body
    assert "style=" not in page.content.decode().split('id="content-main"')[1]


def test_swaps_and_further_opinions_stand_at_the_line(client):
    run = rounds.computed(places=5)

    page = client.get(address("figures", run))

    inside, outside, chance = run.result["swaps"][0]
    case_in, case_out, said = page.context["swaps"][0]
    assert (str(case_in.pk), str(case_out.pk)) == (inside, outside)
    assert said == f"{100 * chance:.0f} %"
    proposed = [str(one["case"].pk) for one in page.context["proposals"]]
    assert proposed == [one[0] for one in run.result["proposals"]]


def test_agreement_is_shown_for_the_total_and_every_indicator(client):
    run = rounds.computed()

    rows = client.get(address("figures", run)).context["agreement"]

    value, lower, upper = run.result["agreement"][""]["alpha"]["figure"]
    assert rows[0]["alpha"] == f"{value:.2f} ({lower:.2f} – {upper:.2f})"
    assert len(rows) == 1 + len(run.input["indicators"])


def test_too_little_data_is_said_in_words(client):
    run = rounds.computed(rounds.activity(declarations=4, experts=4, each=2))

    body = text(client.get(address("figures", run)))

    words = "too little data: fewer than five experts judged two shared declarations"
    assert f"No adjusted score, no place and no severity is shown: {words}." in body
    assert 'class="chart-dot"' not in body


def test_the_page_of_the_experts_shows_their_habits_the_strictest_first(client):
    run = rounds.computed()

    habits = client.get(address("experts", run)).context["habits"]

    figures = {key: one["severity"]["figure"] for key, one in run.result["experts"].items()}
    strictest = min(figures, key=lambda key: figures[key][0])
    value, lower, upper = figures[strictest]
    assert habits[0]["name"] == str(Expert.objects.get(pk=strictest))
    assert habits[0]["severity"] == f"{value:.2f} ({lower:.2f} – {upper:.2f})"
    assert [one["number"] for one in habits] == [str(n) for n in range(1, 7)]


def test_a_declaration_has_a_page_of_its_own_with_a_link_from_its_case(client):
    run = rounds.computed()
    case = Case.objects.order_by("pk")[0]
    mine = address("declaration", run, case.pk)

    page = client.get(mine)

    result = case_result(case)
    assert [one["raw"] for one in page.context["profile"]] == [
        one["mean"] for one in result["dimensions"].values()
    ]
    assert len(page.context["chart"].bars) == len(result["dimensions"])
    assert mine in text(client.get(reverse("admin:evaluation_case_change", args=[case.pk])))


def test_a_stale_run_says_so(client):
    activity = rounds.activity(declarations=2, experts=2, each=1)
    run = rounds.computed(activity)
    before = text(client.get(address("figures", run)))
    build.submit(build.accept(build.an_assignment(build.case("in_review", activity=activity))))

    after = text(client.get(address("figures", run)))

    said = "Score sheets or criteria have changed since."
    assert (said in before, said in after) == (False, True)
    assert f"?activity={activity.pk}" in after


# Who may not ------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.EXPERT, Role.SYSTEM])
@pytest.mark.parametrize("name", PAGES)
def test_for_others_there_is_no_such_page(role, name):
    run = rounds.computed(rounds.activity(declarations=1, experts=1, each=1))
    case = Case.objects.get()
    people = accounts.with_role(role), accounts.owner_of(case.declaration.organisation)

    for person in people:
        browser = accounts.signed_in(person)
        assert browser.get(address(name, run)).status_code == 404
        assert browser.get(address("declaration", run, case.pk)).status_code == 404


@pytest.mark.parametrize("name", PAGES)
def test_an_auditor_reads_and_asks_for_nothing(name):
    run = rounds.computed(rounds.activity(declarations=1, experts=1, each=1))
    auditor = accounts.signed_in(accounts.auditor())

    assert auditor.get(address(name, run)).status_code == 200
    case = Case.objects.get()
    mine = text(auditor.get(address("declaration", run, case.pk)))
    assert "To the case" not in mine
    assert auditor.get(reverse("admin:evaluation_statisticrun_add")).status_code == 404


def test_the_figures_of_a_declaration_one_may_not_judge_are_nowhere_on_the_pages(officer):
    run = rounds.computed()
    hidden = Case.objects.order_by("pk")[3]
    expert = build.expert(user=officer)
    Assignment.objects.create(case=hidden, expert=expert, invited_by=accounts.second_officer())
    client = accounts.signed_in(officer)

    body = text(client.get(address("figures", run)))

    assert str(hidden.declaration.number) not in body
    assert "The figures of 1 declaration are not shown" in body
    assert client.get(address("declaration", run, hidden.pk)).status_code == 404
    assert str(hidden.pk) not in Seen(run, officer).open_keys


def test_the_figures_of_a_declaration_in_review_are_not_shown(client):
    activity = rounds.activity()
    waiting = build.case("in_review", activity=activity)
    build.submit(build.accept(build.an_assignment(waiting)))

    run = rounds.computed(activity)

    assert str(waiting.pk) in run.result["declarations"]
    assert client.get(address("declaration", run, waiting.pk)).status_code == 404
    assert str(waiting.declaration.number) not in text(client.get(address("figures", run)))


# How much is asked --------------------------------------------------------------------------


def asked(client, run, name):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address(name, run)).status_code == 200
    return len(queries)


def test_the_pages_ask_the_same_of_few_and_of_many(client):
    few = rounds.computed(rounds.activity(declarations=2, experts=2, each=2))
    many = rounds.computed(rounds.activity(declarations=50, experts=10, each=4))

    for name in ("figures", "experts"):
        asked(client, few, name)
        assert asked(client, few, name) <= asked(client, many, name) <= 12


def test_the_list_goes_on_by_key_and_shows_each_once(client):
    run = rounds.computed(rounds.activity(declarations=30, experts=6, each=2))
    first = client.get(address("figures", run))
    second = client.get(address("figures", run) + f"?after={first.context['following']}")

    shown = [line.case.pk for page in (first, second) for line in page.context["lines"]]
    assert (len(first.context["lines"]), second.context["following"]) == (SIZE, "")
    assert sorted(shown) == sorted(Case.objects.values_list("pk", flat=True))


# Charts -----------------------------------------------------------------------------------


def test_marks_stand_where_their_figures_are():
    chart = charts.intervals(
        [charts.Interval("A", 50, 40, 60, 45), charts.Interval("B", 80, 70, 90)], line=75
    )

    assert [one.label for one in chart.ticks] == ["40", "50", "60", "70", "80", "90"]
    first, second = chart.marks
    assert (first.x, first.from_x, first.to_x, first.other_x) == (246, 150, 342, 198)
    assert (second.x, second.other_x, chart.line_x) == (534, None, 486)


@pytest.mark.parametrize(
    ("name", "fits"),
    [
        ("Economy", "Economy"),
        ("Service capability of the organisation", "Service capability of …"),
        ("企业的服务能力与售后服务水平", "企业的服务能力与售后服…"),
    ],
)
def test_a_name_is_cut_to_what_fits(name, fits):
    assert charts.short(name) == fits


def test_one_value_is_a_chart_too_and_none_is_none():
    assert charts.intervals([]) is None
    assert charts.intervals([charts.Interval("A", 50, 50, 50)]).marks[0].x == 150
    assert charts.heat_map([], {}) is None


def test_coordinates_are_the_same_in_every_language(client):
    run = rounds.computed()

    chinese = client.get(address("figures", run).replace("/en/", "/zh-hans/")).content.decode()

    assert re.findall(r'opacity="([^"]+)"', chinese)[0].replace(".", "").isdigit()
