"""A demonstration with one technology of each destiny, loaded once for a module."""

from collections.abc import Iterator

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from demo.loader import load
from tests.demo.small import small_plan


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Load the small plan; each test sees it and undoes what it does itself."""
    with django_db_blocker.unblock(), transaction.atomic():
        load(small_plan())
        yield
        transaction.set_rollback(True)
