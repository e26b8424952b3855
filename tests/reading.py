"""What a page says, read as a browser reads it."""

import html
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


def text(answer: Any) -> str:
    """Return the whole page as it was sent, with characters for entities, unbroken."""
    return html.unescape(answer.content.decode()).replace("<wbr>", "")


def texts(answer: Any, tag: str) -> list[str]:
    """Return the text of each ``tag`` on the page, with single spaces."""
    return [" ".join(one.split()) for one in Texts(answer.content.decode(), tag).texts]


def heading(answer: Any) -> str:
    """Return the one main heading of the page."""
    (only,) = texts(answer, "h1")
    return only


class Headings(HTMLParser):
    """The headings of a page, each with its level, from above to below."""

    LEVELS = {f"h{level}": level for level in range(1, 7)}

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[int, str]] = []
        self.inside = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if tag in self.LEVELS:
            self.inside = True
            self.found.append((self.LEVELS[tag], ""))

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag not in self.LEVELS

    def handle_data(self, data: str) -> None:
        if self.inside:
            level, text = self.found[-1]
            self.found[-1] = (level, text + data)


def headings(answer: Any) -> list[tuple[int, str]]:
    """Return level and text of each heading, in the order of the page."""
    found = Headings(answer.content.decode()).found
    return [(level, " ".join(text.split())) for level, text in found]
