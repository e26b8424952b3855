"""A whole evaluation in Chromium: the draw, a refusal, a late conflict, what if, the release."""

import datetime as dt
import subprocess
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, expect
from pytest_django import Settings

from evaluation.models import Assignment, Case, FigureScenario
from evaluation.states import STANDING, CaseStatus
from tests.builders import accounts, planning, submissions
from tests.builders import evaluation as build
from tests.journeys.conftest import let_the_server_go
from tests.journeys.people import Person, at_a_browser, open_row, take, wait_for
from tests.journeys.scoring import score

pytestmark = pytest.mark.django_db(transaction=True)
WORK = 60_000  # milliseconds a worker may need


def test_an_activity_is_drawn_scored_looked_into_and_decided(
    browser: Browser,  # first: without Chromium nothing else is begun
    computing: subprocess.Popen[bytes],
    live_server: Any,
    settings: Settings,
) -> None:
    origin = settings.PORTAL_ORIGIN = live_server.url
    activity = submissions.open_activity(experts_wanted=3, publicity_days=7)
    good, other = (
        build.reread(build.case(activity=activity, document=submissions.content(title)))
        for title in ("Good filter", "Other filter")
    )
    planning.experts(5)

    with at_a_browser(browser, origin) as desk:
        desk.come_in(accounts.officer(name="Officer A"))
        draw(desk, activity)
        publish(desk)
        refused_and_replaced(browser, desk, good)
        found_late_and_replaced(browser, origin, good)
        let_all_score(good, 85)
        let_all_score(other, 65)

        look_into(desk, activity)
        what_if(desk)

        decide(desk, good, "included")
        decide(desk, other, "not_included")
        released(browser, origin, good, other)
    let_the_server_go()


def refused_and_replaced(browser: Browser, desk: Person, case: Case) -> None:
    """An expert declines; another is drawn in their place, and the officer reads of it."""
    one = seats(case)[0]
    with at_a_browser(browser, desk.origin) as expert:
        expert.come_in(one.expert.user)
        decline(expert, one)

    new = wait_for(lambda: seats(case, but=one))
    assert (len(new), one.expert in {seat.expert for seat in new}) == (3, False)
    desk.go("admin/evaluation/replacement/")
    desk.reads(str(one.expert))


def found_late_and_replaced(browser: Browser, origin: str, case: Case) -> None:
    """An expert scores, then finds a conflict: the sheet counts no more, another is asked."""
    hasty = seats(case)[0]
    with at_a_browser(browser, origin) as expert:
        expert.come_in(hasty.expert.user)
        score(expert, case.declaration.title)
        find_a_conflict(expert, hasty)

    new = wait_for(lambda: seats(case, but=hasty))
    assert (len(new), hasty.expert in {seat.expert for seat in new}) == (3, False)


def released(browser: Browser, origin: str, included: Case, not_included: Case) -> None:
    """Before a second officer releases them the enterprise reads of no decision."""
    with at_a_browser(browser, origin) as enterprise, at_a_browser(browser, origin) as second:
        enterprise.come_in(accounts.owner_of(included.declaration.organisation))
        enterprise.go(f"declarations/{included.declaration_id}/")
        enterprise.reads("Under evaluation")
        second.come_in(accounts.second_officer())
        for case in (included, not_included):
            open_row(second, "evaluation/case", case.declaration.number or "")
            take(second, "Sign the release")
            second.reads("Done: Sign the release")
        enterprise.page.reload()
        enterprise.reads("In publicity")
    assert build.reread(included).status == CaseStatus.PUBLICITY
    assert build.reread(not_included).status == CaseStatus.NOT_INCLUDED


def seats(case: Case, but: Assignment | None = None) -> list[Assignment]:
    """Return who is to score a case; [] while the seat of ``but`` is empty."""
    rows = case.assignments.filter(status__in=STANDING).exclude(sheet__status="excluded")
    found = list(rows.select_related("expert__user").order_by("pk"))
    return found if but is None or len(found) == case.experts_wanted else []


# The officer -----------------------------------------------------------------------------


def draw(desk: Person, activity: Any) -> None:
    desk.go("admin/evaluation/assignmentplan/add/")
    desk.fill({"activity": activity.pk, "name": "First draw", "need": 3, "specialists": 1})
    desk.page.locator("input[name=_save]").click()
    expect(desk.page.get_by_role("link", name="Who judges what")).to_be_visible(timeout=WORK)


def publish(desk: Person) -> None:
    day = timezone.localdate() + dt.timedelta(days=20)
    take(desk, "Publish the plan", {"due_on": day.isoformat()})
    desk.reads("Done: Publish the plan")


def look_into(desk: Person, activity: Any) -> None:
    desk.go("admin/evaluation/statisticrun/add/")
    desk.fill({"activity": activity.pk})
    desk.page.locator("input[name=_save]").click()
    shown = desk.page.get_by_role("link", name="Show the figures")
    expect(shown).to_be_visible(timeout=WORK)
    shown.click()
    desk.reads("Declarations, the highest raw score first")


def what_if(desk: Person) -> None:
    desk.press("What if")
    desk.fill({"recommended": "95"})
    desk.press("Try")
    expect(desk.page.locator("#flips")).to_contain_text("86.00 · For discussion")
    desk.fill({"title": "A higher bar"})
    desk.press("Save as a scenario")
    desk.reads("Who would flip")
    assert FigureScenario.objects.get().title == "A higher bar"


def decide(desk: Person, case: Case, outcome: str) -> None:
    open_row(desk, "evaluation/case", case.declaration.number or "")
    take(desk, "Decide", {"outcome": outcome, "statement": "As the experts found."})
    desk.reads("decided")


# The experts -----------------------------------------------------------------------------


def decline(expert: Person, assignment: Assignment) -> None:
    expert.go("evaluation/work/")
    expert.page.locator(f'a[href*="{assignment.pk}"]').first.click()
    expert.page.locator("#decline [name=reason]").fill("Abroad until the summer.")
    expert.page.locator("#decline button[type=submit]").click()
    expert.arrives(r"/work/$")


def find_a_conflict(expert: Person, assignment: Assignment) -> None:
    expert.go(f"evaluation/assignments/{assignment.pk}/")
    expert.press("I found a conflict of interest afterwards")
    expert.fill({"reason": "My brother joined the applicant last month."})
    expert.press("Declare the conflict")
    expert.reads("Excluded: conflict of interest")


def let_all_score(case: Case, value: int) -> None:
    """Let everybody score who has not; the window and the keys are shown elsewhere."""
    waiting = [one for one in seats(case) if not hasattr(one, "sheet")]
    for place, one in enumerate(waiting):
        build.submit(build.accept(one), value + place)
    assert build.reread(case).status == CaseStatus.SCORED
