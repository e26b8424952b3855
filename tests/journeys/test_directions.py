"""English within an Arabic page, in Chromium: read from the left, standing at the right."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import reverse
from django.utils.translation import override
from playwright.sync_api import Browser, Page, expect

from tests.builders import evaluation as build
from tests.journeys.conftest import let_the_server_go

pytestmark = pytest.mark.django_db(transaction=True)

# Where the letters of an element stand, those of one line.
ENDS = """element => {
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    let text = walker.nextNode();
    while (!text.data.trim()) text = walker.nextNode();
    const at = (place) => {
        const range = document.createRange();
        range.setStart(text, place);
        range.setEnd(text, place + 1);
        return range.getBoundingClientRect();
    };
    const words = text.data.trimEnd();
    const first = at(words.length - words.trimStart().length), last = at(words.length - 1);
    const style = getComputedStyle(element);
    const edge = element.getBoundingClientRect().right - parseFloat(style.paddingRight);
    const gap = Math.round(edge - last.right);
    return {words: words.trim(), forwards: last.right > first.left, gap};
}"""


LAID = """element => {
    const style = getComputedStyle(element);
    return [style.unicodeBidi, style.textAlign, style.direction];
}"""


@pytest.fixture
def page(browser: Browser, live_server: Any, transactional_db: None) -> Iterator[Page]:
    criteria = build.criteria()
    build.activity()  # for which it is in use
    with override("ar"):
        address = reverse("evaluation:criteria-detail", args=[criteria.code, criteria.version])
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(live_server.url + address)
    yield page
    context.close()
    let_the_server_go()


def test_a_sentence_ends_with_its_stop_and_a_range_begins_with_its_lower_end(page: Page) -> None:
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    band = page.locator(".bands dd").first
    limits = page.locator(".bands dt bdi").first

    sentence, numbers = band.evaluate(ENDS), limits.evaluate(ENDS)

    assert (band.get_attribute("lang"), sentence["words"][-1]) == ("en", ".")
    assert (sentence["forwards"], sentence["gap"]) == (True, 0)
    assert (numbers["words"], numbers["forwards"]) == ("90–100", True)


def test_what_says_its_direction_itself_is_laid_out_as_it_says(page: Page) -> None:
    page.locator("main").evaluate(
        """main => { main.innerHTML = `
            <h3 dir="ltr">A title</h3><p dir="ltr">A text.</p>
            <table class="grid numeric"><tr><th>Total</th><td>90.5</td><td dir="ltr">A</td></tr>
            </table>`; }"""
    )

    found = {one: page.locator(f"main {one}").evaluate(LAID) for one in ("h3", "p", "th")}
    cells = [one.evaluate(LAID) for one in page.locator("main td").all()]

    own = ["isolate", "start", "ltr"]
    assert found == {"h3": own, "p": own, "th": ["plaintext", "right", "rtl"]}
    assert cells[0][1:] == ["start", "rtl"]
    assert cells[1] == own
