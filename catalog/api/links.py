"""Addresses in answers: whole, and the same whoever asks, so that answers can be kept."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from catalog.api import cursors
from catalog.browsing.addresses import address
from catalog.browsing.finding import PAGE, Wanted
from catalog.browsing.ordering import Key

ROOT = "/api/v1"


def to(path: str, **query: Any) -> str:
    asked = f"?{urlencode(query)}" if query else ""
    return f"{settings.PORTAL_ORIGIN}{ROOT}{path}{asked}"


def technology(pk: Any, below: str = "") -> str:
    return to(f"/technologies/{pk}{below}")


def page(name: str, *arguments: Any) -> str:
    """Return the address of a page for people, in English."""
    with translation.override("en"):
        return f"{settings.PORTAL_ORIGIN}{reverse(f'catalog:{name}', args=arguments)}"


def kinds_of_problems() -> str:
    return page("api")


class Pages:
    """Addresses of the pages of one list, which differ in nothing but the cursor."""

    def __init__(self, wanted: Wanted, size: int, counts: bool) -> None:
        self._wanted = wanted
        self._base = address(wanted).removeprefix("?")
        self._more = {
            **({"size": str(size)} if size != PAGE else {}),
            **({"counts": "true"} if counts else {}),
        }

    def here(self) -> str:
        direction = cursors.BEFORE if self._wanted.before else cursors.AFTER
        return self.at(self._wanted.before or self._wanted.after, direction)

    def at(self, key: Key | None, direction: str = cursors.AFTER) -> str:
        cursor = {"cursor": cursors.written(key, direction)} if key else {}
        parts = (self._base, urlencode({**cursor, **self._more}))
        query = "&".join(part for part in parts if part)
        return to("/technologies") + (f"?{query}" if query else "")
