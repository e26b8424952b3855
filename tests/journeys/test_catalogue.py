"""A reader in the catalogue: on a phone and a wide screen, in three languages, without scripts."""

import gzip
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Response, ViewportSize, expect

from catalog.models import Technology
from tests.builders import catalog, collections
from tests.catalog.addresses import address, asked
from tests.journeys.conftest import let_the_server_go

pytestmark = pytest.mark.django_db(transaction=True)

Reader = Callable[..., Page]
PHONE: ViewportSize = {"width": 390, "height": 844}
WIDE: ViewportSize = {"width": 1280, "height": 900}
LANGUAGES = ("en", "zh-hans", "ar")
FULL_LIST = 30
MOST_BYTES = 100_000  # of a first view: pages, styles and scripts, as they are sent
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def pool(browser: Browser, live_server: Any) -> list[Technology]:
    """Enough technologies for two pages, in several fields and countries."""
    made = []
    for place in range(FULL_LIST):
        is_water = place % 3
        made.append(
            catalog.technology(
                title=f"Membrane bioreactor {place}" if is_water else f"Bag filter {place}",
                title_zh=f"膜生物反应器{place}" if is_water else f"袋式除尘器{place}",
                summary="Treats leachate of landfills and waste water of towns. " * 3,
                subcategory=("AIR-01", "WAT-01", "WAT-02")[is_water],
                country=("NO", "CN", "KZ", "KE")[place % 4],
                case_countries=(("NO", "PK"), ("KZ",))[place % 2],
            )
        )
    collections.published()
    return made


@pytest.fixture
def reader(browser: Browser, live_server: Any) -> Iterator[Reader]:
    """Give what opens an address in a browser of its own, and fails when that one complains."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def heard(response: Response) -> None:
        if not response.url.startswith((live_server.url, "data:")):
            complaints.append(f"asked elsewhere: {response.url}")
        if response.status >= 400:
            complaints.append(f"{response.status}: {response.url}")

    def opens(path: str, **more: Any) -> Page:
        context = browser.new_context(**more)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: complaints.append(said.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("response", heard)
        page.goto(live_server.url + path)
        return page

    yield opens
    for context in contexts:
        context.close()
    let_the_server_go()
    assert complaints == []


def pages(language: str, pool: list[Technology]) -> list[str]:
    one, other = pool[0], pool[1]
    numbers = {"with": [one.number for one in pool[:5]]}
    listed = address(language=language)
    named = ("statistics", "reference-cases", "browse-by", "collections", "machines", "api")
    return [
        *(listed, listed + asked(field="WAT", q="membrane"), listed + asked(q="nothing at all")),
        address("technology-detail", one.pk, language=language),
        address("technology-versions", other.pk, language=language),
        address("enquiry-form", one.pk, language=language),
        address("compare", language=language) + asked(**numbers),
        address("check", language=language) + asked(q=one.number),
        address("by-country", "KZ", language=language),
        address("by-holder", one.holder_id, language=language),
        address("save-search", language=language) + asked(q="membrane"),
        *(address(name, language=language) for name in named),
    ]


@pytest.mark.parametrize("screen", [PHONE, WIDE], ids=["phone", "wide"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_fits_the_screen_and_has_one_heading(
    reader: Reader,
    pool: list[Technology],
    live_server: Any,
    language: str,
    screen: ViewportSize,
) -> None:
    page = reader(pages(language, pool)[0], viewport=screen)
    found = {}
    for path in pages(language, pool):
        page.goto(live_server.url + path)
        html = page.locator("html")
        found[path] = (
            page.evaluate(WIDER),
            page.locator("h1").count(),
            html.get_attribute("dir"),
            html.get_attribute("lang"),
        )

    direction = "rtl" if language == "ar" else "ltr"
    assert set(found.values()) == {(0, 1, direction, language)}, found


@pytest.mark.parametrize("screen", [PHONE, WIDE], ids=["phone", "wide"])
def test_a_reader_finds_filters_and_compares_without_any_script(
    reader: Reader, pool: list[Technology], screen: ViewportSize
) -> None:
    page = reader(address(), viewport=screen, java_script_enabled=False)

    page.get_by_role("searchbox").fill("membrane")
    page.keyboard.press("Enter")
    expect(page.get_by_text("20 technologies", exact=True)).to_be_visible()
    if screen == PHONE:
        page.locator("details.filters > summary").click()
    page.get_by_role("link", name="Kazakhstan").first.click()
    expect(page.get_by_text("5 technologies", exact=True)).to_be_visible()
    page.get_by_role("checkbox").nth(0).check()
    page.get_by_role("checkbox").nth(1).check()
    page.get_by_role("button", name="Compare what is marked").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Technologies side by side")
    expect(page.get_by_role("columnheader")).to_have_count(2)
    page.get_by_role("columnheader").first.get_by_role("link").first.click()
    expect(page.get_by_text("Listing in the pool is not a certification.").first).to_be_visible()


def test_going_back_keeps_filters_and_place(reader: Reader, pool: list[Technology]) -> None:
    page = reader(address() + asked(q="membrane", field="WAT"), viewport=PHONE)
    tenth = page.locator("article h3 a").nth(9)
    tenth.scroll_into_view_if_needed()
    before, place = page.url, page.evaluate("window.scrollY")
    assert place > 0

    tenth.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Membrane bioreactor")
    page.go_back()

    assert page.url == before
    expect(page.get_by_role("searchbox")).to_have_value("membrane")
    expect(page.locator("article")).to_have_count(20)
    assert page.evaluate("window.scrollY") == place


def test_going_back_keeps_what_was_marked_for_comparing(
    reader: Reader, pool: list[Technology]
) -> None:
    page = reader(address(), viewport=WIDE)
    for place in (0, 2):
        page.get_by_role("checkbox").nth(place).check()
    page.get_by_role("button", name="Compare what is marked").click()
    expect(page.get_by_role("columnheader")).to_have_count(2)

    page.go_back()

    expect(page.locator("input[name=with]:checked")).to_have_count(2)


def test_the_next_page_of_a_list_and_back(reader: Reader, pool: list[Technology]) -> None:
    page = reader(address(), viewport=PHONE)
    first = page.locator("article h3").first.text_content()
    page.get_by_role("link", name="Next").click()
    expect(page.locator("article")).to_have_count(FULL_LIST - 20)
    page.get_by_role("link", name="Previous").click()

    expect(page.locator("article h3").first).to_have_text(str(first).strip())


@pytest.mark.parametrize("which", ["list", "detail", "compare"])
def test_a_first_view_is_light(
    browser: Browser, live_server: Any, pool: list[Technology], which: str
) -> None:
    numbers = {"with": [one.number for one in pool[:5]]}
    paths = {
        "list": address(),
        "detail": address("technology-detail", pool[0].pk),
        "compare": address("compare") + asked(**numbers),
    }
    loaded: list[Response] = []
    context = browser.new_context(viewport=PHONE)
    page = context.new_page()
    page.on("response", lambda answer: loaded.append(answer))

    page.goto(live_server.url + paths[which], wait_until="networkidle")

    kinds = {"document", "stylesheet", "script"}
    sizes = {
        one.url: len(gzip.compress(one.body()))
        for one in loaded
        if one.request.resource_type in kinds
    }
    context.close()
    let_the_server_go()
    assert len(sizes) > 2
    assert sum(sizes.values()) <= MOST_BYTES, sizes
