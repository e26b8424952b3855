"""Writing an earlier list and its entries, while it is being prepared."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.recording import check, demand, demand_ever
from catalog.earlier import holders
from catalog.models import EarlierEntry, EarlierList
from core import audit
from core.clock import database_now
from core.errors import DomainError

FIELDS = (
    *("code", "title_en", "title_zh", "language", "authority", "year", "published_on"),
    *("source_url", "note"),
)
Entries = Iterable[Mapping[str, Any]]  # as ``sheet.entries`` returns them


@transaction.atomic
def begin(*, actor: User, entries: Entries | None = None, **stated: Any) -> EarlierList:
    """Enter a list, with its entries where they are at hand."""
    demand_ever(actor, "add", EarlierList)
    made = EarlierList(entered_by=actor, entered_at=database_now())
    _state(made, stated)
    made.save(force_insert=True)
    count = _replace(made, entries)
    audit.record(
        "earlier list.added",
        audit.subject(made),
        actor=actor,
        change=("", made.status),
        details={"code": made.code, "entries": count},
    )
    return made


@transaction.atomic
def edit(pk: UUID, *, actor: User, entries: Entries | None = None, **stated: Any) -> EarlierList:
    """Change what is said of a list; ``entries`` take the place of those that are there."""
    one = EarlierList.objects.select_for_update(no_key=True).get(pk=pk)
    demand(actor, "edit", one)
    before = audit.values(one, FIELDS)
    _state(one, stated)
    one.save(update_fields=list(stated))
    changed = audit.differences(before, audit.values(one, FIELDS))
    count = _replace(one, entries)
    if changed or entries is not None:
        details = {**changed, **({} if entries is None else {"entries": count})}
        audit.record("earlier list.changed", audit.subject(one), actor=actor, details=details)
    return one


def _state(one: EarlierList, stated: Mapping[str, Any]) -> None:
    unknown = set(stated) - set(FIELDS)
    if unknown:
        raise LookupError(f"an earlier list has no {sorted(unknown)}")
    for name, value in stated.items():
        setattr(one, name, value)
    if not (one.title_en or one.title_zh):
        raise DomainError(_("Give the title in English or in Chinese."), field="title_en")
    check(one)


def _replace(one: EarlierList, entries: Entries | None) -> int:
    """Write the entries of a sheet, all of them, and return how many there are."""
    if entries is not None:
        one.entries.all().delete()
        EarlierEntry.objects.bulk_create(_entry(one, given) for given in entries)
        holders.recognise(one)
    return one.entries.count()


def _entry(one: EarlierList, given: Mapping[str, Any]) -> EarlierEntry:
    values = dict(given)
    country, subcategory = values.pop("country"), values.pop("subcategory")
    return EarlierEntry(earlier_list=one, country_id=country, subcategory_id=subcategory, **values)
