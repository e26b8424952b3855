"""Nothing typed is lost on its way in Chromium: copies, refusals, rows, and files' pages."""

import unicodedata
from typing import Any

from playwright.sync_api import Browser, expect

from submissions import services
from submissions.models import Declaration
from submissions.scheme.fields import HAN
from tests.builders import accounts
from tests.builders import submissions as build
from tests.journeys.writing import LONG, Open, content, copies, saved, state, summary


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
