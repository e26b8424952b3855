"""Which organisations look like one another: what an officer may want to merge.

A likeness proves nothing. It is the same registration number in the same country, the same name
but for case, spacing and punctuation, or a website on the same host.
"""

from typing import Any

from django.db.models import CharField, Exists, Func, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Lower, NullIf

from accounts.keys import NameKey, NumberKey
from accounts.models import Organisation
from accounts.states import LIVE

MOST = 20  # more alike would be a chain, not a mistake
HOST = r"^https?://(?:www\.)?([^/:?#]+).*$"
KEYS = ("key_number", "key_en", "key_zh", "key_host")


def like(organisation: Organisation) -> QuerySet[Organisation]:
    """Return the other entries that look like this one, merged ones left out."""
    one: Any = _keyed(Organisation.objects.filter(pk=organisation.pk)).get()
    alike = Q(pk__in=())
    if one.key_number:
        alike |= Q(key_number=one.key_number, country=one.country_id)
    for name in filter(None, (one.key_en, one.key_zh)):
        alike |= Q(key_en=name) | Q(key_zh=name)
    if one.key_host:
        alike |= Q(key_host=one.key_host)
    others = _keyed(Organisation.objects.filter(status__in=LIVE)).filter(alike)
    return others.exclude(pk=one.pk).order_by("name_en", "name_zh", "pk")


def with_likeness() -> QuerySet[Organisation]:
    """Return every entry that looks like another one; asked once for the whole list."""
    live = _keyed(Organisation.objects.filter(status__in=LIVE))
    alike = Q(pk__in=())
    for key in KEYS:
        known = live.exclude(**{key: None})
        # Names are compared whatever the country, a number only within one.
        within = ("country",) if key == "key_number" else ()
        twin = known.filter(
            **{key: OuterRef(key)}, **{one: OuterRef(one) for one in within}
        ).exclude(pk=OuterRef("pk"))
        alike |= Q(pk__in=known.filter(Exists(twin)).values("pk"))
    return Organisation.objects.filter(alike)


def _keyed(rows: QuerySet[Organisation]) -> QuerySet[Any]:
    host = Func(
        Lower("website"),
        Value(HOST),
        Value(r"\1"),
        function="regexp_replace",
        output_field=CharField(),
    )
    return rows.annotate(
        key_number=NumberKey("registration_number"),
        key_en=NameKey("name_en"),
        key_zh=NameKey("name_zh"),
        key_host=NullIf(host, Value("")),
    )
