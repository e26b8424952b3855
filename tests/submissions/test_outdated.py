"""Saved texts go once there is nothing left to write; what was filed stays."""

import datetime as dt

import pytest
from django.utils import timezone

from submissions.models import Declaration, SavedValue
from submissions.outdated import prune_saved_texts
from submissions.states import Status
from tests.builders import submissions as build

pytestmark = pytest.mark.django_db


def since(declaration: Declaration, days: int) -> Declaration:
    """Have a declaration been in its state for so many days."""
    then = timezone.now() - dt.timedelta(days=days)
    Declaration.objects.filter(pk=declaration.pk).update(state_since=then)
    return declaration


def left() -> set[str]:
    rows = SavedValue.objects.values_list("declaration__status", flat=True)
    return set(rows)


def test_what_was_decided_long_ago_loses_the_texts_on_the_way(settings):
    settings.SAVED_TEXTS_KEEP_DAYS = 180
    old = since(build.declaration(Status.ACCEPTED), 181)
    since(build.declaration(Status.REJECTED), 179)
    since(build.declaration(Status.RETURNED), 400)
    since(build.draft(), 400)

    taken = prune_saved_texts()

    assert taken > 0
    assert left() == {Status.REJECTED, Status.RETURNED, Status.DRAFT}
    assert old.versions.get().content["sections"] == build.content()
    assert prune_saved_texts() == 0
