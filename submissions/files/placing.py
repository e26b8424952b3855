"""Putting bytes into the storage, and taking away those that no row came to name."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import structlog
from django.core.files.storage import default_storage
from django.db import DatabaseError
from django.db.models import QuerySet

from core.errors import DomainError
from submissions.files.names import NotNow

logger = structlog.get_logger(__name__)


@contextmanager
def storage_at_work() -> Iterator[None]:
    """Turn what the storage raises into NotNow: a folder and a bucket have errors of their own."""
    try:
        yield
    except DomainError:
        raise
    except Exception:
        logger.exception("the storage failed")
        raise NotNow from None


def put(folder: str, ending: str, content: Any) -> str:
    """Store a file under a name of ours and return it; NotNow when there is no room."""
    name = f"{folder}/{uuid.uuid4().hex}{ending}"
    try:
        with storage_at_work():
            return default_storage.save(name, content)
    except NotNow:
        delete(name)
        raise


def delete(name: str) -> None:
    """Delete a file; when the storage fails it stays, and the log says so."""
    try:
        default_storage.delete(name)
    except Exception:
        logger.exception("a file could not be deleted", file=name)


@contextmanager
def deleted_unless(named: Callable[[], QuerySet[Any]], name: str) -> Iterator[None]:
    """Delete a file after an error, unless a row names it.

    An error does not say that nothing was committed: it may come after the commit, or the line
    to the database may break in it. The database is asked; bytes without a row harm nobody.
    """
    try:
        yield
    except BaseException:
        if not _is_there(named, name):
            delete(name)
        raise


def _is_there(named: Callable[[], QuerySet[Any]], name: str) -> bool:
    try:
        return named().exists()
    except DatabaseError:
        logger.exception("a file may have no row", file=name)
        return True
