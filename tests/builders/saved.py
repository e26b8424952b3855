"""Searches that readers keep, asked for and confirmed as a reader does it."""

import re
from itertools import count

from catalog.models import SavedSearch
from catalog.saved import saving
from core.models import StoredMail

_numbers = count(1)


def asked(query: str = "?q=membrane", **given: str) -> SavedSearch:
    """Return a search that waits for its confirmation."""
    address = given.pop("address", f"reader{next(_numbers)}@example.org")
    saving.ask(address, query, **{"frequency": "weekly", "language": "en", **given})
    return SavedSearch.objects.get(address=address.lower(), query=query)


def confirmed(query: str = "?q=membrane", **given: str) -> SavedSearch:
    row = asked(query, **given)
    saving.confirm(row.pk)
    return SavedSearch.objects.get(pk=row.pk)


def link(mail: StoredMail) -> str:
    """Return the path of the page of the link in a mail."""
    found = re.search(r"https?://[^/\s]+(/\S+/catalogue/saved/\S+)", mail.body)
    assert found
    return found[1]
