"""A whole activity through its doors: check, plan, scores, statistics, decisions, catalogue

In a database of its own. Filings, people and organisations are inserted; every act from the
check on goes through the services a person uses, one by one. "CPU s" is of Python and of the
database's process for it together. Sizes: 10, 30 and, in full, 10, 100 and 1,000 declarations.
"""

import logging
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.test.utils import override_settings

from accounts.holders import holders
from accounts.models import User
from accounts.roles import Role
from benchmarks import activity_data, activity_pages
from benchmarks.assignment import lp_ceiling
from benchmarks.report import Rows
from core import audit
from evaluation import services
from evaluation.assignment import solve
from evaluation.desk.saving import save_scores
from evaluation.figures.asking import ask_figures
from evaluation.figures.computing import compute_run
from evaluation.models import (
    Assignment,
    AssignmentPlan,
    Case,
    Decision,
    Indicator,
    ScoreSheet,
    StatisticRun,
)
from evaluation.planning import compute
from evaluation.planning.documents import problem_of
from evaluation.replaying.activity import replay
from evaluation.workflow import perform_assignment, perform_case, perform_sheet
from submissions.models import Activity
from tests.builders import accounts, evaluation, planning, submissions

SMALL = ((10, 12, 3), (30, 12, 3))
FULL = ((10, 12, 5), (100, 30, 5), (1000, 150, 5))
LEFT_OUT = 5  # every fifth is not included
STATEMENT = "The experts agree."
TICKS = 100  # of the clock of a process in a second, on Linux


def run(full: bool) -> Rows:
    """Take 10 and 30 declarations of 12 experts, ``full``: 10, 100 and 1,000 of up to 150."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    chosen: dict[str, Any] = {
        "ALLOWED_HOSTS": ["testserver"],
        "PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"],
        "STORAGES": {**settings.STORAGES, "staticfiles": plain},
    }
    logging.getLogger("request").setLevel(logging.WARNING)
    with override_settings(**chosen), own_database():
        return [row for size in (FULL if full else SMALL) for row in played(*size)]


@contextmanager
def own_database() -> Iterator[None]:
    """Lay down a database beside the portal's, and throw it away."""
    name = connection.settings_dict["NAME"]
    connection.settings_dict["TEST"]["NAME"] = f"bench_{name}"
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        yield
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


def played(declarations: int, experts: int, each: int, *, ceiling: bool = True) -> Rows:
    """Play one activity from the check of its declarations to the replay."""
    play = Play(declarations, experts, each)
    play.check()
    play.plan(ceiling=ceiling)
    play.review()
    play.figures()
    play.decide()
    rows = [*play.rows, *activity_pages.looked_at(play.activity, play.officer, play.drawn)]
    return [*rows, play.replayed()]


@dataclass
class Play:
    """One activity under way, and what was measured of it."""

    declarations: int
    experts: int
    each: int
    rows: Rows = field(default_factory=list)

    def __post_init__(self) -> None:
        self.officer, self.second = _officers()
        self.activity: Activity = submissions.open_activity(
            experts_wanted=self.each, actor=self.officer
        )
        self.drawn = AssignmentPlan()
        self.filed = activity_data.filed(self.activity, self.declarations)
        self.pool = activity_data.experts(self.experts, self.officer)

    def stage(self, what: str, call: Callable[[Any], object], things: Iterable[Any]) -> None:
        """Call for each of the things; note the time, and the questions of the last one."""
        things = list(things)
        *most, last = things
        began, began_cpu = time.perf_counter(), processor()
        for one in most:
            call(one)
        with activity_pages.counted() as asked:
            call(last)
        took, cpu = time.perf_counter() - began, processor() - began_cpu
        self.rows.append(
            {
                "what": what,
                "declarations": self.declarations,
                "done": len(things),
                "wall s": round(took, 3),
                "CPU s": round(cpu, 3),
                "CPU ms each": round(cpu / len(things) * 1000, 2),
                "queries": asked.number,
            }
        )

    def once(self, what: str, call: Callable[[], object]) -> None:
        self.stage(what, lambda _nothing: call(), [None])

    def note(self, what: str, value: str | float) -> None:
        self.rows.append({"what": what, "declarations": self.declarations, "found": value})

    # Stages ----------------------------------------------------------------------------

    def check(self) -> None:
        self.stage("begin the check", self._step("begin_check"), self.filed)
        self.stage("accept, checklist closed", self._step("accept"), self.filed)

    def _step(self, name: str) -> Callable[[Any], object]:
        return lambda one: submissions.take(one, name, self.officer)

    def plan(self, *, ceiling: bool) -> None:
        wishes = {"need": self.each, "specialists": max(1, self.each - 2), "economists": True}
        asked: list[AssignmentPlan] = []
        self.once(
            "plan: ask",
            lambda: asked.append(planning.asked(self.activity, actor=self.officer, **wishes)),
        )
        self.once("plan: compute", lambda: compute.compute(asked[0].pk))
        self.drawn = AssignmentPlan.objects.get(pk=asked[0].pk)
        problem = problem_of(self.drawn.inputs.document)
        self.once("of it: draw", lambda: solve.plan(problem, self.drawn.seed))
        found = self.drawn.outcome["figures"]
        self.note("plan: loads", f"{found['lowest_load']}–{found['highest_load']}")
        self.note("plan: guarantees missed", len(self.drawn.outcome["missing"]))
        self.note(
            "plan: worst served, of its own ceiling", found["worst_mean"] / found["ceiling_mean"]
        )
        if ceiling:
            self.note("plan: worst served, of the LP ceiling", found["worst"] / lp_ceiling(problem))
        self.once("plan: publish", lambda: planning.publish(self.drawn, actor=self.officer))

    def review(self) -> None:
        rows = Assignment.objects.filter(case__declaration__activity=self.activity)
        asked = list(rows.select_related("expert__user", "case").order_by("pk"))
        promised = evaluation.PROMISES
        self.stage(
            "assignment: accept",
            lambda one: perform_assignment("accept", one.pk, actor=one.expert.user, **promised),
            asked,
        )
        scores = activity_data.Scores((one.case_id for one in asked), self.pool, seed=1)
        indicators = list(_indicators(asked[0].case))
        self.stage(
            "scores: save a whole sheet",
            lambda one: save_scores(
                one.pk,
                scores.of(one.case_id, one.expert_id, indicators),
                words=evaluation.WORDS,
                actor=one.expert.user,
            ),
            asked,
        )
        self.stage(
            "scores: submit",
            lambda one: perform_sheet("submit", one.pk, actor=one.expert.user),
            asked,
        )

    def figures(self) -> None:
        cut = {"places": max(1, self.declarations // 5)}
        asked: list[StatisticRun] = []
        self.once(
            "figures: ask",
            lambda: asked.append(ask_figures(self.activity, cut=cut, actor=self.officer)),
        )
        self.once("figures: compute", lambda: compute_run(asked[0].pk))
        made = StatisticRun.objects.get(pk=asked[0].pk)
        self.rows += activity_pages.figures_looked_at(made, self.officer, self.declarations)

    def decide(self) -> None:
        cases = list(Case.objects.filter(declaration__activity=self.activity).order_by("pk"))
        self.stage("decide", self._decide, list(enumerate(cases)))
        self.stage("release", lambda one: perform_case("release", one.pk, actor=self.second), cases)
        self.once("clear and list all of them", services.end_due_publicity)

    def _decide(self, numbered: tuple[int, Case]) -> None:
        place, case = numbered
        left_out = place % LEFT_OUT == LEFT_OUT - 1
        outcomes = Decision.Outcome
        perform_case(
            "decide",
            case.pk,
            actor=self.officer,
            outcome=outcomes.NOT_INCLUDED if left_out else outcomes.INCLUDED,
            statement=STATEMENT,
        )

    def replayed(self) -> dict[str, str | int | float]:
        """Work everything out again from the audit; say whether it holds."""
        began, began_cpu = time.perf_counter(), processor()
        faults = [*audit.faults(), *replay(self.activity).faults]
        sheets = ScoreSheet.objects.filter(assignment__case__declaration__activity=self.activity)
        return {
            "what": "replay",
            "declarations": self.declarations,
            "done": sheets.count(),
            "wall s": round(time.perf_counter() - began, 3),
            "CPU s": round(processor() - began_cpu, 3),
            "found": f"{len(faults)} faults" if faults else "holds",
        }


def _officers() -> tuple[User, User]:
    """Return two officers, the same in every activity: each is mailed of every case."""
    known = list(holders(Role.OFFICER)[:2])
    first, second = known or (accounts.officer(), accounts.second_officer())
    return first, second


def _indicators(case: Case) -> Iterator[int]:
    rows = Indicator.objects.filter(dimension__criteria_set=case.criteria_set_id)
    yield from rows.order_by("dimension__order", "order").values_list("pk", flat=True)


def processor() -> float:
    """Return the seconds of the processor spent so far, by Python and by its database process."""
    return time.process_time() + _of_the_database()


def _of_the_database() -> float:
    if connection.connection is None:
        return 0.0
    told = Path(f"/proc/{connection.connection.info.backend_pid}/stat")
    try:
        ticks = told.read_text().rpartition(")")[2].split()[11:13]
    except OSError:
        return 0.0  # it runs elsewhere
    return sum(map(int, ticks)) / TICKS
