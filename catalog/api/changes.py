"""What changed since a number: for whoever keeps a copy of the catalogue."""

from typing import Any
from uuid import UUID

from catalog.api import documents, links
from catalog.api.asking import MOST
from catalog.api.problems import invalid
from catalog.models import Change, Technology
from catalog.states import GONE
from catalog.version import Version

_READ = ("number", "kind", "at", "seq", "technology__number", "technology__status")


def since(number: int, size: int, version: Version) -> dict[str, Any]:
    """Return up to ``size`` changes after ``number``, oldest first, and where to go on.

    One query, and one for the tombstones where there are any.

    Nobody missed a change who has read up to the cursor: numbers are given in the order of
    commits. Changes of the index alone are passed over; the cursor is moved past them.
    """
    if number > version.change:
        raise invalid("since", "There is no such change yet. Begin again with 0.")
    rows = Change.objects.filter(number__gt=number, number__lte=version.change)
    told = rows.exclude(kind__in=Change.INNER).select_related("technology").order_by("number")
    found = list(told.only(*_READ)[: size + 1])
    more, found = len(found) > size, found[:size]
    left = _tombstones(found)
    cursor = found[-1].number if more else version.change
    asked = {"size": size} if size != MOST else {}
    return {
        "version": str(version),
        "items": [documents.change(row, left.get(row.technology_id)) for row in found],
        "cursor": cursor,
        "more": more,
        "links": {
            "self": links.to("/changes", since=number, **asked),
            "next": links.to("/changes", since=cursor, **asked),
        },
    }


def _tombstones(rows: list[Change]) -> dict[UUID, Any]:
    """Return what remains of those that are gone; records of the others are not read."""
    gone = {row.technology_id for row in rows if row.technology.status in GONE}
    if not gone:
        return {}
    return dict(Technology.objects.filter(pk__in=gone).values_list("pk", "content"))
