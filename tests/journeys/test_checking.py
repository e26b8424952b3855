"""Somebody holds a certificate, or a file, and wants to know whether it is genuine. No script."""

from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, expect
from pytest_django.fixtures import Settings

from catalog.models import Technology
from catalog.trust import certificate
from tests.builders import catalog
from tests.catalog.addresses import address

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def technology(settings: Settings, live_server: Any) -> Technology:
    settings.PORTAL_ORIGIN = live_server.url
    return catalog.technology(title="Membrane bioreactor", title_zh="膜生物反应器")


def opened(browser: Browser, path: str, width: int) -> Page:
    context = browser.new_context(
        viewport={"width": width, "height": 900}, java_script_enabled=False, locale="en-GB"
    )
    page = context.new_page()
    page.goto(path)
    return page


@pytest.mark.parametrize("width", [390, 1280])
def test_the_qr_code_and_the_file_are_answered(
    browser: Browser, live_server: Any, technology: Technology, width: int
) -> None:
    record = Client().get(f"/records/{technology.number}.json").content
    page = opened(browser, certificate.sheet(technology)["address"], width)

    expect(page.get_by_text("Genuine, and listed")).to_be_visible()
    expect(page.get_by_text("Membrane bioreactor")).to_be_visible()

    file = {"name": "record.json", "mimeType": "application/json", "buffer": record}
    page.get_by_label("Signed record, a JSON file").set_input_files(file)  # type: ignore[arg-type]  # a dict is its TypedDict
    page.get_by_role("button", name="Check the record").click()
    expect(page.get_by_text("nothing in it was changed")).to_be_visible()

    page.get_by_label("Or its text").fill(record.decode().replace("Membrane", "Nembrane"))
    page.get_by_role("button", name="Check the record").click()
    expect(page.get_by_text("Not genuine")).to_be_visible()
    assert page.context.cookies() == []


@pytest.mark.parametrize("language", ["en", "zh-hans", "ar"])
@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_of_the_page_lies_beside_it(
    browser: Browser, live_server: Any, technology: Technology, language: str, width: int
) -> None:
    path = f"{live_server.url}{address('check', language=language)}?q={technology.number}"
    page = browser.new_page(viewport={"width": width, "height": 900})

    page.goto(path)

    expect(page.locator("main")).to_contain_text(technology.number)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()
