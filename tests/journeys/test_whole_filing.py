"""A whole declaration without a mouse, on a telephone's width: filed, returned, filed again."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from submissions.models import Declaration
from submissions.states import Status
from submissions.workflow import perform
from tests.builders import accounts
from tests.builders import submissions as build
from tests.journeys.conftest import let_the_server_go
from tests.journeys.keyboard import Keyboard
from tests.journeys.people import Person, at_a_browser
from tests.journeys.writing import LONG

pytestmark = pytest.mark.django_db(transaction=True)

PHONE: ViewportSize = {"width": 390, "height": 844}
CORRECTED = {"summary": "Treats landfill leachate, warm or cold.", "typical": "97.5"}


@pytest.fixture(autouse=True)
def server_lets_go() -> Iterator[None]:
    yield
    let_the_server_go()


def test_a_whole_filing_a_return_and_a_second_one_without_a_mouse(
    browser: Browser, live_server: Any, tmp_path: Path
) -> None:
    activity = build.open_activity()
    owner = accounts.owner_of(accounts.organisation())

    with at_a_browser(browser, live_server.url) as person:
        person.page.set_viewport_size(PHONE)
        person.sign_in(owner.email, accounts.PASSWORD)
        person.arrives(r"/work/$")
        home = begin(person, activity.code)
        for section, values in build.content().items():
            person.page.goto(f"{home}sections/{section}/")
            fill_section(person.page, section, values)
        add_report(person.page, home, tmp_path)
        submit(person, home)
        filed = Declaration.objects.get()
        assert filed.status == Status.SUBMITTED

        return_two_fields(filed)
        correct(person, home)
        submit(person, home)

    before, after = filed.versions.order_by("number")
    assert changed(before.content["sections"], after.content["sections"]) == {
        ("technology", "summary"),
        ("performance", "indicators"),
    }
    assert [one["title"] for one in after.content["attachments"]] == ["report.pdf"]


def begin(person: Person, code: str) -> str:
    person.go(f"activities/{code}/")
    keys = Keyboard(person.page)
    keys.follow("Declare a technology")
    person.arrives(r"/declare/$")
    keys.follow("Begin")
    return person.arrives(r"/declarations/[0-9a-f-]{36}/$")


def fill_section(page: Page, section: str, values: dict[str, Any]) -> None:
    keys = Keyboard(page)
    for member, value in values.items():
        name = f"{section}-{member}"
        rows = value if isinstance(value, list) and isinstance(value[0], dict) else []
        for number, cells in enumerate(rows):
            row = {f"{name}-{number}-{key}": cell for key, cell in cells.items()}
            if not page.locator(f'[name="{next(iter(row))}"]').count():
                keys.press(f'button[value="add:{member}"]')
                expect(page.locator(f'[name="{next(iter(row))}"]')).to_be_attached(timeout=LONG)
            keys.fill(row)
        if not rows:
            keys.fill({name: value})
    save(page)


def save(page: Page) -> None:
    Keyboard(page).press('.actions button[value="stay"]')
    expect(page.locator(".notice.tone-success")).to_contain_text("Saved", timeout=LONG)


def add_report(page: Page, home: str, folder: Path) -> None:
    report = folder / "report.pdf"
    report.write_bytes(build.pdf().read())
    page.goto(f"{home}sections/performance/")
    Keyboard(page).lay_beside(report)
    expect(page.locator("#files-list")).to_contain_text("report.pdf", timeout=LONG)


def submit(person: Person, home: str) -> None:
    person.page.goto(f"{home}check/")
    Keyboard(person.page).follow("Submit the declaration")
    person.reads("SHA-256")


def return_two_fields(filed: Declaration) -> None:
    officer = accounts.officer()
    perform("begin_check", filed.pk, actor=officer)
    asked = [
        {"section": "technology", "field": "summary", "reason": "Say in which climate."},
        {"section": "performance", "field": "indicators", "reason": "State the mean."},
    ]
    perform("return", filed.pk, actor=officer, reason="Two things.", corrections=asked)


def correct(person: Person, home: str) -> None:
    """Follow each remark to its field; nothing else can be written there."""
    page = person.page
    page.goto(home)
    keys = Keyboard(page)
    keys.press('.error-summary a[href*="/technology/"]')
    person.arrives(r"/sections/technology/")
    expect(page.locator('[name="technology-title"]')).to_be_disabled()
    keys.fill({"technology-summary": CORRECTED["summary"]})
    save(page)
    page.goto(home)
    keys.press('.error-summary a[href*="/performance/"]')
    person.arrives(r"/sections/performance/")
    keys.fill({"performance-indicators-0-typical": CORRECTED["typical"]})
    save(page)


def changed(before: dict[str, Any], after: dict[str, Any]) -> set[tuple[str, str]]:
    assert set(before) == set(after)
    return {
        (section, member)
        for section, values in after.items()
        for member in {*values, *before[section]}
        if values.get(member) != before[section].get(member)
    }
