"""What the journeys of writing share: a section before a person, what it says, what is stored."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from submissions.models import Declaration

Open = Callable[..., Page]
LONG = 15_000  # ms: a machine may be slow, a portal that saves nothing is found all the same


def content(draft: Declaration, section: str = "technology") -> dict[str, Any]:
    stored: dict[str, Any] = Declaration.objects.get(pk=draft.pk).content[section]
    return stored


def summary(page: Page) -> Any:
    return page.locator('[name="technology-summary"]')


def state(page: Page) -> Any:
    return page.locator(".saving-state")


def copies(page: Page) -> Any:
    """Return the names of what this browser keeps of texts that are not saved."""
    return page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('declaration:'))")


def saved(page: Page) -> None:
    expect(state(page)).to_contain_text("Saved", timeout=LONG)
    expect(state(page)).to_contain_text("ago", timeout=LONG)
