"""How often pages of an activity ask the database, and how long they take once they are warm."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import User
from benchmarks.report import Rows
from evaluation.models import Assignment, AssignmentPlan, Case, StatisticRun
from submissions.models import Activity
from tests.builders import accounts

TIMES = 3
LISTS = (
    "submissions_declaration",
    "submissions_activity",
    "evaluation_case",
    "evaluation_assignment",
    "evaluation_scoresheet",
    "evaluation_assignmentplan",
    "evaluation_expert",
    "catalog_technology",
)


def looked_at(activity: Activity, officer: User, plan: AssignmentPlan) -> Rows:
    """Measure the officers' lists and dashboards, and those of an expert and an enterprise."""
    number = activity.declarations.count()
    asked = Assignment.objects.filter(case__declaration__activity=activity)
    expert = asked.select_related("expert__user").order_by("pk")[0].expert.user
    case = Case.objects.filter(declaration__activity=activity).order_by("pk")[0]
    owner = accounts.owner_of(case.declaration.organisation)
    desk = accounts.signed_in(officer)
    rows = [
        measured(f"list: {name}", number, desk, reverse(f"admin:{name}_changelist"))
        for name in LISTS
    ]
    pages = {
        "officer: workplace": (desk, reverse("workplace")),
        "officer: desk": (desk, reverse("admin:index")),
        "officer: a case": (desk, reverse("admin:evaluation_case_change", args=[case.pk])),
        "officer: a plan": (
            desk,
            reverse("admin:evaluation_assignmentplan_change", args=[plan.pk]),
        ),
        "expert: workplace": (accounts.signed_in(expert), reverse("workplace")),
        "expert: work": (accounts.signed_in(expert), reverse("evaluation:work-list")),
        "enterprise: workplace": (accounts.signed_in(owner), reverse("workplace")),
        "public: publicity": (Client(), reverse("evaluation:publicity-list")),
        "public: catalogue": (Client(), reverse("catalog:technology-list")),
    }
    return rows + [measured(what, number, *where) for what, where in pages.items()]


def figures_looked_at(run: StatisticRun, officer: User, number: int) -> Rows:
    """Measure the pages of figures that were computed."""
    desk = accounts.signed_in(officer)
    names = ("figures", "experts", "bench")
    return [
        measured(
            f"statistics: {name}",
            number,
            desk,
            reverse(f"admin:evaluation_statisticrun_{name}", args=[run.pk]),
        )
        for name in names
    ]


class Counter:
    """Counts what is asked of the database; Django's own log of it ends at 9,000."""

    number = 0

    def __call__(self, execute: Callable[..., Any], *asked: Any) -> Any:
        self.number += 1
        return execute(*asked)


@contextmanager
def counted() -> Iterator[Counter]:
    counter = Counter()
    with connection.execute_wrapper(counter):
        yield counter


def measured(what: str, number: int, client: Client, address: str) -> dict[str, Any]:
    took, queries = [], 0
    for _time in range(TIMES):
        with counted() as asked:
            began = time.perf_counter()
            page = client.get(address)
            took.append(time.perf_counter() - began)
        if page.status_code != 200:
            raise RuntimeError(f"{address} answered {page.status_code}")
        queries = asked.number
    return {
        "what": what,
        "declarations": number,
        "ms, warm": round(min(took) * 1000, 1),
        "queries": queries,
    }
