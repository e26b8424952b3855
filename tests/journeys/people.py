"""A person at a browser: signs in, fills in, presses, reads."""

import os
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.conf import settings
from playwright.sync_api import Browser, Page, expect

from accounts.models import User
from tests.builders import accounts

As = Callable[[User, str], Page]  # opens an address as a person, in a browser of their own
LONGEST_WORK = 45  # seconds of a worker


class Person:
    """One browser profile of one person; a fault on a page fails the journey."""

    def __init__(self, browser: Browser, origin: str, language: str = "en") -> None:
        self.origin = origin
        self.language = language
        self.faults: list[str] = []
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        context.set_default_timeout(60_000)
        self.page: Page = context.new_page()
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", self._console)

    def _console(self, message: object) -> None:
        if getattr(message, "type", "") == "error":
            self.faults.append(f"{self.page.url}: {getattr(message, 'text', '')}")

    def go(self, path: str) -> None:
        """Open a page of the portal, named without its language."""
        self.page.goto(f"{self.origin}/{self.language}/{path.lstrip('/')}")

    def fill(self, values: Mapping[str, object]) -> None:
        """Fill in fields by name: text, choices, ticks and files."""
        for name, value in values.items():
            self._fill(name, value)

    def _fill(self, name: str, value: object) -> None:
        field = self.page.locator(f'[name="{name}"]')
        kind = field.first.evaluate("e => e.tagName + ':' + (e.type || '')")
        if isinstance(value, Path):
            field.set_input_files(value)
        elif isinstance(value, bool):
            field.set_checked(value)
        elif kind in ("INPUT:checkbox", "INPUT:radio"):
            for one in value if isinstance(value, list) else [value]:
                box = self.page.locator(f'[name="{name}"][value="{one}"]')
                family = box.locator("xpath=ancestor::details[not(@open)]/summary")
                if family.count():
                    family.click()
                box.check()
        elif kind.startswith("SELECT"):
            field.select_option(value if isinstance(value, list) else str(value))
        else:
            field.fill(str(value))

    def press(self, words: str) -> None:
        """Press the button, or follow the link, that says ``words``."""
        named = re.compile(rf"^\s*{re.escape(words)}\s*$")
        button = self.page.get_by_role("button", name=named)
        link = self.page.get_by_role("link", name=named)
        button.or_(link).first.wait_for()  # the page before may still be there
        (button if button.count() else link).first.click()

    def arrives(self, pattern: str) -> str:
        """Wait until the address is of this shape, and return it."""
        self.page.wait_for_url(re.compile(pattern))
        return self.page.url

    def reads(self, words: str) -> None:
        """Wait until the page says ``words``."""
        expect(self.page.locator("body")).to_contain_text(words)

    def sign_in(self, email: str, password: str, secret: str = "") -> None:
        self.go("accounts/login/")
        self.fill({"login": email, "password": password})
        self.press("Sign in")
        if secret:
            self.fill({"code": code_of(secret)})
            self.press("Sign in")

    def come_in(self, person: User) -> None:
        """Be signed in already, as after an hour of work."""
        name = settings.SESSION_COOKIE_NAME
        session = accounts.signed_in(person).cookies[name].value
        self.page.context.add_cookies([{"name": name, "value": session, "url": self.origin}])

    def quit(self) -> None:
        self.page.context.close()
        assert self.faults == []


def code_of(secret: str) -> str:
    """Return the one-time code of this moment, as the person's telephone shows it."""
    # Not the oldest that is taken: half a minute may end before it is sent.
    _before, counter, _after = yield_hotp_counters_from_time()
    return str(format_hotp_value(hotp_value(secret, counter)))


@contextmanager
def at_a_browser(browser: Browser, origin: str, language: str = "en") -> Iterator[Person]:
    person = Person(browser, origin, language)
    try:
        yield person
    except BaseException:
        if folder := os.environ.get("JOURNEY_SCREENSHOTS"):
            person.page.screenshot(path=f"{folder}/{id(person)}.png", full_page=True)
        raise
    person.quit()


def open_row(person: Person, page: str, number: str) -> None:
    person.go(f"admin/{page}/?q={number}")
    person.page.locator("#result_list a", has_text=number).first.click()


def take(person: Person, step: str, values: dict[str, Any] | None = None) -> None:
    """Press a step on the page of an object, fill in what it asks, and confirm it."""
    person.press(step)
    person.fill(values or {})
    person.page.locator(".submit-row input[type=submit]").click()


def wait_for(question: Callable[[], Any]) -> Any:
    """Ask until the answer is something, as a person would reload a page."""
    until = time.monotonic() + LONGEST_WORK
    while time.monotonic() < until:
        if answer := question():
            return answer
        time.sleep(0.3)
    pytest.fail("it did not happen in time")
