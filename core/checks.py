"""What must be true of the database before the portal may run on it."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error
from django.db import connections


def letters_of_all_languages(
    app_configs: Sequence[AppConfig] | None = None,
    databases: Sequence[str] | None = None,
    **kwargs: Any,
) -> list[CheckMessage]:
    """Refuse a database whose locale takes Chinese characters for noise.

    Under the locale "C" the text search drops them without a word, and nothing Chinese is found.
    """
    found: list[CheckMessage] = []
    for alias in databases or ():
        with connections[alias].cursor() as cursor:
            cursor.execute("select to_tsvector('simple', '水处理')::text")
            if not cursor.fetchone()[0]:
                found.append(
                    Error(
                        "The database does not know Chinese letters.",
                        hint="Create it with the locale C.UTF-8 (docs/operations.md).",
                        id="core.E001",
                    )
                )
    return found
