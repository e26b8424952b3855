"""Each part of templates/components, drawn with the inputs its comment names."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.conf import settings
from django.template import Context, Template
from django.utils.translation import override

FOLDER = Path(settings.BASE_DIR, "templates/components")
PARTS = sorted(path for path in FOLDER.glob("*.html") if not path.name.startswith("_"))
STATUS = {"label": "Listed", "tone": "success"}


class Refused(forms.Form):
    name = forms.CharField()
    kind = forms.ChoiceField(choices=[("a", "A")], widget=forms.RadioSelect)

    def clean(self):
        raise forms.ValidationError("Both are wrong.")


INPUTS: dict[str, dict[str, Any]] = {
    "actions": {
        "actions": [
            {
                "label": "Submit",
                "url": "/submit/",
                "style": "primary",
                "post": True,
                "icon": "send",
            },
            {"label": "Print", "url": "/print/"},
        ],
        "csrf_token": "secret",
    },
    "alert": {"text": "Saved.", "title": "Done", "tone": "success", "url": "/on/", "action": "On"},
    "breadcrumbs": {
        "items": [{"label": "Pool", "url": "/pool/"}, {"label": "水", "lang": "zh-hans"}]
    },
    "card": {"title": "Filter", "text": "Cleans", "url": "/a/", "action": "Open", "icon": "search"},
    "data_list": {
        "items": [
            {"label": "Rate", "value": Decimal("99.50"), "unit": "%", "relation": "≥"},
            {"label": "State", "status": STATUS},
            {"label": "Gap", "value": None},
        ]
    },
    "empty_state": {
        "title": "Nothing",
        "text": "Try",
        "url": "/",
        "action": "Back",
        "icon": "inbox",
    },
    "facet_list": {
        "title": "Field",
        "options": [{"label": "Water", "count": 1204, "url": "?f=W", "selected": True}],
        "clear_url": "?",
    },
    "file_link": {"url": "/f/", "name": "report.pdf", "kind": "PDF", "size": 2048},
    "form_errors": {"form": Refused({})},
    "page_header": {"title": "水处理", "lang": "zh-hans", "lead": "Lead", "status": STATUS},
    "pager": {"previous_url": "?before=1", "next_url": "?after=9", "text": "2–8"},
    "panel": {"title": "Costs", "id": "costs", "url": "/all/", "action": "All", "content": "Body"},
    "progress": {"label": "Loaded", "value": 3, "maximum": 8, "poll_url": "/progress/"},
    "progress_refresh": {"seconds": 7},
    "quantity": {"value": Decimal("1234567.50"), "unit": "CNY", "relation": "≈"},
    "status_badge": STATUS,
    "steps": {
        "steps": [
            {"label": "Filed", "state": "done"},
            {"label": "Check", "state": "current", "text": "until Friday"},
        ],
        "wide": True,
    },
    "table": {
        "caption": "Listed",
        "columns": [{"label": "Name"}, {"label": "Stated"}, {"label": "Rate", "number": True}],
        "rows": [
            [
                {"text": "滤池", "url": "/1/", "lang": "zh-hans"},
                {"text": ">99"},
                {"text": 5, "unit": "%"},
            ]
        ],
        "lang": "zh-hans",
    },
    "term": {"text": "滤池", "lang": "zh-hans"},
    "timeline": {
        "events": [
            {"title": "Filed", "at": datetime(2026, 3, 1, 4, tzinfo=UTC), "by": "A", "text": "T"}
        ]
    },
}
SHOWS = {
    "actions": ['value="secret"', 'action="/submit/"', 'href="/print/"', "btn-primary"],
    "alert": ["tone-success", "Done", "Saved.", 'href="/on/"', "#check-circle"],
    "breadcrumbs": ['href="/pool/"', '<span aria-current="page" lang="zh-hans">水'],
    "card": ["Filter", "Cleans", 'href="/a/"', "#search"],
    "data_list": ["≥", "99.50", "tone-success", "not stated"],
    "empty_state": ["Nothing", "Try", "Back", "#inbox"],
    "facet_list": ["1,204", 'aria-current="true"', "Clear"],
    "file_link": ["report.pdf", "2.0\xa0KB", "#file-earmark-pdf"],
    "form_errors": ["Both are wrong.", 'href="#div_id_name"', 'href="#div_id_kind"'],
    "page_header": ['<span lang="zh-hans" dir="ltr">水处理', "Lead", "tone-success"],
    "pager": ['rel="prev" href="?before=1"', 'rel="next" href="?after=9"', "2–8"],
    "panel": ['id="costs"', "Costs", "Body", 'href="/all/"'],
    "progress": ['<progress value="3" max="8"', "3 of 8", 'hx-get="/progress/"'],
    "progress_refresh": ['<noscript><meta http-equiv="refresh" content="7"></noscript>'],
    "quantity": ['<data value="1234567.50">1,234,567.50</data>', "CNY", "≈"],
    "status_badge": ['<span class="status tone-success">Listed</span>'],
    "steps": ['aria-current="step"', "is-wide", "until Friday", "#check-lg"],
    "table": [
        '<th scope="col" class="is-number">Rate',
        'data-label="Rate"',
        '<a href="/1/"><span lang="zh-hans" dir="ltr">滤池</span>',
        "<bdi>&gt;99</bdi>",
        'Listed <span class="term-note">text in Simplified Chinese</span>',
    ],
    "term": ['<span lang="zh-hans" dir="ltr">滤池</span>', "text in Simplified Chinese"],
    "timeline": ['datetime="2026-03-01T12:00:00+08:00"', "Filed", "· A", "T"],
}


def draw(part: str) -> str:
    values = INPUTS[part]
    pairs = " ".join(f"{key}={key}" for key in values)
    source = f'{{% include "components/{part}.html" with {pairs} only %}}'
    with override("en"):
        return " ".join(Template(source).render(Context(values)).split(" "))


@pytest.mark.parametrize("path", PARTS, ids=lambda path: path.stem)
def test_component_shows_its_inputs(path):
    drawn = draw(path.stem)

    assert [words for words in SHOWS[path.stem] if words not in drawn] == []


@pytest.mark.parametrize("path", PARTS, ids=lambda path: path.stem)
def test_component_names_its_inputs_at_its_top(path):
    head = path.read_text().split("{% endcomment %}")[0]

    assert head.startswith("{% comment %}")
    assert "Inputs: " in head.replace("\n", " ")


@pytest.mark.parametrize("path", PARTS, ids=lambda path: path.stem)
def test_component_escapes_what_it_shows(path):
    values = {key: "<b>x</b>" for key, value in INPUTS[path.stem].items() if value == str(value)}
    values.pop("content", None)  # a body is markup already

    drawn = Template(f'{{% include "components/{path.name}" %}}').render(Context(values))

    assert "<b>" not in drawn
