"""Writing a declaration in Chromium: saved by itself, through a bad line, with a colleague."""

import unicodedata
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.contrib.sessions.models import Session
from django.db import connection
from playwright.sync_api import Browser, BrowserContext, Page, expect

from accounts.models import User
from accounts.roles import Level
from submissions import services
from submissions.models import Declaration, SavedValue
from submissions.scheme.fields import HAN
from tests.builders import accounts
from tests.builders import submissions as build
from tests.submissions.browsing import address

Open = Callable[..., Page]
LONG = 15_000  # ms: a machine may be slow, a portal that saves nothing is found all the same


@pytest.fixture
def draft(browser: Browser, live_server: Any) -> Declaration:  # first: without Chromium no draft
    return build.draft()


@pytest.fixture
def opened(browser: Browser, live_server: Any, draft: Declaration) -> Iterator[Open]:
    """Give what opens a section of the draft as a person, in a browser of their own."""
    contexts: list[BrowserContext] = []

    def open_section(section: str, person: User | None = None, **more: Any) -> Page:
        person = person or accounts.owner_of(draft.organisation)
        name = django_settings.SESSION_COOKIE_NAME
        session = accounts.signed_in(person).cookies[name].value
        context = browser.new_context(**more)
        contexts.append(context)
        context.add_cookies([{"name": name, "value": session, "url": live_server.url}])
        page = context.new_page()
        page.goto(live_server.url + address("declaration-section", draft.pk, section))
        return page

    yield open_section
    for context in contexts:  # a page that is open goes on asking
        context.close()
    let_the_server_go()


def let_the_server_go() -> None:
    """Let the server's threads go of the database, which is thrown away after the last test."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where datname = current_database() and pid <> pg_backend_pid()"
        )


def content(draft: Declaration, section: str = "technology") -> dict[str, Any]:
    stored: dict[str, Any] = Declaration.objects.get(pk=draft.pk).content[section]
    return stored


def summary(page: Page) -> Any:
    return page.locator('[name="technology-summary"]')


def state(page: Page) -> Any:
    return page.locator(".saving-state")


def copies(page: Page) -> Any:
    """Return the names of what this browser keeps of texts that are not saved."""
    return page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('declaration:'))")


def saved(page: Page) -> None:
    expect(state(page)).to_contain_text("Saved", timeout=LONG)
    expect(state(page)).to_contain_text("ago", timeout=LONG)


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


def test_text_put_back_is_saved_whatever_is_typed_next(opened: Open, draft: Declaration) -> None:
    page = opened("technology")
    page.context.set_offline(True)
    summary(page).fill("Typed in a tunnel.")
    expect(state(page)).to_contain_text("No connection.", timeout=LONG)
    url = page.url
    page.close()
    again = page.context.new_page()
    page.context.set_offline(False)
    again.goto(url)

    again.get_by_role("button", name="Put it back").click()
    expect(summary(again)).to_have_value("Typed in a tunnel.", timeout=LONG)
    again.locator('[name="technology-keywords"]').fill("tunnel")

    saved(again)
    assert content(draft)["summary"] == "Typed in a tunnel."
    assert content(draft)["keywords"] == "tunnel"
    assert copies(again) == []


def test_copy_waits_for_an_answer_whatever_is_typed_and_saved_meanwhile(
    opened: Open, draft: Declaration
) -> None:
    page = opened("technology")
    page.context.set_offline(True)
    summary(page).fill("Typed, then the power failed.")
    expect(state(page)).to_contain_text("No connection.", timeout=LONG)
    url = page.url
    page.close()
    again = page.context.new_page()
    page.context.set_offline(False)
    again.goto(url)
    expect(again.locator(".saving-kept")).to_be_visible(timeout=LONG)

    again.locator('[name="technology-keywords"]').fill("power")
    saved(again)
    again.reload()

    again.get_by_role("button", name="Put it back").click()
    expect(summary(again)).to_have_value("Typed, then the power failed.", timeout=LONG)
    saved(again)
    assert content(draft)["summary"] == "Typed, then the power failed."
    assert content(draft)["keywords"] == "power"


def test_text_of_a_save_that_was_refused_is_saved_by_itself(
    opened: Open, draft: Declaration
) -> None:
    page = opened("technology")
    year = page.locator('[name="technology-first_use_year"]')
    summary(page).fill("Pressed at once.")
    year.fill("last year")

    year.press("Enter")

    place = page.locator("#div_id_technology-first_use_year")
    expect(page.locator(".error-summary")).to_be_visible(timeout=LONG)
    expect(state(page)).to_contain_text("all else is saved", timeout=LONG)
    assert content(draft)["summary"] == "Pressed at once."
    expect(year).to_have_attribute("aria-invalid", "true")
    (remark,) = place.locator(".saving-remark").all()
    described = year.get_attribute("aria-describedby") or ""
    assert remark.get_attribute("id") in described.split(" ")
    year.fill("2020")
    saved(page)
    expect(place.locator(".invalid-feedback")).to_have_count(0)
    assert year.get_attribute("aria-invalid") is None
    assert content(draft)["first_use_year"] == 2020
    assert copies(page) == []


def test_value_that_was_written_another_way_is_no_text_that_was_not_saved(
    opened: Open, draft: Declaration
) -> None:
    page = opened("economics")
    investment = page.locator('[name="economics-investment"]')
    investment.fill("1 200 000")

    investment.press("Enter")

    expect(page.get_by_text("Saved.", exact=True)).to_be_visible(timeout=LONG)
    expect(investment).to_have_value("1200000")
    expect(page.locator(".saving-kept")).to_be_hidden()
    assert "saved=" not in page.url
    assert copies(page) == []


def test_page_of_a_file_is_saved_with_the_file(opened: Open, draft: Declaration) -> None:
    owner = accounts.owner_of(draft.organisation)
    file = services.attach(draft.pk, build.pdf(), kind="flow_diagram", title="Flow", actor=owner)
    page = opened("technology")
    page.locator('[name="technology-route_diagram"]').select_option(str(file.pk))
    saved(page)

    page.locator('[name="technology-route_diagram_page"]').fill("3")

    saved(page)
    expect(state(page)).not_to_have_text("Not saved yet", timeout=LONG)
    assert content(draft)["route_diagram"] == f"{file.pk}#3"


def test_refusal_is_told_as_one_and_not_asked_for_ever(opened: Open, draft: Declaration) -> None:
    page = opened("technology")
    asked: list[str] = []

    def refuse(route: Any) -> None:
        asked.append(route.request.url)
        route.fulfill(status=int(status), body="{}")

    page.route("**/autosave/", refuse)

    for status, words in (("403", "did not take this (403)"), ("404", "did not take this (404)")):
        asked.clear()
        summary(page).fill(f"Refused with {status}.")
        expect(state(page)).to_contain_text(words, timeout=LONG)
        assert len(asked) == (2 if status == "403" else 1)  # a fresh token is tried once
    status = "500"
    summary(page).fill("Kept through a fault.")
    expect(state(page)).to_contain_text("The portal has a fault just now.", timeout=LONG)
    page.unroute("**/autosave/")

    saved(page)  # asked again by itself
    assert content(draft)["summary"] == "Kept through a fault."


def test_what_is_typed_while_a_row_is_on_its_way_stays(opened: Open, draft: Declaration) -> None:
    page = opened("cases")
    held: list[Any] = []

    def hold(route: Any) -> None:
        if route.request.method == "POST" and not held:
            held.append(route)
            page.locator('[name="cases-cases-0-city"]').fill("Typed meanwhile")
        route.continue_()

    page.route(page.url, hold)

    page.get_by_role("button", name="Copy row 1", exact=True).click()

    expect(page.locator('[name="cases-cases-1-city"]')).to_have_value(
        "Typed meanwhile", timeout=LONG
    )
    expect(page.locator('[name="cases-cases-0-city"]')).to_have_value("Typed meanwhile")
    saved(page)
    assert [row["city"] for row in content(draft, "cases")["cases"]] == ["Typed meanwhile"] * 2


def test_measurements_stay_with_their_plant_when_plants_change_places(
    opened: Open, draft: Declaration
) -> None:
    rows = {
        "cases": [{"name": "A", "country": "NO"}, {"name": "B", "country": "NO"}],
        "measurements": [{"case": 1, "measured_inlet": "7"}, {"case": 2, "measured_inlet": "9"}],
    }
    build.fill(draft, {"cases": rows}, actor=accounts.owner_of(draft.organisation))
    page = opened("cases")

    page.get_by_role("button", name="Move row 2 up", exact=True).first.click()

    case = page.locator('[name="cases-measurements-0-case"]')
    expect(case).to_have_value("2", timeout=LONG)
    saved(page)
    stored = content(draft, "cases")
    assert [one["name"] for one in stored["cases"]] == ["B", "A"]
    assert [(one["case"], one["measured_inlet"]) for one in stored["measurements"]] == [
        (2, "7"),
        (1, "9"),
    ]


def test_browser_and_portal_count_the_same_words(browser: Browser) -> None:
    """Whatever a browser takes for Han counts as a word here too, and nothing else does."""
    assigned = [n for n in range(0x110000) if unicodedata.category(chr(n)) not in ("Cn", "Cs")]
    page = browser.new_page()

    theirs = page.evaluate(
        "all => all.filter(n => /\\p{Script=Han}/u.test(String.fromCodePoint(n)))", assigned
    )

    page.close()
    assert [n for n in assigned if HAN.match(chr(n))] == theirs
