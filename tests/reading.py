"""What a page says, read as a browser reads it."""

from html.parser import HTMLParser
from typing import Any


class Texts(HTMLParser):
    """The text inside each element of one kind."""

    def __init__(self, page: str, tag: str) -> None:
        super().__init__()
        self.tag = tag
        self.texts: list[str] = []
        self.depth = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if tag == self.tag:
            self.depth += 1
            self.texts.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == self.tag:
            self.depth -= 1

    def handle_data(self, data: str) -> None:
        if self.depth:
            self.texts[-1] += data


def texts(answer: Any, tag: str) -> list[str]:
    """Return the text of each ``tag`` on the page, with single spaces."""
    return [" ".join(one.split()) for one in Texts(answer.content.decode(), tag).texts]


def heading(answer: Any) -> str:
    """Return the one main heading of the page."""
    (only,) = texts(answer, "h1")
    return only
