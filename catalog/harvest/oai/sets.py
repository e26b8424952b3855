"""Sets: technologies of a field, of a sub-category in it, and of the country of the holder."""

from collections.abc import Iterator

from django.db.models import Q

from catalog.harvest.oai import errors
from catalog.models import Technology
from catalog.vocabulary import Reference
from reference.names import FALLBACK

FIELD, COUNTRY = "field", "country"


def of(technology: Technology) -> list[str]:
    """Return the sets a technology is in; it stays in them when it is gone."""
    subcategory = technology.subcategory
    return [
        f"{FIELD}:{subcategory.field_id}",
        f"{FIELD}:{subcategory.field_id}:{subcategory.pk}",
        f"{COUNTRY}:{technology.country_id}",
    ]


def condition(name: str, reference: Reference) -> Q:
    """Return which changes are of technologies of a set; of one nobody knows, none are.

    A field is asked for by its sub-categories: of those the planner knows how many there are.
    """
    kind, *codes = name.split(":")
    if kind == FIELD and len(codes) < 3:
        return Q(technology__subcategory__in=_subcategories(codes, reference)) if codes else Q()
    if kind == COUNTRY and len(codes) < 2:
        return Q(technology__country__in=codes) if codes else Q()
    raise errors.ProtocolError("noRecordsMatch", "There is no such set here.")


def _subcategories(codes: list[str], reference: Reference) -> list[str]:
    field, *wanted = codes
    within = [code for code, of_field in reference.field_of.items() if of_field == field]
    return sorted(set(within).intersection(wanted or within))


def every(reference: Reference) -> Iterator[tuple[str, str]]:
    """Yield each set with its name, those above before those below."""
    yield FIELD, "By field and sub-category"
    for field, names in sorted(reference.fields.items()):
        yield f"{FIELD}:{field}", names[FALLBACK]
        for code, of_field in sorted(reference.field_of.items()):
            if of_field == field:
                yield f"{FIELD}:{field}:{code}", reference.subcategories[code][FALLBACK]
    yield COUNTRY, "By country or region of the holder"
    for country, names in sorted(reference.countries.items()):
        yield f"{COUNTRY}:{country}", names[FALLBACK]
