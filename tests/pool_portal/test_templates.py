"""Rules for everything under templates/: nothing inline, nothing untranslated, nothing long."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import settings

FOLDER = Path(settings.BASE_DIR, "templates")
TEMPLATES = sorted(FOLDER.rglob("*.html"))
READ_ALOUD = {"alt", "title", "placeholder", "aria-label", "aria-description", "label"}
# Written the same in every language: names, and the numbers of the error pages.
SAME_EVERYWHERE = {"FECO", "CAEPI", "SHA-256", "XLSX", "CSV"}

NOT_TEXT = re.compile(
    r"\{#.*?#\}"
    r"|\{%\s*comment\b.*?\{%\s*endcomment\s*%\}"
    r"|\{%\s*blocktrans(?:late)?\b.*?\{%\s*endblocktrans(?:late)?\s*%\}"
    r"|\{%\s*block bodyclass\b.*?\{%\s*endblock\s*%\}"  # names of classes
    r"|\{%.*?%\}"
    r"|\{\{.*?\}\}",
    re.DOTALL,
)


class Reader(HTMLParser):
    """Collects what a person would read or hear, and what a strict CSP would refuse."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.inline: list[str] = []
        self.raw = ""

    def handle_starttag(self, tag, attrs):
        self.raw = tag if tag in ("script", "style") else ""
        given = dict(attrs)
        data = (given.get("type") or "").endswith("json")
        if tag == "style" or (tag == "script" and "src" not in given and not data):
            self.inline.append(f"<{tag}>")
        for name, value in attrs:
            if name == "style" or name.startswith(("on", "hx-on")):
                self.inline.append(name)
            if (value or "").strip().lower().startswith("javascript:"):
                self.inline.append(name)
            if name in READ_ALOUD:
                self.read(value or "")

    def handle_endtag(self, tag):
        self.raw = ""

    def handle_data(self, data):
        if not self.raw:
            self.read(data)

    def read(self, text: str) -> None:
        text = text.strip()
        if any(letter.isalpha() for letter in text) and text not in SAME_EVERYWHERE:
            self.words.append(text)


def read(source: str) -> Reader:
    reader = Reader()
    reader.feed(NOT_TEXT.sub("", source))
    reader.close()
    return reader


def name(path: Path) -> str:
    return str(path.relative_to(FOLDER))


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_every_text_is_translatable(path):
    assert read(path.read_text()).words == []


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_nothing_is_inline(path):
    assert read(path.read_text()).inline == []


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_no_template_outgrows_120_lines(path):
    assert len(path.read_text().splitlines()) <= 120


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("<p>Plain</p>", ["Plain"]),
        ('<p>{% translate "Said" %}</p>', []),
        ('<img alt="A mark">', ["A mark"]),
        ('<img alt="{% translate "A mark" %}">', []),
        ("{% blocktranslate %}All {{ n }} of it{% endblocktranslate %} · 5", []),
        ("{% comment %}\nNot shown\n{% endcomment %}<b>{{ value }}</b>", []),
        ("<{% if a %}th{% else %}td{% endif %}>Cell</p>", ["Cell"]),
        ("<title>{% block title %}{% endblock %} – Pool</title>", ["– Pool"]),
    ],
)
def test_the_reader_finds_untranslated_text(source, words):
    assert read(source).words == words


@pytest.mark.parametrize(
    ("source", "inline"),
    [
        ('<div style="color:red">', ["style"]),
        ('<a onclick="x()">', ["onclick"]),
        ('<a href="javascript:x()">', ["href"]),
        ("<style>a{}</style>", ["<style>"]),
        ("<script>x()</script>", ["<script>"]),
        ('<script src="{% static "x.js" %}"></script>', []),
        ('<script type="application/json">{"a": 1}</script>', []),
    ],
)
def test_the_reader_finds_what_is_inline(source, inline):
    assert read(source).inline == inline
