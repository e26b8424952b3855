"""What changed since a number: for whoever keeps a copy of the catalogue."""

from typing import Any

from catalog.api import documents, links
from catalog.api.asking import MOST
from catalog.api.problems import invalid
from catalog.models import Change
from catalog.version import Version


def since(number: int, size: int, version: Version) -> dict[str, Any]:
    """Return up to ``size`` changes after ``number``, oldest first, and where to go on; one query.

    Nobody missed a change who has read up to the cursor: numbers are given in the order of
    commits. Changes of the index alone are passed over; the cursor is moved past them.
    """
    if number > version.change:
        raise invalid("since", "There is no such change yet. Begin again with 0.")
    rows = Change.objects.filter(number__gt=number, number__lte=version.change)
    told = rows.exclude(kind=Change.Kind.INDEXED).select_related("technology").order_by("number")
    found = list(told.defer(*_UNREAD)[: size + 1])
    more, found = len(found) > size, found[:size]
    cursor = found[-1].number if more else version.change
    asked = {"size": size} if size != MOST else {}
    return {
        "version": str(version),
        "items": [documents.change(row) for row in found],
        "cursor": cursor,
        "more": more,
        "links": {
            "self": links.to("/changes", since=number, **asked),
            "next": links.to("/changes", since=cursor, **asked),
        },
    }


_UNREAD = tuple(f"technology__{name}" for name in ("search", "traits", "figures"))
