"""An enquiry in Chromium, from the page of a technology to the answer; no page is too wide."""

import copy
import os
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from playwright.sync_api import Browser
from pytest_django import Settings

from catalog import publishing
from catalog.enquiries import links
from catalog.models import Enquiry, Technology
from tests.builders import accounts, catalog, enquiries
from tests.journeys.conftest import let_the_server_go
from tests.journeys.people import at_a_browser

pytestmark = pytest.mark.django_db(transaction=True)
WIDTHS = (390, 1280)
LANGUAGES = ("en", "zh-hans", "ar")
# On the page of a technology: is it there on paper?
PLACES = {"verified": True, "cite": True, "ask": False, "versions": False, "related": False}
WIDE = "document.documentElement.scrollWidth - window.innerWidth"
LONG = "Alternating-aeration-with-simultaneous-nitrification-and-denitrification " * 2


def test_who_asks_gets_an_answer_and_neither_side_an_address(
    browser: Browser, live_server: Any, settings: Settings
) -> None:
    origin = settings.PORTAL_ORIGIN = live_server.url
    technology = catalog.owned()
    owner = accounts.owner_of(technology.holder)

    with at_a_browser(browser, origin) as reader, at_a_browser(browser, origin) as holder:
        reader.go(f"catalogue/{technology.pk}/")
        reader.page.locator("#ask a").click()
        told = enquiries.posted(address="amina@example.org") | {"consent": True}
        reader.fill(told)
        reader.press("Send the enquiry")
        reader.reads("A mail went to amina@example.org.")
        reader.page.goto(links.link_of(Enquiry.objects.get()))
        reader.press("Confirm the enquiry")
        reader.reads("has not opened it yet")

        holder.come_in(owner)
        holder.go("work/")
        holder.page.locator("a", has_text=technology.title).first.click()
        holder.reads("Does it work at 40 °C?")
        assert "amina@example.org" not in holder.page.content()
        holder.fill({"message": "Up to 45 °C."})
        holder.press("Send the answer")
        holder.reads("Your answer was sent.")

        reader.page.reload()
        reader.reads("Up to 45 °C.")
        assert owner.email not in reader.page.content()
    let_the_server_go()


def paths(language: str) -> list[str]:
    """Return the pages to look at, of a technology with long words and a history."""
    technology = catalog.technology(
        holder=accounts.organisation(), title=LONG, title_zh="好氧颗粒污泥" * 8
    )
    catalog.technologies(2)
    changed(technology)
    row = enquiries.answer(enquiries.received(technology, message=LONG * 3, unit=LONG[:190]))
    with override(language):
        pages = {
            "technology-detail": (technology.pk,),
            "technology-versions": (technology.pk,),
            "technology-version": (technology.pk, 2),
            "enquiry-form": (technology.pk,),
            "enquiry": (enquiries.token_of(row),),
        }
        return [reverse(f"catalog:{name}", args=args) for name, args in pages.items()]


def changed(technology: Technology) -> None:
    content = copy.deepcopy(technology.content)
    content["texts"]["en"]["summary"] = f"{LONG} in cold climates."
    publishing.set_content(technology, content)
    technology.save()
    publishing.keep_version(technology, at=timezone.now())


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_is_wider_than_the_screen(
    browser: Browser, live_server: Any, language: str
) -> None:
    pages = paths(language)
    context = browser.new_context()
    page = context.new_page()
    wide = {}
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 844})
        for path in pages:
            page.goto(live_server.url + path)
            wide[width, path] = page.evaluate(WIDE)
            if folder := os.environ.get("JOURNEY_SCREENSHOTS"):
                name = path.strip("/").rpartition("/")[2][:12]
                page.screenshot(path=f"{folder}/d-{language}-{width}-{name}.png", full_page=True)
    context.close()
    let_the_server_go()

    assert {place: by for place, by in wide.items() if by > 0} == {}


def test_on_paper_the_record_is_whole_and_what_is_pressed_is_not_there(
    browser: Browser, live_server: Any
) -> None:
    technology = catalog.technology()
    catalog.technology()
    context = browser.new_context()
    page = context.new_page()
    page.emulate_media(media="print")
    page.goto(f"{live_server.url}/en/catalogue/{technology.pk}/")

    shown = {place: page.locator(f"#{place}").is_visible() for place in PLACES}
    reads = page.locator("main").inner_text()
    if folder := os.environ.get("JOURNEY_SCREENSHOTS"):
        page.pdf(path=f"{folder}/paper.pdf")
    context.close()
    let_the_server_go()

    assert shown == PLACES
    assert f"/en/catalogue/{technology.pk}/" in reads
    assert "Listing in the pool is not a certification." in reads
