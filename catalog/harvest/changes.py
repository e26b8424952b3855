"""What changed last of each technology, in the order of the changes that the world was told."""

import datetime as dt

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from catalog.models import Change, Technology, TechnologyQuerySet


def latest() -> QuerySet[Change]:
    """Return the last public change of each technology, the oldest first.

    A technology that changes moves to the end: who reads on from a number misses nothing.
    """
    later = _public().filter(technology=OuterRef("technology"), number__gt=OuterRef("number"))
    return _public().filter(~Exists(later)).order_by("number")


def with_changed(rows: TechnologyQuerySet) -> TechnologyQuerySet:
    """Add to each technology when it changed last, as ``told_at``."""
    last = _public().filter(technology=OuterRef("pk")).order_by("-number")
    return rows.annotate(told_at=Subquery(last.values("at")[:1]))


def changed(one: Technology) -> dt.datetime:
    """Return when one of ``with_changed`` changed last, as the world was told."""
    told: dt.datetime | None = getattr(one, "told_at", None)
    return told or one.changed_at


def first_at() -> dt.datetime | None:
    """Return when the first change was told; None before there was one."""
    return _public().order_by("number").values_list("at", flat=True).first()


def _public() -> QuerySet[Change]:
    return Change.objects.filter(number__isnull=False).exclude(kind__in=Change.INNER)


def stamp(at: dt.datetime) -> str:
    """Write a moment as the protocols have it: UTC, whole seconds."""
    return at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
