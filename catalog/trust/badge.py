"""What the badge says that a holder puts on its own site: listed, or no longer listed.

It has no language of its own: whoever sees it on a page in any language reads one of two.
"""

from typing import Any

from django.utils.translation import gettext, override

from catalog.models import Technology
from catalog.trust.checking import is_listed
from core.clock import database_now

LANGUAGES = ("en", "zh-hans")
GREEN, GREY = "#0f3d2e", "#5f6368"


def in_both(text: str) -> list[str]:
    """Return a text of the portal in both languages; once where they say the same."""
    said = []
    for language in LANGUAGES:
        with override(language):
            said.append(gettext(text))
    return list(dict.fromkeys(said))


def badge(technology: Technology) -> dict[str, Any]:
    """Return what the drawing is made of."""
    listed = is_listed(technology, database_now())
    return {
        "pool": " · ".join(in_both("Technology Pool")),
        "number": technology.number,
        "said": " · ".join(in_both("listed" if listed else "no longer listed")),
        "colour": GREEN if listed else GREY,
    }
