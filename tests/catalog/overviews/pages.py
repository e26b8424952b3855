"""Overviews, opened as anybody opens them."""

from typing import Any

from django.test import Client

from tests.builders import catalog
from tests.catalog.addresses import address


def page(name: str, *arguments: Any, status: int = 200, more: str = "", language="en") -> Any:
    catalog.numbered()
    answer = Client().get(address(name, *arguments, language=language) + more)
    assert answer.status_code == status
    assert answer.cookies == {}
    return answer


def part(answer: Any, title: str) -> Any:
    (only,) = [one for one in answer.context["parts"] if one["title"] == title]
    return only


def counted(groups: list[Any]) -> dict[str, dict[str, int]]:
    """Return the numbers of each group, by its title and the label of the option."""
    return {
        one["title"]: {option["label"]: option["count"] for option in one["options"]}
        for one in groups
    }


def titles(rows: list[Any]) -> list[str]:
    return [row["title"] for row in rows]
