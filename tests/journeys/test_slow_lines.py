"""Answers that come late or never, in Chromium: no text is swallowed, nobody is their own rival."""

from pathlib import Path
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from playwright.sync_api import Page, Route, expect

from submissions.models import Attachment, Declaration, SavedValue
from tests.builders import accounts
from tests.builders import submissions as build
from tests.journeys.test_writing import sign_in_again
from tests.journeys.writing import LONG, Open, content, copies, saved, state, summary


def press_save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).last.click()


def test_writer_on_a_slow_line_does_not_conflict_with_themself(
    opened: Open, draft: Declaration
) -> None:
    page = opened("technology")
    held: list[Route] = []

    def lose_the_answer(route: Route) -> None:
        route.fetch()
        route.abort("connectionreset")

    page.route("**/autosave/", lose_the_answer, times=1)
    summary(page).fill("Saved, but nobody heard of it.")
    expect(state(page)).to_contain_text("No connection.", timeout=LONG)
    page.route("**/autosave/", lambda route: held.append(route), times=1)
    with page.expect_request("**/autosave/"):
        summary(page).fill("And longer.")  # the retry, or the next save: it is held
    summary(page).fill("And longer, and saved by the button.")
    press_save(page)
    expect(state(page)).to_have_text("Saving …")
    held[0].continue_()

    expect(page.get_by_text("Saved.", exact=True)).to_be_visible(timeout=LONG)
    assert "/compare/" not in page.url
    assert content(draft)["summary"] == "And longer, and saved by the button."
    assert not SavedValue.objects.filter(state="aside").exists()


def test_text_for_a_field_that_was_closed_meanwhile_is_kept_and_told(
    opened: Open, draft: Declaration
) -> None:
    page = opened("technology")
    page.context.set_offline(True)
    title = page.locator('[name="technology-title"]')
    title.fill("Typed offline.")
    expect(state(page)).to_contain_text("No connection.", timeout=LONG)
    build.take(draft, "submit", accounts.owner_of(draft.organisation))
    officer = accounts.officer()
    for step in ("begin_check", "return"):  # for the summary
        build.take(draft, step, officer)
    page.context.set_offline(False)

    expect(state(page)).to_contain_text("was closed while you wrote", timeout=LONG)
    expect(page.locator("#div_id_technology-title")).to_contain_text("among the earlier texts")
    title.fill("Typed after all.")
    summary(page).fill("Says what is treated.")
    press_save(page)

    expect(page.get_by_text("Saved.", exact=True)).to_be_visible(timeout=LONG)
    expect(page.get_by_text("A text of yours is not in the declaration")).to_be_visible()
    expect(title).to_be_disabled()
    assert copies(page) == []
    assert content(draft)["summary"] == "Says what is treated."
    assert content(draft)["title"] != "Typed after all."
    assert SavedValue.objects.get(state="aside").value == "Typed after all."


def paste(page: Page, name: str, text: str) -> None:
    page.evaluate(
        """([name, text]) => {
            const input = document.querySelector(`[name="${name}"]`);
            const data = new DataTransfer();
            data.setData('text/plain', text);
            input.dispatchEvent(new ClipboardEvent('paste',
                {clipboardData: data, bubbles: true, cancelable: true}));
        }""",
        [name, text],
    )


def test_row_that_failed_says_so_and_what_is_pasted_meanwhile_comes_after(
    opened: Open, draft: Declaration
) -> None:
    page = opened("cases")
    held: list[Route] = []
    more = page.get_by_role("button", name="Copy row 1", exact=True)
    page.route(page.url, lambda route: route.fulfill(status=500, body="fault"), times=1)

    more.click()

    expect(page.get_by_text("This was not done: the portal did not answer")).to_be_visible(
        timeout=LONG
    )
    expect(state(page)).to_contain_text("The portal has a fault just now.")
    page.route(page.url, lambda route: held.append(route), times=1)
    with page.expect_request(lambda one: one.method == "POST" and one.url == page.url):
        more.click()
    paste(page, "cases-cases-0-city", "Oslo\nBergen")
    held[0].continue_()

    expect(page.locator('[name="cases-cases-1-name"]')).to_have_value("Pilot plant", timeout=LONG)
    expect(page.locator('[name="cases-cases-0-city"]')).to_have_value("Oslo", timeout=LONG)
    expect(page.get_by_text("This was not done:")).to_have_count(0)
    saved(page)
    assert [row["city"] for row in content(draft, "cases")["cases"]] == ["Oslo", "Bergen"]


def hold(page: Page, name: str) -> Route:
    """Press a button of a row; return its request, which waits to be let go."""
    held: list[Route] = []
    page.route(page.url, lambda route: held.append(route), times=1)
    with page.expect_request(lambda one: one.method == "POST" and one.url == page.url):
        page.get_by_role("button", name=name, exact=True).click()
    return held[0]


@pytest.fixture
def plants(draft: Declaration) -> Declaration:
    """The draft, with four reference cases."""
    rows = [{"name": f"Plant {n}", "country": "NO", "year": 2020 + n} for n in range(4)]
    owner = accounts.owner_of(draft.organisation)
    return build.fill(draft, {"cases": {"cases": rows}}, actor=owner)


@pytest.mark.parametrize(
    ("button", "row", "expected"),
    [
        ("Remove row 1", 2, {"Plant 2": "Oslo", "Plant 3": "Bergen"}),
        ("Move row 2 up", 0, {"Plant 0": "Oslo", "Plant 2": "Bergen"}),
        ("Move row 2 down", 1, {"Plant 1": "Oslo", "Plant 3": "Bergen"}),
        ("Copy row 1", 2, {"Plant 2": "Oslo", "Plant 3": "Bergen"}),
    ],
)
def test_what_is_pasted_while_rows_move_goes_to_the_row_it_was_pasted_into(
    opened: Open, plants: Declaration, button: str, row: int, expected: dict[str, str]
) -> None:
    page = opened("cases")
    request = hold(page, button)

    paste(page, f"cases-cases-{row}-city", "Oslo\nBergen")
    request.continue_()

    expect(page.locator('[name^="cases-cases-"][name$="-city"] >> nth=0')).to_be_visible()
    page.wait_for_function(
        """() => [...document.querySelectorAll('[name$="-city"]')].some(
            (one) => one.value === 'Bergen')"""
    )
    saved(page)
    rows = content(plants, "cases")["cases"]
    assert {one["name"]: one["city"] for one in rows if "city" in one} == expected


def test_what_is_pasted_into_a_row_that_is_taken_out_is_said_not_to_be_there(
    opened: Open, plants: Declaration
) -> None:
    page = opened("cases")
    request = hold(page, "Remove row 1")

    paste(page, "cases-cases-0-city", "Oslo\nBergen")
    request.continue_()

    expect(page.get_by_text("This was not pasted: the row")).to_be_visible(timeout=LONG)
    expect(page.locator(".table-row")).to_have_count(3)
    page.get_by_role("button", name="Remove row 3", exact=True).click()  # goes on
    expect(page.locator(".table-row")).to_have_count(2, timeout=LONG)
    expect(page.get_by_text("This was not pasted: the row")).to_have_count(0)
    saved(page)
    rows = content(plants, "cases")["cases"]
    assert [(one["name"], one.get("city")) for one in rows] == [
        ("Plant 1", None),
        ("Plant 2", None),
    ]


def test_what_is_pasted_while_its_table_is_closed_is_said_not_to_be_there(
    opened: Open, plants: Declaration
) -> None:
    page = opened("cases")
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    request = hold(page, "Copy row 1")
    build.take(plants, "submit", accounts.owner_of(plants.organisation))
    officer = accounts.officer()
    for step in ("begin_check", "return"):  # for the summary, in another section
        build.take(plants, step, officer)

    paste(page, "cases-cases-0-city", "Oslo\nBergen")
    request.continue_()

    expect(page.get_by_text("This was not pasted: the row")).to_be_visible(timeout=LONG)
    assert broken == []


def test_browser_without_a_limit_of_its_patience_saves_all_the_same(
    opened: Open, draft: Declaration
) -> None:
    page = opened("cases")
    page.add_init_script("delete AbortSignal.timeout")  # Chrome before 103, Safari before 16
    page.reload()

    page.get_by_role("button", name="Copy row 1", exact=True).click()

    expect(page.locator(".table-row")).to_have_count(2, timeout=LONG)
    saved(page)
    assert len(content(draft, "cases")["cases"]) == 2


def test_page_loaded_anew_after_a_lost_answer_does_not_conflict_with_itself(
    opened: Open, draft: Declaration
) -> None:
    page = opened("technology")

    def lose_the_answer(route: Route) -> None:
        route.fetch()
        route.abort("connectionreset")

    page.route("**/autosave/", lose_the_answer, times=1)
    summary(page).fill("Saved, but nobody heard of it.")
    expect(state(page)).to_contain_text("No connection.", timeout=LONG)
    page.route("**/autosave/", lambda route: route.abort("connectionreset"))
    page.reload()
    expect(summary(page)).to_have_value("Saved, but nobody heard of it.")
    summary(page).fill("And longer, before the portal was reached.")
    expect(state(page)).to_contain_text("No connection.", timeout=LONG)
    page.unroute("**/autosave/")
    page.evaluate("window.dispatchEvent(new Event('online'))")

    saved(page)
    expect(page.locator(".saving-aside")).to_be_hidden()
    assert content(draft)["summary"] == "And longer, before the portal was reached."
    assert not SavedValue.objects.filter(state="aside").exists()
    assert copies(page) == []


def test_upload_goes_on_after_signing_in_again_and_lets_the_writer_write(
    opened: Open, draft: Declaration, live_server: Any, tmp_path: Path, settings: Any
) -> None:
    settings.PORTAL_ORIGIN = live_server.url
    report = tmp_path / "report.pdf"
    report.write_bytes(build.pdf().read())
    page = opened("performance")
    Session.objects.all().delete()
    page.locator(".upload-input").set_input_files(report)
    row = page.locator(".upload-file", has_text="report.pdf")
    expect(row).to_contain_text("You have been signed out.", timeout=LONG)

    sign_in_again(page.context, live_server.url, accounts.owner_of(draft.organisation))
    page.route("**/uploads/**", lambda route: route.fulfill(status=400, body=""))
    row.get_by_role("button", name="Resume").click()
    expect(row).to_contain_text("The connection broke", timeout=60_000)
    assert asks_before_leaving(page)
    name = page.locator('[name="performance-indicators-0-name"]')
    name.focus()
    page.unroute("**/uploads/**")
    page.evaluate("window.dispatchEvent(new Event('online'))")

    expect(page.locator("#files-list")).to_contain_text("report.pdf", timeout=LONG)
    expect(name).to_be_focused()
    assert Attachment.objects.get().title
    assert not asks_before_leaving(page)


def asks_before_leaving(page: Page) -> Any:
    return page.evaluate(
        """() => {
            const event = new Event('beforeunload', {cancelable: true});
            window.dispatchEvent(event);
            return event.defaultPrevented;
        }"""
    )


def test_button_works_again_when_the_answer_led_nowhere(opened: Open, draft: Declaration) -> None:
    page = opened("technology")
    form = page.locator("#section-form")
    page.route(page.url, lambda route: route.fulfill(status=204), times=1)  # as a file would

    press_save(page)
    expect(form).to_have_attribute("aria-busy", "true")
    page.keyboard.press("Escape")

    expect(form).not_to_have_attribute("aria-busy", "true")
    press_save(page)
    expect(page.get_by_text("Saved.", exact=True)).to_be_visible(timeout=LONG)


def test_only_a_form_that_gives_a_file_is_free_again_by_itself(
    opened: Open, draft: Declaration, live_server: Any
) -> None:
    page = opened("technology")
    page.clock.install()
    form = page.locator("#section-form")
    page.route("**/*", lambda route: route.fulfill(status=204), times=1)  # nothing is loaded
    press_save(page)
    expect(form).to_have_attribute("aria-busy", "true")

    page.clock.fast_forward(20_000)

    expect(form).to_have_attribute("aria-busy", "true")
    page.goto(live_server.url + reverse("accounts:data"))
    export = page.locator("#export form")
    export.locator("input[type=password]").fill(accounts.PASSWORD)
    with page.expect_download():
        export.get_by_role("button").click()
    page.clock.fast_forward(9_000)
    expect(export).not_to_have_attribute("aria-busy", "true")
