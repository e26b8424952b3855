"""A list of 249 countries, with a search and without any script."""

from typing import Any

import pytest
from django.conf import settings as django_settings
from playwright.sync_api import Browser, Page, expect

from submissions.models import Declaration
from tests.builders import submissions as build
from tests.submissions.browsing import address, owner_client

COUNTRIES = "#div_id_technology-target_countries"


@pytest.fixture
def draft(browser: Browser, live_server: Any) -> Declaration:  # first: without Chromium no draft
    return build.draft()


def opened(browser: Browser, live_server: Any, draft: Declaration, **more: Any) -> Page:
    """Open the technology section as its owner."""
    session = owner_client(draft).cookies[django_settings.SESSION_COOKIE_NAME].value
    context = browser.new_context(**more)
    name = django_settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": session, "url": live_server.url}])
    page = context.new_page()
    page.goto(live_server.url + address("declaration-section", draft.pk, "technology"))
    return page


def chosen(draft: Declaration) -> list[str]:
    codes: list[str] = Declaration.objects.get(pk=draft.pk).content["technology"][
        "target_countries"
    ]
    return codes


def test_country_is_found_by_plain_letters_and_chosen_by_keyboard(
    browser: Browser, live_server: Any, draft: Declaration
) -> None:
    page = opened(browser, live_server, draft)
    countries = page.locator(COUNTRIES)

    countries.get_by_label("Search: Target countries and regions").fill("COTE D")
    expect(countries.get_by_role("checkbox")).to_have_count(1)
    expect(countries.get_by_role("status")).to_have_text("Matches: 1")
    page.keyboard.press("Enter")  # does not send the form
    page.keyboard.press("Tab")  # the family
    page.keyboard.press("Tab")  # the box
    page.keyboard.press("Space")

    expect(countries.locator("[data-chosen]")).to_contain_text("Côte d'Ivoire")
    expect(countries.locator("details", has_text="Africa").locator("summary")).to_have_text(
        "Africa 1 of 60 chosen"
    )
    page.get_by_role("button", name="Save", exact=True).last.click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    assert chosen(draft) == ["KZ", "PK", "CI"]


def test_escape_ends_the_search_and_the_families_are_as_before(
    browser: Browser, live_server: Any, draft: Declaration
) -> None:
    page = opened(browser, live_server, draft)
    countries = page.locator(COUNTRIES)
    search = countries.get_by_label("Search: Target countries and regions")

    search.fill("zzz")
    expect(countries.get_by_role("checkbox")).to_have_count(0)
    search.press("Escape")

    expect(search).to_have_value("")
    expect(countries.locator("details[open] summary")).to_contain_text(["Asia"])
    expect(countries.get_by_role("checkbox")).to_have_count(51)


def test_without_script_a_family_opens_and_a_country_is_chosen(
    browser: Browser, live_server: Any, draft: Declaration
) -> None:
    page = opened(browser, live_server, draft, java_script_enabled=False)
    countries = page.locator(COUNTRIES)

    expect(countries.get_by_label("Search: Target countries and regions")).to_have_count(0)
    countries.get_by_text("Europe").click()
    countries.get_by_label("Norway").check()
    page.get_by_role("button", name="Save", exact=True).last.click()

    assert chosen(draft) == ["KZ", "PK", "NO"]
