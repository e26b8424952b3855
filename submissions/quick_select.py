"""A drop-down list that is written at once, not option by option.

A page of twenty rows holds some forty lists of two hundred and fifty countries. Django renders a
template for each option, which takes seconds; here the options of a list are written once a page.
"""

from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe


class QuickSelect(forms.Select):
    """A select whose ``options`` were written before; see ``options_of``."""

    def __init__(self, options: SafeString) -> None:
        super().__init__()
        self.options_written = options

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        written = self.build_attrs(self.attrs, {**(attrs or {}), "name": name})
        chosen = self.format_value(value)
        options: str = self.options_written
        if isinstance(chosen, list) and chosen and chosen[0]:
            mark = f'<option value="{escape(chosen[0])}"'
            options = options.replace(f"{mark}>", f"{mark} selected>", 1)
        return format_html(
            "<select{}>{}</select>",
            flatatt({k: v for k, v in written.items() if v is not False}),
            mark_safe(options),  # noqa: S308 -- written by options_of, which escapes
        )


def options_of(choices: list[Any]) -> SafeString:
    """Write the options of a list, grouped or not."""
    parts = []
    for value, label in choices:
        if isinstance(label, list | tuple):
            inner = format_html_join("", '<option value="{}">{}</option>', label)
            parts.append(format_html('<optgroup label="{}">{}</optgroup>', value, inner))
        else:
            parts.append(format_html('<option value="{}">{}</option>', value, label))
    return mark_safe("".join(parts))  # noqa: S308 -- each part is escaped
