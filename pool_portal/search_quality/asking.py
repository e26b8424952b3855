"""Asks the search of the catalogue over a corpus of its own, and leaves nothing behind.

Within one transaction that is rolled back, the tables of the catalogue are covered by temporary
ones of the same make: PostgreSQL looks there first. The search runs as it is, over this corpus
alone, and no row, number or lock of the catalogue is touched, whatever the database holds.
"""

import contextlib
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils import timezone
from pyroaring import BitMap

from catalog import bigrams, indexing, vocabulary
from catalog.browsing import instead, search, words
from catalog.browsing.held import Held
from catalog.models import Technology
from catalog.vocabulary import Reference, Vocabulary
from pool_portal.search_quality.corpus import Entry

COVERED = ("catalog_technology", "catalog_word")
_COVER = "CREATE TEMPORARY TABLE {table} (LIKE {table} INCLUDING ALL) ON COMMIT DROP"
_WRITE = f"UPDATE catalog_technology SET search = {search.VECTOR} WHERE place = %s"  # noqa: S608 -- a part of our own


@dataclass(frozen=True)
class Catalogue:
    """The search over a corpus; an entry is known by its place in it, from 0."""

    reference: Reference

    def asked(self, text: str) -> list[int]:
        """Return what a reader finds who, finding nothing, takes what is offered instead."""
        found = self.found(text)
        if found:
            return found
        offered = instead.of(text, Held(0, BitMap()), Vocabulary(self.reference)).text
        return self.found(offered) if offered else []

    def found(self, text: str) -> list[int]:
        """Return what is found, best first."""
        places: list[int] = search.hits(bigrams.asked(text)).places.tolist()
        return places


@contextlib.contextmanager
def catalogue_of(corpus: Sequence[Entry]) -> Iterator[Catalogue]:
    """Let this corpus, and nothing else, be the catalogue of this connection."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            for table in COVERED:
                cursor.execute(_COVER.format(table=table))
        reference = vocabulary.read()
        rows = [_row(place, one) for place, one in enumerate(corpus)]
        Technology.objects.bulk_create(rows)
        for row in rows:
            _make_found(row, reference)
        yield Catalogue(reference)
        transaction.set_rollback(True)


def _row(place: int, one: Entry) -> Technology:
    record, now = one.record, timezone.now()
    # A temporary table knows nothing of other tables: case and holder need not be there.
    return Technology(
        place=place,
        number=record["number"],
        case_id=uuid.uuid4(),
        holder_id=uuid.uuid4(),
        content=record,
        content_hash="",
        titles=record["titles"],
        language=record["language"],
        subcategory_id=record["subcategory"],
        country_id=record["holder"]["country"],
        listed_at=now,
        changed_at=now,
        valid_until=now.date(),
    )


def _make_found(row: Technology, reference: Reference) -> None:
    names = indexing.names_of(row, reference)
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, [*search.values(row.content, names), row.place])
    words.note(indexing.words_of(row, reference))
