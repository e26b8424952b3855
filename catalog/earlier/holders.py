"""Which organisation of the portal a holder named by an earlier list is.

Taken for the same are only organisations an officer has looked at: verified ones, and those that
stand for holders of lists released before. Anybody can enter an organisation under any name;
a listing must not fall to whoever types the right one. All others are entered anew, without
members; when their people come, an officer merges the two.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from accounts.keys import NameKey
from accounts.models import Organisation, User
from accounts.services import enter_without_members
from accounts.states import OrganisationStatus
from catalog.earlier.states import EarlierStatus
from catalog.models import EarlierEntry, EarlierList

Key = tuple[str, str]  # country, name as it is compared


def hold(of: EarlierList) -> None:
    """Lock every organisation an entry refers to or may mean, in the order of their keys.

    Whoever merges one of them in this moment waits, or is waited for and followed.
    """
    held: set[UUID] = set()
    while wanted := _concerned(of) - held:
        rows = Organisation.objects.select_for_update(of=("self",), no_key=True)
        held |= wanted | {row.pk for row in rows.filter(pk__in=wanted).order_by("pk")}


def _concerned(of: EarlierList) -> set[UUID]:
    entries = list(_keyed(of))
    referred = {entry.organisation_id for entry in entries if entry.organisation_id}
    return referred | {row.pk for row in _candidates(_names(entries))}


def reconsider(of: EarlierList) -> None:
    """Forget the holders that no officer vouches for any more; ``recognise`` looks again."""
    held = EarlierEntry.objects.filter(earlier_list=of, organisation__isnull=False)
    held.exclude(organisation__in=Organisation.objects.filter(_looked_at())).update(
        organisation=None
    )


def recognise(of: EarlierList) -> None:
    """Write down the holders that are known for certain."""
    entries = list(_keyed(of).filter(organisation=None))
    known = _known(entries)
    found = []
    for entry in entries:
        houses = {known[key] for key in _keys(entry) if key in known}
        if len(houses) == 1:  # of two of one name none is certain
            entry.organisation_id = houses.pop()
            found.append(entry)
    EarlierEntry.objects.bulk_update(found, ["organisation"])


def settle(of: EarlierList, *, actor: User) -> None:
    """Give every entry an organisation; who is named twice is entered once."""
    entered: dict[Key, Organisation] = {}
    for entry in _keyed(of).filter(organisation=None).select_related("country"):
        keys = _keys(entry)
        house = next((entered[key] for key in keys if key in entered), None)
        house = house or enter_without_members(_organisation(entry), actor=actor)
        entered |= dict.fromkeys(keys, house)
        EarlierEntry.objects.filter(pk=entry.pk).update(organisation=house)


def _organisation(entry: EarlierEntry) -> Organisation:
    return Organisation(
        name_en=entry.holder_en,
        name_zh=entry.holder_zh,
        country=entry.country,
        kind=Organisation.Kind.OTHER,  # no list states a kind; none is guessed
        website=entry.website,
    )


def _keyed(of: EarlierList) -> QuerySet[EarlierEntry]:
    rows = EarlierEntry.objects.filter(earlier_list=of).order_by("place")
    return rows.annotate(key_en=NameKey("holder_en"), key_zh=NameKey("holder_zh"))


def _keys(row: Any) -> list[Key]:
    return [(row.country_id, key) for key in (row.key_en, row.key_zh) if key]


def _names(entries: Iterable[Any]) -> set[Key]:
    return {key for entry in entries for key in _keys(entry)}


def _candidates(wanted: set[Key]) -> Iterable[Any]:
    """Return the organisations of these names that an officer has looked at."""
    rows = Organisation.objects.annotate(key_en=NameKey("name_en"), key_zh=NameKey("name_zh"))
    names = [name for _country, name in wanted]
    return rows.filter(
        _looked_at(),
        Q(key_en__in=names) | Q(key_zh__in=names),
    ).order_by("pk")


def _looked_at() -> Q:
    released = EarlierEntry.objects.filter(earlier_list__status=EarlierStatus.RELEASED)
    return Q(status=OrganisationStatus.VERIFIED) | Q(pk__in=released.values("organisation"))


def _known(entries: Iterable[Any]) -> dict[Key, UUID]:
    """Return the organisations that are meant; of a name two of them have, neither."""
    wanted = _names(entries)
    known: dict[Key, UUID] = {}
    twice: set[Key] = set()
    for row in _candidates(wanted):
        for key in wanted.intersection(_keys(row)):
            if known.setdefault(key, row.pk) != row.pk:
                twice.add(key)
    return {key: pk for key, pk in known.items() if key not in twice}
