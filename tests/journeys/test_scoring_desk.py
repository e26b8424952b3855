"""An expert scores in Chromium: by keys, with evidence, without a line, in two windows."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Page, expect

from evaluation.models import Indicator, ScoreSheet
from evaluation.states import CaseStatus
from tests.builders import accounts
from tests.builders import evaluation as build
from tests.journeys.conftest import let_the_server_go
from tests.journeys.writing import LONG

pytestmark = pytest.mark.django_db(transaction=True)
Opened = Callable[[], Page]


@pytest.fixture
def sheet(transactional_db: None) -> ScoreSheet:
    return build.accept(build.an_assignment(build.case(CaseStatus.IN_REVIEW)))


@pytest.fixture
def opened(browser: Browser, live_server: Any, sheet: ScoreSheet) -> Iterator[Opened]:
    """Give what opens the desk as the expert, each time in one more window of one browser."""
    name = settings.SESSION_COOKIE_NAME
    session = accounts.signed_in(sheet.assignment.expert.user).cookies[name].value
    context: BrowserContext = browser.new_context(viewport={"width": 1280, "height": 900})
    context.add_cookies([{"name": name, "value": session, "url": live_server.url}])

    def open_desk() -> Page:
        page = context.new_page()
        page.goto(live_server.url + reverse("evaluation:scoring-desk", args=[sheet.pk]))
        return page

    yield open_desk
    context.close()
    let_the_server_go()


def first() -> int:
    return int(Indicator.objects.get(code="level").pk)


def score(page: Page, place: int = 0) -> Any:
    return page.locator(".score-input").nth(place)


def state(page: Page) -> Any:
    return page.locator(".saving-state")


def values(sheet: ScoreSheet) -> list[int | None]:
    return list(sheet.scores.order_by("indicator").values_list("value", flat=True))


def test_scores_are_given_by_keys_and_save_themselves(opened: Opened, sheet: ScoreSheet) -> None:
    page = opened()
    score(page).focus()

    page.keyboard.type("80")
    page.keyboard.press("Enter")
    page.keyboard.insert_text("７０")  # as Chinese keyboards write them
    page.keyboard.press("Alt+ArrowUp")
    page.keyboard.press("Alt+ArrowDown")

    expect(score(page, 1)).to_be_focused()
    expect(page.locator("[data-scored]")).to_have_text(re.compile(r"^2 of \d+ indicators scored$"))
    expect(state(page)).to_contain_text("Saved", timeout=LONG)
    assert values(sheet) == [80, 70]
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Nothing else waits for you.")).to_be_visible(timeout=LONG)


def test_evidence_is_cited_beside_the_declaration(opened: Opened, sheet: ScoreSheet) -> None:
    page = opened()
    indicator = page.locator(f"#indicator-{first()}")
    score(page).fill("95")
    expect(indicator.get_by_text("needs its evidence named")).to_be_visible()

    page.get_by_role("button", name="Cite “Technology – Summary” as evidence").click()
    indicator.get_by_role("button", name="Name evidence for").click()
    indicator.get_by_label("Place in the declaration").select_option("technology")
    indicator.get_by_role("button", name="Add this evidence").click()

    expect(indicator.get_by_text("needs its evidence named")).to_be_hidden()
    expect(state(page)).to_contain_text("Saved", timeout=LONG)
    stored = [(one["section"], one.get("field")) for one in sheet.scores.get().evidence]
    assert stored == [("technology", "summary"), ("technology", None)]
    with page.expect_response("**/scores/save/"):
        indicator.get_by_role("button", name="Take away Technology – Summary").click()
    assert [one.get("field") for one in sheet.scores.get().evidence] == [None]


def test_what_was_typed_without_a_line_is_saved_when_it_is_back(
    opened: Opened, sheet: ScoreSheet
) -> None:
    page = opened()
    page.context.set_offline(True)
    score(page).fill("64")
    page.locator("#id_score-remark-text").fill("Written in a tunnel.")
    expect(state(page)).to_contain_text("No connection.", timeout=LONG)
    url = page.url
    page.close()
    again = page.context.new_page()
    page.context.set_offline(False)
    again.goto(url)

    again.get_by_role("button", name="Put it back").click()

    expect(score(again)).to_have_value("64", timeout=LONG)
    expect(state(again)).to_contain_text("Saved", timeout=LONG)
    sheet.refresh_from_db()
    assert (values(sheet), sheet.remark) == ([64], "Written in a tunnel.")


def test_an_ended_session_keeps_what_is_typed(opened: Opened, sheet: ScoreSheet) -> None:
    page = opened()
    Session.objects.all().delete()

    score(page).fill("64")

    expect(page.locator(".saving-signed-out")).to_be_visible(timeout=LONG)
    expect(score(page)).to_have_value("64")
    assert values(sheet) == []


def test_two_windows_see_each_others_scores_and_lose_none(
    opened: Opened, sheet: ScoreSheet
) -> None:
    one, other = opened(), opened()
    score(one).fill("80")
    expect(state(one)).to_contain_text("Saved", timeout=LONG)

    score(other).fill("60")
    score(other, 1).fill("50")

    expect(state(other)).to_contain_text("What is marked is not saved", timeout=LONG)
    told = other.locator(f"#indicator-{first()} .saving-remark")
    expect(told).to_contain_text("Another window saved meanwhile: 80")
    with other.expect_response("**/scores/save/"):
        score(other, 2).fill("40")
    assert values(sheet) == [80, 50, 40]
    save = other.get_by_role("button", name="Save", exact=True).last
    save.click()
    expect(other.get_by_text("Saved elsewhere meanwhile")).to_be_visible(timeout=LONG)
    expect(other.locator(f"#indicator-{first()} .stored")).to_contain_text("80")
    assert values(sheet) == [80, 50, 40]
    save.click()
    expect(other.get_by_text("Saved.")).to_be_visible(timeout=LONG)
    assert values(sheet) == [60, 50, 40]


def edges(place: Any) -> tuple[float, float]:
    """Return where something begins and ends in the window, from above."""
    box = place.bounding_box()
    return box["y"], box["y"] + box["height"]


COVERED = """() => {
  const bar = document.querySelector(".desk-total");
  const inputs = "input:not([type=hidden]), textarea, button, summary, a[href]";
  const found = [];
  for (const one of document.querySelectorAll(`#scores :is(${inputs})`)) {
    if (bar.contains(one) || !one.checkVisibility({ visibilityProperty: true })) continue;
    if (one.matches("[tabindex='-1']")) continue;
    window.scrollTo({ top: 0, behavior: "instant" });
    one.focus();
    const isCovered = one.getBoundingClientRect().bottom > bar.getBoundingClientRect().top;
    if (isCovered) found.push(one.name || one.textContent);
  }
  return found;
}"""


@pytest.mark.parametrize("width", [1280, 390])
def test_the_line_with_the_total_covers_nothing_one_goes_to(opened: Opened, width: int) -> None:
    page = opened()
    page.set_viewport_size({"width": width, "height": 844})
    page.emulate_media(reduced_motion="reduce")  # what is scrolled to is there at once
    indicator = page.locator(f"#indicator-{first()}")
    indicator.get_by_role("button", name="Name evidence for").click()
    bar = page.locator(".desk-total")

    button = indicator.get_by_role("button", name="Add this evidence")
    assert edges(button)[1] <= edges(bar)[0]
    assert page.evaluate(COVERED) == []
    page.evaluate("window.scrollTo({ top: document.body.scrollHeight, behavior: 'instant' })")
    assert edges(page.locator("#id_score-remark-text"))[1] <= edges(bar)[0]
    assert edges(bar)[1] <= edges(page.locator("footer").last)[0]


def test_the_desk_says_which_version_it_is_and_fits_a_telephone(opened: Opened) -> None:
    page = opened()
    page.set_viewport_size({"width": 390, "height": 844})

    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    expect(page.get_by_text("Version 1 is judged")).to_be_visible()
