"""Technologies that share something with one, and what: those that share most come first.

Whoever shares a trait is a set of bits in the index of the process (``catalog.browsing.held``), so
all of the catalogue is looked at, and a large one costs hardly more than a small one.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db.models.fields.json import KeyTransform
from django.urls import reverse
from django.utils.translation import gettext as _
from pyroaring import BitMap

from catalog.browsing.finding import in_order
from catalog.browsing.held import Held
from catalog.models import Technology
from catalog.naming import title_of
from catalog.vocabulary import Vocabulary
from reference.vocabularies import Vocabulary as Terms

MOST = 6
OF_HOLDER = 500  # the newest of its listings
NAMED = 3  # of a kind of reason


@dataclass(frozen=True, slots=True)
class Related:
    url: str
    number: str
    title: str
    title_lang: str
    reasons: tuple[str, ...]


def to(one: Technology, names: Vocabulary, held: Held) -> list[Related]:
    """Return at most six listed technologies that share the most with this one; two queries."""
    nearest = list(islice(_nearest(_sharing(one, held), but=one.place), MOST))
    rows = Technology.objects.annotate(pollutants=KeyTransform("pollutants", "content"))
    found = in_order(rows.defer("content"), nearest)
    return [_related(one, other, names) for other in found]


def _sharing(one: Technology, held: Held) -> list[BitMap]:
    """Return who shares a trait, for each trait there is."""

    def bearing(facet: str, codes: Iterable[str]) -> BitMap:
        known = held.traits.get(facet, {})
        return BitMap.union(BitMap(), *(known[code] for code in codes if code in known))

    same_holder = Technology.objects.filter(holder=one.holder_id).order_by("-place")
    return [
        bearing("subcategory", [one.subcategory_id]),
        bearing("pollutant", one.content["pollutants"]),
        bearing("case_country", one.case_countries),
        held.listed & BitMap(same_holder.values_list("place", flat=True)[:OF_HOLDER]),
    ]


def _nearest(sharing: list[BitMap], *, but: int) -> Iterator[int]:
    """Yield who shares most, then who shares one trait less; of equals the newest first."""
    at_least = [BitMap() for _sharing in sharing]  # so many traits and one
    for bearing in sharing:
        for more in reversed(range(1, len(sharing))):
            at_least[more] |= at_least[more - 1] & bearing
        at_least[0] |= bearing
    known = BitMap([but])
    for level in reversed(at_least):
        yield from reversed(level - known)
        known |= level


def _related(one: Technology, other: Any, names: Vocabulary) -> Related:
    language, title = title_of(other)
    return Related(
        url=reverse("catalog:technology-detail", args=[other.pk]),
        number=other.number,
        title=title,
        title_lang=language,
        reasons=tuple(_reasons(one, other, names)),
    )


def _reasons(one: Technology, other: Any, names: Vocabulary) -> list[str]:
    reasons = []
    if other.subcategory_id == one.subcategory_id:
        reasons.append(_("same sub-category"))
    both = [code for code in one.content["pollutants"] if code in (other.pollutants or [])]
    if both:
        known = names.terms(Terms.POLLUTANT)
        reasons.append(_("also treats %(names)s") % {"names": _some(both, known)})
    if other.holder_id == one.holder_id:
        reasons.append(_("same holder"))
    both = [code for code in one.case_countries if code in other.case_countries]
    if both:
        named = _some(both, names.country)
        reasons.append(_("also a reference case in %(names)s") % {"names": named})
    return reasons


def _some(codes: list[str], names: dict[str, str]) -> str:
    # Translators: what stands between the words of a list.
    return _(", ").join(names.get(code, code) for code in codes[:NAMED])
