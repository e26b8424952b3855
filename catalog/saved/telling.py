"""Telling readers what is new for the searches they keep."""

from uuid import UUID

import structlog
from django.db import transaction
from django.utils import translation
from pyroaring import BitMap

from catalog.browsing import search
from catalog.browsing.finding import Sifted, in_order
from catalog.browsing.held import held_at
from catalog.models import Change, SavedSearch, Technology
from catalog.saved import mails, reading, saving
from catalog.version import Version, version_now
from catalog.vocabulary import names_at
from core.clock import PortalNow, database_now
from evaluation.pool.profiles import each

MOST_IN_A_MAIL = 20
MOST_AT_ONCE = 2000  # searches in one turn; the next turn goes on

logger = structlog.get_logger(__name__)


def tell_due() -> int:
    """Look for news for each search whose time has come; return how many were looked at."""
    due = SavedSearch.objects.filter(next_at__lte=PortalNow()).order_by("next_at", "pk")
    return each(due.values_list("pk", flat=True)[:MOST_AT_ONCE], _tell)


@transaction.atomic
def _tell(pk: UUID) -> None:
    """Mail what is new for a search, once: the row says what was looked at."""
    rows = SavedSearch.objects.select_for_update(no_key=True, skip_locked=True)
    row = rows.filter(pk=pk, next_at__lte=PortalNow()).first()
    if row is None:  # somebody was quicker
        return
    version = version_now()
    fresh = _listed_since(row.seen, version)
    if fresh and not _mail(row, fresh, version):
        return
    row.seen = version.change
    now, period = database_now(), saving.PERIODS[SavedSearch.Frequency(row.frequency)]
    # At the hour it was confirmed, however late this look is.
    while row.next_at is None or row.next_at <= now:
        row.next_at = (row.next_at or now) + period
    row.save(update_fields=["seen", "next_at"])


def _listed_since(seen: int, version: Version) -> BitMap:
    """Return the places of what was listed since; what is listed again was there before."""
    listed = Change.objects.filter(
        kind=Change.Kind.LISTED, number__gt=seen, number__lte=version.change
    )
    return BitMap(listed.values_list("technology__place", flat=True))


def _mail(row: SavedSearch, fresh: BitMap, version: Version) -> bool:
    """Mail what of the new ones matches; end a search that can no longer be read as it was."""
    token = saving.token_of(row)
    with translation.override(row.language):
        asked = reading.read(row.query, names_at(version.edition))
    if asked.query != row.query:
        saving.end(row.pk)
        mails.over(row, token)
        return False
    hits = search.hits(asked.wanted.asked) if asked.wanted.text else None
    found = Sifted(held_at(version), asked.wanted, hits).all & fresh
    if found:
        newest = list(found)[::-1][:MOST_IN_A_MAIL]
        shown = in_order(Technology.objects.all(), newest)
        mails.news(row, token, asked.words, shown, len(found))
    return True
