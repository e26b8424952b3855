"""Does the strict policy leave the data in the page alone? Asked of a real Chromium."""

import json
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.builders import catalog
from tests.catalog.addresses import address
from tests.journeys.conftest import let_the_server_go

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_browser_runs_nothing_of_the_data_and_complains_of_nothing(
    browser: Browser, live_server: Any
) -> None:
    technology = catalog.technology(title="</script><script>window.ran = 1</script>")
    context = browser.new_context()
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))

    answer = page.goto(live_server.url + address("technology-detail", technology.pk))

    assert answer is not None
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    block = page.locator('script[type="application/ld+json"]')
    assert json.loads(block.text_content() or "")["name"] == technology.titles["en"]
    assert page.evaluate("window.ran") is None
    assert [one for one in complaints if "Content Security Policy" in one] == []
    context.close()
    let_the_server_go()
