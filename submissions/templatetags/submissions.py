"""The filters that a declaration's pages need."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.forms.boundfield import BoundField
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from submissions.files.previews import KINDS
from submissions.files.uploads import TYPES

register = template.Library()
_KINDS = {media_type: extension.upper() for extension, media_type in TYPES.items()}


@register.filter
def file_kind(media_type: str) -> str:
    """Name a media type as people do: ``PDF``."""
    return _KINDS.get(media_type, "")


@register.filter
def has_preview(media_type: str) -> bool:
    """Say whether pages of such a file are drawn."""
    return media_type in KINDS


@register.filter
def chosen(options: Iterable[dict[str, Any]]) -> list[str]:
    """Name the chosen ones among the options of a field."""
    return [str(option["label"]) for option in options if option["selected"]]


@register.filter
def all_chosen(field: BoundField) -> list[str]:
    """Name what is chosen in a field, in the order of its list."""
    return [str(box.data["label"]) for box in field.subwidgets if box.data["selected"]]


@register.filter
def breakable(digest: str) -> SafeString:
    """Let a long hash break on a narrow screen; copied, it is the same."""
    parts = ((digest[at : at + 8],) for at in range(0, len(digest), 8))
    return format_html_join("", "{}<wbr>", parts)
