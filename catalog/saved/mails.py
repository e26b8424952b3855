"""Mails to who keeps a search, in the language it was kept in. Each carries the way out."""

from collections.abc import Sequence
from typing import Any

from django.utils import translation

from accounts.notifications import address
from catalog.models import SavedSearch, Technology
from core import mail

ASKED, NEWS, OVER = "saved_search_asked", "saved_search_news", "saved_search_over"
TEMPLATES = (ASKED, NEWS, OVER)
BLANK = {"subject": "", "body": "", "unsubscribe": ""}  # what is left of one that is erased


def asked(row: SavedSearch, token: str, *, days: int) -> None:
    """Ask whose address it is. Nothing of what was typed: anybody could write to anybody."""
    _write(ASKED, row, token, days=days)


def news(
    row: SavedSearch, token: str, words: Sequence[str], rows: Sequence[Technology], total: int
) -> None:
    with translation.override(row.language):
        shown = [
            {
                "title": one.title,
                "number": one.number,
                "link": address("catalog:technology-detail", one.pk, language=row.language),
            }
            for one in rows
        ]
    more = total - len(shown)
    _write(NEWS, row, token, words=words, rows=shown, total=total, more=more)


def over(row: SavedSearch, token: str) -> None:
    """Say that its words are no longer those of the catalogue: nothing can be found by them."""
    _write(OVER, row, token, stays=False)


def _write(template: str, row: SavedSearch, token: str, *, stays: bool = True, **more: Any) -> None:
    """Write a mail; its link lets in, so no member of staff reads it."""
    language = row.language
    values = {
        "list_link": f"{address('catalog:technology-list', language=language)}{row.query}",
        "link": address("catalog:saved-search", token, language=language),
        "search": row,
        **more,
    }
    unsubscribe = address("catalog:saved-search-end", token, language=language) if stays else ""
    mail.write(
        template,
        to=row.address,
        language=language,
        context=values,
        secret=True,
        unsubscribe=unsubscribe,
    )
