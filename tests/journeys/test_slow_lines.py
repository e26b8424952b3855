"""Answers that come late or never, in Chromium: no text is swallowed, nobody is their own rival."""

from pathlib import Path
from typing import Any

from django.contrib.sessions.models import Session
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
