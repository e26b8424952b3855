"""Tags for the parts of ``templates/components``: icons, parts with a body, languages."""

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token, token_kwargs
from django.template.context import Context
from django.templatetags.static import static
from django.utils import numberformat
from django.utils.formats import get_format
from django.utils.html import conditional_escape, escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _

from core.moments import element

register = template.Library()

SPRITE = "vendor/bootstrap-icons/icons.svg"
TONE_ICONS = {
    "success": "check-circle",
    "warning": "exclamation-triangle",
    "danger": "exclamation-triangle",
}
DIRECTED = (
    "arrow-left",
    "arrow-right",
    "arrow-up-right",
    "box-arrow",
    "chevron-left",
    "chevron-right",
)


@register.simple_tag
def icon(name: str) -> SafeString:
    """Draw one icon of the sprite; those that point sideways turn round in Arabic."""
    directed = " icon-directed" if name.startswith(DIRECTED) else ""
    return format_html(
        '<svg class="icon{}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        directed,
        static(SPRITE),
        name,
    )


@register.simple_tag
def tone_icon(tone: str) -> SafeString:
    """Draw the icon that says the same as the colour, for those who do not see it."""
    return icon(TONE_ICONS.get(tone, "info-circle"))


@register.filter
def moment(at: dt.datetime | None) -> SafeString:
    """Write a time that binds people, with its zone; nothing where there is none."""
    return element(at) if at else SafeString("")


@register.filter
def exact(value: Any) -> str:
    """Write a number as it is, in groups of three, with the marks of the language."""
    if not isinstance(value, int | float | Decimal):
        return str(value)
    point = get_format("DECIMAL_SEPARATOR")
    comma = get_format("THOUSAND_SEPARATOR") or ","  # Django's Chinese has none
    if isinstance(value, int):
        return f"{value:,}".replace(",", comma)
    return numberformat.format(value, point, grouping=3, thousand_sep=comma, force_grouping=True)


@register.simple_tag
def facet_options(options: Iterable[Mapping[str, Any]]) -> SafeString:
    """Write filters as links with counts; ``components/facet_list.html`` says what they hold.

    Not by a template: a list of technologies has some two hundred, which took a third of its time.
    """
    return SafeString("".join(_facet_option(option) for option in options))


def _facet_option(option: Mapping[str, Any]) -> str:
    current = ' aria-current="true"' if option.get("selected") else ""
    lang = f' lang="{escape(option["lang"])}"' if option.get("lang") else ""
    mark = icon("check-lg") if current else ""
    below = f"<ul>{facet_options(option['children'])}</ul>" if option.get("children") else ""
    return (
        f'<li><a href="{escape(option["url"])}"{current}>'
        f'<span class="facets-label"{lang}>{mark}{conditional_escape(option["label"])}</span>'
        f'<span class="facets-count">{exact(option["count"])}</span></a>{below}</li>'
    )


@register.simple_tag
def pair(columns: Iterable[Any], cells: Iterable[Any]) -> list[tuple[Any, Any]]:
    """Put each cell of a row beside its column."""
    return list(zip(columns, cells, strict=True))


@register.simple_tag
def language_of(code: str) -> Mapping[str, str]:
    """Say how to mark text in this language: direction, its name, a note when it is another one."""
    try:
        info = get_language_info(code)
    except KeyError:
        return {"direction": "auto", "note": code, "text": code}
    direction = "rtl" if info["bidi"] else "ltr"
    text = _("text in %(language)s") % {"language": info["name_translated"]}
    return {"direction": direction, "note": "" if code == get_language() else text, "text": text}


class ComponentNode(template.Node):
    """A part whose body is written between the tags; the part sees it as ``content``."""

    def __init__(
        self, name: FilterExpression, inputs: dict[str, FilterExpression], body: NodeList
    ) -> None:
        self.name = name
        self.inputs = inputs
        self.body = body

    def render(self, context: Context) -> SafeString:
        engine = context.template.engine  # type: ignore[union-attr]  # it is being rendered
        part = engine.get_template(f"components/{self.name.resolve(context)}.html")
        values: dict[str, Any] = {key: value.resolve(context) for key, value in self.inputs.items()}
        values["content"] = self.body.render(context)
        return part.render(context.new(values))


@register.tag
def component(parser: Parser, token: Token) -> ComponentNode:
    """``{% component "panel" title=… %}body{% endcomponent %}``: an include with a body."""
    _tag, name, *rest = token.split_contents()
    inputs = token_kwargs(rest, parser)
    if rest:
        raise template.TemplateSyntaxError(f"component takes name=value inputs, not {rest[0]!r}")
    body = parser.parse(("endcomponent",))
    parser.delete_first_token()
    return ComponentNode(parser.compile_filter(name), inputs, body)
