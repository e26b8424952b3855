"""A time that binds people, as it is written: in the portal's zone, with its offset from UTC."""

import datetime as dt

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import get_default_timezone, localtime
from django.utils.translation import gettext as _


def written(at: dt.datetime, *, seconds: bool = False) -> str:
    """Write a moment out, ``2030-03-31 23:59 (UTC+08:00)``: the same for every reader."""
    here = localtime(at, get_default_timezone())
    offset = f"{here:%z}"
    clock = f"{here:%H:%M:%S}" if seconds else f"{here:%H:%M}"
    return f"{here:%Y-%m-%d} {clock} (UTC{offset[:3]}:{offset[3:]})"


def element(at: dt.datetime, *, seconds: bool = False) -> SafeString:
    """Write it as an element to which ``times.js`` adds the reader's own time, where it differs."""
    return format_html(
        '<time class="moment" dir="ltr" datetime="{}" data-yours="{}">{}</time>',
        localtime(at, get_default_timezone()).isoformat(),
        _("your time: {time}"),
        written(at, seconds=seconds),
    )
