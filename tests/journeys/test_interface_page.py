"""The page about the interface for programs, on a telephone and a desk, scripting off."""

from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.catalog.addresses import address

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("language", ["en", "zh-hans", "ar"])
@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_of_the_page_lies_beside_it(
    browser: Browser, live_server: Any, language: str, width: int
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900}, java_script_enabled=False)

    page.goto(f"{live_server.url}{address('api', language=language)}#gone")

    expect(page.locator("main")).to_contain_text("GET /api/v1/technologies/{id}/versions/{number}")
    expect(page.locator("#gone")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()
