"""The public versions of a technology: number, day, and what kind of change each was.

They are told while the technology is listed. Of one that is suspended, expired or gone only its
state is public, and what was public before is not handed out again.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.db.models import F
from django.db.models.fields.json import KT, KeyTransform
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalog import publishing
from catalog.models import Technology, TechnologyVersion
from catalog.states import TechnologyStatus

SHOWN = 5  # on the page of the technology
PAGE = 50

LISTED, AGAIN, RENEWED = _("Listed"), _("Listed again"), _("Renewed")
TRANSLATED, CHANGED = _("Translation published"), _("Record changed")
STATES: Mapping[str, Promise] = {
    TechnologyStatus.SUSPENDED: _("Suspended"),
    TechnologyStatus.EXPIRED: _("Expired"),
}
# By which step it is listed once more, after which state.
BACK: Mapping[str, Promise] = {
    TechnologyStatus.SUSPENDED: AGAIN,
    TechnologyStatus.EXPIRED: RENEWED,
}
_Told = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Kept:
    """One version; ``readable``: it held the whole record, and can be compared."""

    number: int
    at: dt.datetime
    kind: Promise
    readable: bool
    content_hash: str


@dataclass(frozen=True, slots=True)
class Page:
    """Some versions, the newest first, and the number to go on before; None: that was all."""

    rows: tuple[Kept, ...]
    before: int | None


def page(technology: Technology, *, most: int = PAGE, before: int | None = None) -> Page:
    """Return the newest versions, or those before a number; one question, no contents read."""
    rows = technology.versions.order_by("-number")
    if before is not None:
        rows = rows.filter(number__lt=before)
    told: list[_Told] = list(
        rows.values(
            "number",
            "content_hash",
            at=F("published_at"),
            state=KT("content__state"),
            until=KT("content__valid_until"),
            translations=KeyTransform("translations", "content"),
        )[: most + 1]
    )
    is_more = len(told) > most
    following = [*told, None] if not is_more else told
    kept = tuple(_kept(one, earlier) for one, earlier in pairwise(following) if one)
    return Page(kept, kept[-1].number if is_more else None)


def _kept(one: _Told, earlier: _Told | None) -> Kept:
    readable = one["state"] == TechnologyStatus.LISTED
    return Kept(one["number"], one["at"], _kind(one, earlier), readable, one["content_hash"])


def _kind(one: _Told, earlier: _Told | None) -> Promise:
    if one["state"] in STATES:
        return STATES[one["state"]]
    if earlier is None:
        return LISTED
    if earlier["state"] in BACK:
        return BACK[earlier["state"]]
    if one["until"] != earlier["until"]:
        return RENEWED
    return TRANSLATED if one["translations"] != earlier["translations"] else CHANGED


def compared(
    technology: Technology, number: int
) -> tuple[TechnologyVersion, TechnologyVersion | None] | None:
    """Return a version with the whole record, and the one before it; None without the first."""
    rows = technology.versions.filter(
        number__lte=number, content__state=TechnologyStatus.LISTED
    ).order_by("-number")[:2]
    found = list(rows)
    if not found or found[0].number != number:
        return None
    return found[0], found[1] if len(found) > 1 else None


def as_it_was(technology: Technology, version: TechnologyVersion) -> Technology:
    """Return the technology with the record of one of its versions; it is not stored."""
    one = Technology(pk=technology.pk, number=technology.number, content=version.content)
    publishing.read_columns(one)
    if one.subcategory_id == technology.subcategory_id:
        one.subcategory = technology.subcategory  # it is here already, with its field
    return one
