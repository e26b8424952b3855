"""What the badge says that a holder puts on its own site: listed, or no longer listed.

It has no language of its own: whoever sees it on a page in any language reads one of two.
"""

from typing import Any

from django.utils.translation import gettext, override
from django.utils.translation import gettext_noop as _

from catalog.models import Technology
from catalog.trust.checking import is_listed
from core.clock import database_now

LANGUAGES = ("en", "zh-hans")
POOL, LISTED, NO_MORE = _("Technology Pool"), _("listed"), _("no longer listed")
# As the notice of a demonstration, in both languages, whatever the reader's is.
DEMONSTRATION = ("demonstration 演示",)
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
    pool = [*in_both(POOL), *(DEMONSTRATION if technology.demonstration else ())]
    return {
        "pool": " · ".join(pool),
        "number": technology.number,
        "said": " · ".join(in_both(LISTED if listed else NO_MORE)),
        "colour": GREEN if listed else GREY,
    }
