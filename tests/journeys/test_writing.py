"""Writing a declaration in Chromium: saved by itself, through a bad line, with a colleague."""

from typing import Any

from django.contrib.sessions.models import Session
from playwright.sync_api import BrowserContext, expect

from accounts.models import User
from accounts.roles import Level
from submissions.models import Declaration, SavedValue
from tests.builders import accounts
from tests.journeys.writing import LONG, Open, content, saved, state, summary


def test_what_is_typed_is_saved_without_a_button(opened: Open, draft: Declaration) -> None:
    page = opened("technology")

    summary(page).fill("Typed, and nothing pressed.")

    expect(state(page)).to_have_text("Not saved yet")
    saved(page)
    assert content(draft)["summary"] == "Typed, and nothing pressed."
    page.reload()
    expect(summary(page)).to_have_value("Typed, and nothing pressed.")
    expect(page.locator(".saving-kept")).to_be_hidden()


def test_what_cannot_be_read_is_marked_at_its_field_and_kept(
    opened: Open, draft: Declaration
) -> None:
    page = opened("technology")
    year = page.locator('[name="technology-first_use_year"]')

    year.fill("last year")
    summary(page).fill("Readable.")

    place = page.locator("#div_id_technology-first_use_year")
    expect(place).to_contain_text("Write a number", timeout=LONG)
    assert content(draft)["summary"] == "Readable."
    assert "first_use_year" not in content(draft)
    year.fill("2020")
    saved(page)
    expect(place).not_to_contain_text("Write a number")
    assert content(draft)["first_use_year"] == 2020


def test_twenty_rows_are_pasted_out_of_a_spreadsheet(opened: Open, draft: Declaration) -> None:
    page = opened("performance")
    rows = "\n".join(f"Removal of COD, line {n}\t{n}.5" for n in range(1, 21))
    heading = "name\tTypical"

    page.evaluate(
        """(text) => {
            const input = document.querySelector('[name="performance-indicators-0-name"]');
            const data = new DataTransfer();
            data.setData('text/plain', text);
            input.focus();
            const event = new ClipboardEvent('paste', {clipboardData: data, bubbles: true,
                cancelable: true});
            input.dispatchEvent(event);
        }""",
        f"{heading}\n{rows}",
    )

    expect(page.locator('[data-table="indicators"] .table-row')).to_have_count(20, timeout=LONG)
    saved(page)
    stored = content(draft, "performance")["indicators"]
    assert [(row["name"], row["typical"]) for row in stored] == [
        (f"Removal of COD, line {n}", f"{n}.5") for n in range(1, 21)
    ]


def test_why_a_table_took_no_row_stays_when_the_page_has_saved_itself(
    opened: Open, draft: Declaration
) -> None:
    page = opened("cases")
    paste = page.locator('[data-table="cases"] details.paste')
    paste.locator("summary").click()

    paste.locator("textarea").fill("\n".join(f"Plant {number}" for number in range(60)))
    paste.get_by_role("button", name="Lay these rows into the table").click()

    refused = page.get_by_role("alert").filter(has_text="at most 50 rows")
    expect(refused).to_be_visible(timeout=LONG)
    page.locator('[name="cases-cases-0-city"]').fill("Oslo")
    saved(page)
    expect(refused).to_be_visible()
    assert content(draft, "cases")["cases"][0]["city"] == "Oslo"


def test_rows_are_added_copied_moved_and_taken_out_by_keyboard(
    opened: Open, draft: Declaration
) -> None:
    page = opened("cases")

    def press(words: str) -> None:
        button = page.get_by_role("button", name=words, exact=True)
        button.focus()
        page.keyboard.press("Enter")

    def names() -> list[str]:
        return [
            one.input_value()
            for one in page.locator('.table-row [name^="cases-cases-"][name$="-name"]').all()
        ]

    press("Copy row 1")
    expect(page.locator('[name="cases-cases-1-name"]')).to_be_focused(timeout=LONG)
    page.keyboard.press("Control+A")
    page.keyboard.type("Second plant")
    press("Move row 2 up")
    expect(page.locator('[name="cases-cases-0-name"]')).to_have_value("Second plant", timeout=LONG)
    assert names() == ["Second plant", "Pilot plant"]
    press("Remove row 2")
    expect(page.locator(".table-row")).to_have_count(1, timeout=LONG)

    saved(page)
    assert [row["name"] for row in content(draft, "cases")["cases"]] == ["Second plant"]


def sign_in_again(context: BrowserContext, origin: str, person: User) -> None:
    tab = context.new_page()
    tab.goto(f"{origin}/en/accounts/login/")
    tab.locator('[name="login"]').fill(person.email)
    tab.locator('[name="password"]').fill(accounts.PASSWORD)
    tab.locator('[name="password"]').press("Enter")
    tab.wait_for_url("**/work/", timeout=LONG)
    tab.close()


def test_session_that_ended_is_taken_up_again_and_the_text_is_saved(
    opened: Open, draft: Declaration, live_server: Any
) -> None:
    page = opened("technology")
    Session.objects.all().delete()

    summary(page).fill("Typed after the session had ended.")
    expect(page.locator(".saving-signed-out")).to_be_visible(timeout=LONG)
    assert content(draft)["summary"] != "Typed after the session had ended."
    sign_in_again(page.context, live_server.url, accounts.owner_of(draft.organisation))
    page.bring_to_front()
    page.evaluate("window.dispatchEvent(new Event('focus'))")

    saved(page)
    expect(page.locator(".saving-signed-out")).to_be_hidden()
    assert content(draft)["summary"] == "Typed after the session had ended."


def test_somebody_else_who_signed_in_here_saves_nothing_for_me(
    opened: Open, draft: Declaration, live_server: Any
) -> None:
    page = opened("technology")
    Session.objects.all().delete()
    colleague = accounts.member(Level.EDIT, draft.organisation)

    summary(page).fill("Mine.")
    expect(page.locator(".saving-signed-out")).to_be_visible(timeout=LONG)
    sign_in_again(page.context, live_server.url, colleague)
    page.evaluate("window.dispatchEvent(new Event('focus'))")

    expect(state(page)).to_contain_text("Somebody else is signed in here now", timeout=LONG)
    assert not SavedValue.objects.filter(value="Mine.").exists()


def test_text_typed_without_a_connection_is_saved_when_it_is_back(
    opened: Open, draft: Declaration
) -> None:
    page = opened("technology")
    page.context.set_offline(True)

    summary(page).fill("Typed on a train.")
    expect(state(page)).to_contain_text("No connection.", timeout=LONG)
    page.context.set_offline(False)

    saved(page)
    assert content(draft)["summary"] == "Typed on a train."


def test_text_of_a_browser_that_was_closed_is_put_back(opened: Open, draft: Declaration) -> None:
    page = opened("technology")
    page.context.set_offline(True)
    summary(page).fill("Typed, then the power failed.")
    expect(state(page)).to_contain_text("No connection.", timeout=LONG)
    url = page.url
    page.close()  # the browser keeps its copy
    again = page.context.new_page()
    page.context.set_offline(False)

    again.goto(url)
    expect(again.locator(".saving-kept")).to_be_visible(timeout=LONG)
    again.get_by_role("button", name="Put it back").click()
    expect(summary(again)).to_have_value("Typed, then the power failed.", timeout=LONG)
    again.get_by_role("button", name="Save", exact=True).last.click()

    expect(again.get_by_text("Saved.")).to_be_visible(timeout=LONG)
    expect(again.locator(".saving-kept")).to_be_hidden()
    assert content(draft)["summary"] == "Typed, then the power failed."


def test_two_are_told_of_each_other_and_both_texts_are_kept(
    opened: Open, draft: Declaration
) -> None:
    colleague = accounts.member(Level.EDIT, draft.organisation)
    mine, hers = opened("technology"), opened("technology", colleague)
    mine.reload()  # asks at once who is there

    expect(mine.locator(".saving-others")).to_have_text(
        f"{colleague.name} has this section open too.", timeout=LONG
    )
    summary(hers).fill("Hers.")
    saved(hers)
    summary(mine).fill("Mine.")
    expect(mine.locator(".saving-aside")).to_be_visible(timeout=LONG)
    assert content(draft)["summary"] == "Hers."

    mine.get_by_role("link", name="Compare both and choose").click()
    mine.get_by_label("What you typed").check()
    mine.get_by_role("button", name="Save as chosen").click()

    expect(mine.get_by_text("Saved as chosen.")).to_be_visible(timeout=LONG)
    assert content(draft)["summary"] == "Mine."
    assert SavedValue.objects.filter(value="Hers.").exists()


def test_narrow_page_holds_its_width_and_saves(opened: Open, draft: Declaration) -> None:
    page = opened("performance", viewport={"width": 390, "height": 800})

    page.locator('[name="performance-indicators-0-name"]').fill("Renamed on a telephone")

    saved(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert content(draft, "performance")["indicators"][0]["name"] == "Renamed on a telephone"
