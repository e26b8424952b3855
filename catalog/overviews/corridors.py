"""Which countries public lists count to which corridor: the lists differ, each has its source."""

from typing import Any

from django.utils.translation import gettext as _

from catalog.overviews import links
from catalog.overviews.among import Among
from catalog.vocabulary import EVERYWHERE, Vocabulary
from reference.models import CorridorMembership

Context = dict[str, Any]


def of_country(code: str, names: Vocabulary) -> Context:
    """Return the corridors of a country, and every list that names it; one query."""
    rows = CorridorMembership.objects.filter(country=code)
    told = rows.order_by("corridor__order", "list").values_list("corridor", "list", "source")
    counted = [] if code == EVERYWHERE else names.reference.corridors_of.get(code, [])
    return {
        "corridors": [
            {"label": names.corridor.get(one, one), "url": links.page_of("corridor", one)}
            for one in names.corridor
            if one in counted
        ],
        "everywhere": code == EVERYWHERE,
        "lists": [
            {"name": names.corridor.get(one, one), "list": _label(kind), "source": source}
            for one, kind, source in told
        ],
    }


def of_corridor(code: str, listed: Among, names: Vocabulary) -> Context:
    """Return the countries some list counts to a corridor, with what was applied there."""
    rows = CorridorMembership.objects.filter(corridor=code)
    told = rows.order_by("country__order", "country", "list")
    lists: dict[str, list[str]] = {}
    sources = []
    for country, kind, source in told.values_list("country", "list", "source"):
        lists.setdefault(country, []).append(_label(kind))
        sources.append(
            {"name": names.country.get(country, country), "list": _label(kind), "source": source}
        )
    return {
        "members": {
            "columns": [
                {"label": _("Country or region")},
                {"label": _("According to list")},
                {"label": _("Technologies with a reference case there"), "number": True},
            ],
            "rows": [_member(one, lists[one], code, listed, names) for one in lists],
        },
        "lists": sources,
    }


def _member(
    country: str, lists: list[str], corridor: str, listed: Among, names: Vocabulary
) -> list[Context]:
    """Return the line of a country; no number where a case does not count to the corridor."""
    counts = corridor in names.reference.corridors_of.get(country, [])
    return [
        {"text": names.country.get(country, country), "url": links.page_of("country", country)},
        {"text": _(", ").join(lists)},
        {"text": listed.count("case_country", country) if counts else None},
    ]


def _label(kind: str) -> str:
    return str(CorridorMembership.List(kind).label)
