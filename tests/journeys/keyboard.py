"""A person who has no mouse: every field is reached by Tab, every button pressed by Enter."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

MOST_STOPS = 900  # the longest page, twice round


class Keyboard:
    """What is done on one page by keys alone."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def to(self, selector: str) -> None:
        """Press Tab until the focus is there; a place that no Tab reaches fails."""
        for _stop in range(MOST_STOPS):
            if self._is_at(selector):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"no Tab leads to {selector} on {self.page.url}")

    def _is_at(self, selector: str) -> bool:
        script = "wanted => !!document.activeElement && document.activeElement.matches(wanted)"
        return bool(self.page.evaluate(script, selector))

    def press(self, selector: str) -> None:
        self.to(selector)
        self.page.keyboard.press("Enter")

    def follow(self, words: str) -> None:
        """Press the button or link that says ``words``."""
        script = """words => {
            const all = [...document.querySelectorAll('a[href], button, summary')];
            for (const one of all) {
                one.toggleAttribute('data-wanted', one.textContent.trim() === words);
            }
            return all.some(one => one.hasAttribute('data-wanted'));
        }"""
        self.page.wait_for_function(script, arg=words)  # the page before may still be there
        self.press("[data-wanted]")

    def fill(self, values: Mapping[str, Any]) -> None:
        """Fill in fields by name; lists are ticked one by one."""
        for name, value in values.items():
            if isinstance(value, list):
                for one in value:
                    self._tick(f'[name="{name}"][value="{one}"]')
            elif value is True:
                self._tick(f'[name="{name}"]')
            elif value is not False:
                self._enter(f'[name="{name}"]', str(value))

    def _enter(self, selector: str, value: str) -> None:
        kind = self.page.eval_on_selector(selector, "e => e.tagName + ':' + e.type")
        self.to(selector)
        if kind.startswith("SELECT"):
            self._choose(selector, value)
        elif kind == "INPUT:date":
            year, month, day = value.split("-")
            self.page.keyboard.type(f"{month}{day}{year}")  # as an English browser asks for it
        else:
            self.page.keyboard.press("Control+A")
            self.page.keyboard.type(value)

    def _choose(self, selector: str, value: str) -> None:
        script = """([where, value]) => {
            const list = document.querySelector(where);
            return [...list.options].findIndex(one => one.value === value) - list.selectedIndex;
        }"""
        steps = self.page.evaluate(script, [selector, value])
        for _step in range(abs(steps)):
            self.page.keyboard.press("ArrowDown" if steps > 0 else "ArrowUp")

    def _tick(self, selector: str) -> None:
        script = """where => {
            const box = document.querySelector(where);
            for (const one of document.querySelectorAll('summary')) {
                const shut = one.parentElement.contains(box) && !one.parentElement.open;
                one.toggleAttribute('data-shut', shut);
            }
            return !!document.querySelector('summary[data-shut]');
        }"""
        if self.page.evaluate(script, selector):
            self.press("summary[data-shut]")
        self.to(selector)
        if not self.page.eval_on_selector(selector, "e => e.checked"):
            self.page.keyboard.press("Space")

    def lay_beside(self, file: Path) -> None:
        """Choose a file: the button opens the browser's own window."""
        with self.page.expect_file_chooser() as chooser:
            self.press(".upload-choose")
        chooser.value.set_files(file)
