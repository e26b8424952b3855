"""A long list by key: the next page begins after the last row of this one."""

import datetime as dt
from dataclasses import dataclass
from typing import Generic, TypeVar
from uuid import UUID

from django.db.models import Model, Q, QuerySet

M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class Page(Generic[M]):
    rows: list[M]
    next_key: str  # empty on the last page


def newest_first(rows: QuerySet[M], *, by: str, after: str, size: int = 25) -> Page[M]:
    """Return the page of ``rows`` that follows the key ``after`` (empty: the first page).

    A key that cannot be read is as none: the list begins anew.
    """
    return _page(rows.order_by(f"-{by}", "pk"), by, f"{by}__lt", after, size)


def soonest_first(rows: QuerySet[M], *, by: str, after: str, size: int = 25) -> Page[M]:
    """Return the same for a list that begins with the earliest moment. ``by`` is never empty."""
    return _page(rows.order_by(by, "pk"), by, f"{by}__gt", after, size)


def _page(ordered: QuerySet[M], by: str, beyond: str, after: str, size: int) -> Page[M]:
    if key := _read(after):
        moment, pk = key
        ordered = ordered.filter(Q(**{beyond: moment}) | Q(**{by: moment, "pk__gt": pk}))
    found = list(ordered[: size + 1])
    if len(found) <= size:
        return Page(found, "")
    last = found[size - 1]
    return Page(found[:size], f"{getattr(last, by).isoformat()}_{last.pk}")


def _read(key: str) -> tuple[dt.datetime, UUID] | None:
    moment, _mark, pk = key.partition("_")
    try:
        at, identity = dt.datetime.fromisoformat(moment.replace(" ", "+")), UUID(pk)
    except ValueError:
        return None
    return (at, identity) if at.tzinfo else None
