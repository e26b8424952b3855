"""The tags behind the parts of a page."""

import datetime as dt
from decimal import Decimal

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.utils.translation import override

from core.templatetags.components import exact, icon, language_of, pair


def draw(source: str, **values: object) -> str:
    return Template("{% load components %}" + source).render(Context(values))


def test_component_puts_its_body_into_the_part():
    drawn = draw(
        '{% component "panel" title=name %}<b>{{ inner }}</b>{% endcomponent %}',
        name="Costs & more",
        inner="<i>",
    )

    assert "<h2>Costs &amp; more</h2>" in drawn
    assert "<b>&lt;i&gt;</b>" in drawn


def test_a_time_that_binds_is_written_with_its_zone():
    at = dt.datetime(2026, 3, 1, 4, 30, tzinfo=dt.UTC)

    with override("en"):
        drawn = draw("{{ at|moment }} {{ none|moment|default:'–' }}", at=at, none=None)

    assert drawn == (
        '<time class="moment" dir="ltr" datetime="2026-03-01T12:30:00+08:00"'
        ' data-yours="your time: {time}">2026-03-01 12:30 (UTC+08:00)</time> –'
    )


def test_component_does_not_see_the_page():
    drawn = draw('{% component "panel" %}x{% endcomponent %}', title="of the page")

    assert "of the page" not in drawn


def test_component_refuses_what_is_no_input():
    with pytest.raises(TemplateSyntaxError, match="name=value"):
        draw('{% component "panel" title %}{% endcomponent %}')


def test_icon_turns_round_only_when_it_points_sideways():
    assert 'class="icon icon-directed"' in icon("arrow-right")
    assert 'class="icon"' in icon("search")


@pytest.mark.parametrize(
    ("language", "value", "written"),
    [
        ("en", Decimal("1234567.50"), "1,234,567.50"),
        ("zh-hans", 1250000, "1,250,000"),
        ("ar", Decimal("1234.5"), "1.234,5"),
        ("en", -1204, "-1,204"),
        ("en", "about 5", "about 5"),
    ],
)
def test_exact_groups_by_three_and_keeps_every_digit(language, value, written):
    with override(language):
        assert exact(value) == written


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("en", {"direction": "ltr", "note": "", "text": "text in English"}),
        ("ar", {"direction": "rtl", "note": "text in Arabic", "text": "text in Arabic"}),
        ("xx", {"direction": "auto", "note": "xx", "text": "xx"}),
    ],
)
def test_language_of_tells_direction_and_whether_it_is_another(code, expected):
    with override("en"):
        assert language_of(code) == expected


def test_pair_refuses_a_row_of_another_length():
    with pytest.raises(ValueError, match="shorter"):
        pair([1, 2], [1])
