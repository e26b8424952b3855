"""Rows that are written once: the trigger that keeps them as they are."""

from typing import Any

import pgtrigger


def append_only() -> Any:
    """Return the trigger by which PostgreSQL refuses to change or delete a row.

    TRUNCATE is not the trigger's business: the application's role has no right to it.
    """
    return pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
