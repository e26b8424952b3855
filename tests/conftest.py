"""Fixtures everyone shares. People and things come from ``tests.builders``."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.cache import cache, caches
from django.db import connection
from django.utils import translation
from pytest_django.fixtures import Settings
from pytest_django.plugin import DjangoDbBlocker

from catalog import kept, vocabulary
from catalog.browsing import held
from tests.emptying import end_other_sessions, quicken

quicken()
# PostgreSQL lets a statement wait for a lock for ever, and emptying the tables after a test waits
# for whoever of that test still holds one. Two minutes are longer than any test may hold it.
# What a test commits need not outlive the machine.
os.environ.setdefault("PGOPTIONS", "-c lock_timeout=120s -c synchronous_commit=off")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Threads of a server that served browsers may hold the database when it is thrown away."""
    yield
    with django_db_blocker.unblock():
        connection.close()  # while a browser runs Django holds another one, and ended this
        end_other_sessions()


@pytest.fixture(scope="session", autouse=True)
def collected_files_have_a_folder() -> None:
    """WhiteNoise warns of a folder that is not there; tests take static files from the sources."""
    Path(django_settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, settings: Settings) -> None:
    """Keep uploads, lake, whole files and signing keys of each test in a folder of its own."""
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "uploads"},
        },
        # Tests need no collected files.
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.LAKE_DIR = tmp_path / "lake"
    settings.BULK_DIR = tmp_path / "bulk"
    settings.KEPT_PAGES_MB = 0  # a test of a page wants it drawn
    settings.SIGNING_KEYS_DIR = tmp_path / "signing"
    # A hundred accounts a second; that passwords are kept with Argon2 has a test of its own.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """The language of one test is not that of the next."""
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def vocabulary_as_it_is() -> None:
    """What a process remembers of vocabulary and catalogue is not that of the next test."""
    caches["vocabulary"].clear()
    vocabulary.forget()
    held.forget()
    kept.forget()


@pytest.fixture
def clean_cache(db: None) -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()
