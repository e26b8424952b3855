"""Names of the codes a record holds, read once for each edition of the reference."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache

from django.utils.translation import get_language

from catalog import labels
from reference.models import (
    Corridor,
    CorridorMembership,
    Country,
    Field,
    Indicator,
    Subcategory,
    Term,
    Unit,
)
from reference.models import Vocabulary as Terms
from reference.names import in_language
from reference.units import printed

Names = dict[str, dict[str, str]]  # by code, then by language

# Every corridor begins in China; a plant there says nothing about any of them. The wide lists
# count whole continents to a corridor.
EVERYWHERE = "CN"
LISTS = (CorridorMembership.List.NARROW, CorridorMembership.List.SOURCED)


@dataclass(frozen=True, slots=True)
class Reference:
    """The reference in all languages."""

    fields: Names
    subcategories: Names
    field_of: dict[str, str]  # of a sub-category
    countries: Names
    corridors: Names
    corridors_of: dict[str, list[str]]  # of a country
    terms: dict[str, Names]
    units: dict[str, tuple[str, dict[str, str]]]  # symbol and names
    indicators: Names


def read() -> Reference:
    """Read the reference as it stands; eight queries."""
    subcategories = list(Subcategory.objects.values_list("code", "names", "field_id"))
    terms: dict[str, Names] = {}
    for vocabulary, code, names in Term.objects.values_list("vocabulary", "code", "names"):
        terms.setdefault(vocabulary, {})[code] = names
    return Reference(
        fields=dict(Field.objects.values_list("code", "names")),
        subcategories={code: names for code, names, _field in subcategories},
        field_of={code: field for code, _names, field in subcategories},
        countries=dict(Country.objects.values_list("code", "names")),
        corridors=dict(Corridor.objects.values_list("code", "names")),
        corridors_of=_memberships(),
        terms=terms,
        units={
            code: (symbol, names)
            for code, symbol, names in Unit.objects.values_list("code", "symbol", "names")
        },
        indicators=dict(Indicator.objects.values_list("code", "names")),
    )


def _memberships() -> dict[str, list[str]]:
    rows = CorridorMembership.objects.filter(list__in=LISTS).exclude(country=EVERYWHERE)
    found: dict[str, list[str]] = {}
    pairs = rows.order_by("country", "corridor").distinct()
    for country, corridor in pairs.values_list("country", "corridor"):
        found.setdefault(country, []).append(corridor)
    return found


@lru_cache(maxsize=2)
def reference_at(_edition: int) -> Reference:
    return read()


class Vocabulary:
    """The reference as code and name, in the language of who asks first."""

    def __init__(self, reference: Reference | None = None) -> None:
        self.reference = reference or read()

    @cached_property
    def field(self) -> dict[str, str]:
        return _told(self.reference.fields)

    @cached_property
    def subcategory(self) -> dict[str, str]:
        return _told(self.reference.subcategories)

    @cached_property
    def country(self) -> dict[str, str]:
        return _told(self.reference.countries)

    @property
    def case_country(self) -> dict[str, str]:
        return self.country

    @cached_property
    def corridor(self) -> dict[str, str]:
        return _told(self.reference.corridors)

    @property
    def evidence(self) -> dict[str, str]:
        return {code: str(label) for code, label in labels.EVIDENCE.items()}

    @cached_property
    def unit(self) -> dict[str, str]:
        units = self.reference.units.items()
        return {code: printed(code, symbol, names) for code, (symbol, names) in units}

    @cached_property
    def indicator(self) -> dict[str, str]:
        return _told(self.reference.indicators)

    def terms(self, vocabulary: str) -> dict[str, str]:
        return self._terms.get(vocabulary, {})

    @cached_property
    def _terms(self) -> dict[str, dict[str, str]]:
        return {name: _told(terms) for name, terms in self.reference.terms.items()}

    def of(self, facet: str) -> dict[str, str]:
        """Return the codes a facet knows, with their names; of a year, none: any may be asked."""
        if facet in TERMS:
            return self.terms(TERMS[facet])
        known: dict[str, str] = getattr(self, facet, {})
        return known


TERMS = {
    "pollutant": Terms.POLLUTANT,
    "matrix": Terms.MATRIX,
    "form": Terms.FORM,
    "maturity": Terms.MATURITY,
    "cooperation": Terms.COOPERATION,
}


def names_at(edition: int) -> Vocabulary:
    """Return the names of an edition in the language of the reader, kept from one to the next."""
    return _names_at(edition, get_language())


@lru_cache(maxsize=8)
def _names_at(edition: int, _language: str | None) -> Vocabulary:
    return Vocabulary(reference_at(edition))


def forget() -> None:
    """Keep nothing: for tests, whose editions are rolled back."""
    reference_at.cache_clear()
    _names_at.cache_clear()


def all_names(names: Names, codes: Iterable[str]) -> list[str]:
    """Return what these codes are called, in every language."""
    return [name for code in codes for name in names.get(code, {}).values()]


def _told(names: Names) -> dict[str, str]:
    return {code: in_language(one) for code, one in names.items()}
