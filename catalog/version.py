"""How far the catalogue is: what is kept of it knows by this whether it still holds."""

from typing import NamedTuple

from django.db import connection

_NOW = """
    SELECT coalesce((SELECT max(number) FROM catalog_change), 0),
           coalesce((SELECT number FROM reference_edition), 0),
           EXISTS (SELECT FROM catalog_change WHERE number IS NULL)
"""


class Version(NamedTuple):
    change: int  # the last one that was committed
    edition: int  # of the vocabulary: names, units, corridors
    pending: bool  # there are changes of our own transaction; nothing may be kept

    def __str__(self) -> str:
        return f"{self.change}.{self.edition}"


def version_now() -> Version:
    """Return the version of the catalogue as this connection sees it; one query."""
    with connection.cursor() as cursor:
        cursor.execute(_NOW)
        return Version(*cursor.fetchone())
