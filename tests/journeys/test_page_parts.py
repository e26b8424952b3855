"""A part of a page is named as evidence in Chromium: drawn, made by keys, and found again."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from evaluation.models import Indicator, ScoreSheet
from tests.builders import accounts
from tests.builders import evaluation as build
from tests.journeys.conftest import let_the_server_go
from tests.journeys.writing import LONG

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def filed(transactional_db: None) -> tuple[ScoreSheet, Any]:
    return build.sheet_with_file()


@pytest.fixture
def page(browser: Browser, live_server: Any, filed: tuple[ScoreSheet, Any]) -> Iterator[Page]:
    """Open the desk as the expert, with the choice of places of the first indicator."""
    sheet, _file = filed
    name = settings.SESSION_COOKIE_NAME
    session = accounts.signed_in(sheet.assignment.expert.user).cookies[name].value
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.add_cookies([{"name": name, "value": session, "url": live_server.url}])
    page = context.new_page()
    page.goto(live_server.url + reverse("evaluation:scoring-desk", args=[sheet.pk]))
    yield page
    context.close()
    let_the_server_go()


def indicator(page: Page) -> Any:
    return page.locator(f"#indicator-{Indicator.objects.get(code='level').pk}")


def draw_on(page: Page, file: Any) -> Any:
    """Open the picture of the first page, and return where one draws."""
    indicator(page).get_by_role("button", name="Name evidence for").click()
    indicator(page).get_by_label("Place in the declaration").select_option(f"file:{file.pk}")
    indicator(page).get_by_label("Page of the file").fill("1")
    indicator(page).get_by_role("button", name="Draw on the page").click()
    drawing = indicator(page).get_by_role("application", name="Frame on the page")
    expect(drawing).to_be_focused(timeout=LONG)
    return drawing


def add(page: Page) -> None:
    with page.expect_response("**/scores/save/"):
        indicator(page).get_by_role("button", name="Add this evidence").click()


def test_a_part_is_drawn_with_a_pointer_and_marked_where_it_is_followed(
    page: Page, filed: tuple[ScoreSheet, Any]
) -> None:
    sheet, file = filed
    box = draw_on(page, file).bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.75)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.25, box["y"] + box["height"] * 0.5)
    page.mouse.up()

    add(page)

    (stored,) = sheet.scores.get().evidence
    left, top, width, height = map(float, stored["box"])
    assert (left, top) == pytest.approx((0.25, 0.5), abs=0.01)
    assert (width, height) == pytest.approx((0.25, 0.25), abs=0.01)
    page.reload()
    with page.context.expect_page() as opened:
        indicator(page).get_by_role("link", name="Test report, page 1 (part").click()
    mark = opened.value.get_by_role("img", name="The part of the page that is named as evidence")
    expect(mark.locator("rect")).to_have_attribute("x", str(round(left * 1000)), timeout=LONG)
    expect(mark.locator("rect")).to_have_attribute("height", str(round(height * 1000)))


def test_a_part_is_made_with_the_keys_alone(page: Page, filed: tuple[ScoreSheet, Any]) -> None:
    sheet, file = filed
    draw_on(page, file)

    page.keyboard.press("ArrowRight")  # a first frame: a quarter from the left, half as wide
    expect(indicator(page).locator(".part-said")).to_have_text(
        "part 25–75 across, 40–60 down, in per cent"
    )
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Shift+ArrowLeft")
    page.keyboard.press("Shift+ArrowDown")
    for _time in range(40):
        page.keyboard.press("ArrowRight")  # it stops at the edge
    with page.expect_response("**/scores/save/"):
        page.keyboard.press("Enter")

    (stored,) = sheet.scores.get().evidence
    assert stored["box"] == ["0.520", "0.380", "0.480", "0.220"]
    shown = indicator(page).get_by_text(
        "Test report, page 1 (part 52–100 across, 38–60 down, in per cent)"
    )
    expect(shown).to_be_visible()


def test_a_frame_is_taken_back_and_the_list_of_parts_is_there(
    page: Page, filed: tuple[ScoreSheet, Any]
) -> None:
    sheet, file = filed
    draw_on(page, file)
    page.keyboard.press("ArrowRight")
    indicator(page).get_by_role("button", name="Remove the frame").click()

    page.keyboard.press("ArrowDown")
    indicator(page).get_by_role("combobox", name="Part of the page").select_option(
        label="middle third"
    )
    add(page)

    (stored,) = sheet.scores.get().evidence
    assert (stored["region"], "box" in stored) == ([0, 33, 100, 34], False)


NO_SUCH_PAGE = "“Test report” has 12 pages: it has no page 13."


def test_a_page_the_file_does_not_have_is_told_at_its_field(
    page: Page, filed: tuple[ScoreSheet, Any]
) -> None:
    sheet, file = filed
    here = indicator(page)
    here.get_by_role("button", name="Name evidence for").click()
    here.get_by_label("Place in the declaration").select_option(f"file:{file.pk}")
    field = here.get_by_label("Page of the file")
    field.fill("13")
    refused = here.locator(".picker-refused")

    here.get_by_role("button", name="Add this evidence").click()
    expect(refused).to_have_text(NO_SUCH_PAGE, timeout=LONG)
    expect(field).to_be_focused()
    expect(field).to_have_value("13")
    assert here.locator(".anchors li").count() == 0
    field.fill("x")
    here.get_by_role("button", name="Add this evidence").click()
    expect(refused).to_have_text("Enter a whole number.", timeout=LONG)
    field.fill("13")
    here.get_by_role("button", name="Draw on the page").click()
    expect(refused).to_have_text(NO_SUCH_PAGE, timeout=LONG)
    expect(here.get_by_text("No picture can be drawn of this page.")).to_have_count(0)
    expect(here.locator(".part-frame")).to_be_hidden()

    field.fill("12")
    add(page)
    (stored,) = sheet.scores.get().evidence
    assert (stored["file"], stored["page"]) == (str(file.pk), 12)


@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_moves_while_the_picture_of_another_page_comes(
    page: Page, filed: tuple[ScoreSheet, Any], width: int
) -> None:
    sheet, file = filed
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(reduced_motion="reduce")  # what is scrolled to is there at once
    draw_on(page, file)
    page.keyboard.press("ArrowRight")
    button = indicator(page).get_by_role("button", name="Add this evidence")
    field = indicator(page).get_by_label("Page of the file")
    field.evaluate("field => field.focus({ preventScroll: true })")
    page.keyboard.press("Control+a")
    page.keyboard.type("2")
    button.evaluate("button => button.scrollIntoView({ block: 'center', behavior: 'instant' })")
    before = button.bounding_box()

    page.mouse.move(before["x"] + before["width"] / 2, before["y"] + before["height"] / 2)
    with page.expect_response("**/pages/2.png"):
        page.mouse.down()
    expect(indicator(page).locator(".part-said")).to_have_text(
        "The page is another one now: the frame that was drawn on page 1 is not kept."
    )
    expect(indicator(page).locator(".part-frame.is-empty")).to_have_count(0, timeout=LONG)
    assert button.bounding_box() == before
    with page.expect_response("**/scores/save/"):
        page.mouse.up()

    (stored,) = sheet.scores.get().evidence
    assert (stored["page"], "box" in stored) == (2, False)


def test_a_frame_stays_with_the_page_it_was_drawn_on(
    page: Page, filed: tuple[ScoreSheet, Any]
) -> None:
    sheet, file = filed
    draw_on(page, file)
    page.keyboard.press("ArrowRight")
    field = indicator(page).get_by_label("Page of the file")
    # As a browser that tells of no change: it is Enter in the field that ends it.
    field.evaluate("field => { field.value = '2'; field.focus(); }")
    with page.expect_response("**/scores/save/"):
        page.keyboard.press("Enter")

    (stored,) = sheet.scores.get().evidence
    assert (stored["page"], "box" in stored) == (2, False)
    expect(page.locator(".cite-said")).to_have_text(
        "The page is another one now: the frame that was drawn on page 1 is not kept."
    )
