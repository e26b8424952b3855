"""Pages of the codes of the reference: a field, a sub-category, a country, a corridor."""

from typing import Any

from django.utils.translation import gettext_lazy

from catalog import labels
from catalog.browsing.held import Held
from catalog.models import TechnologyQuerySet
from catalog.overviews import corridors, links, parts
from catalog.overviews.among import all_listed
from catalog.vocabulary import Vocabulary

Context = dict[str, Any]

KICKERS: labels.Labels = {
    "field": gettext_lazy("Field of technology"),
    "subcategory": gettext_lazy("Sub-category"),
    "country": gettext_lazy("Country or region"),
    "corridor": gettext_lazy("Economic corridor"),
}
HEADINGS: labels.Labels = {
    "field": gettext_lazy("Listed in this field"),
    "subcategory": gettext_lazy("Listed in this sub-category"),
    "country": gettext_lazy("Held here"),
    "case_country": gettext_lazy("With a reference case here"),
    "corridor": gettext_lazy("With a reference case in this corridor"),
}
GROUPS = {
    "field": ("country", "case_country", "maturity"),
    "subcategory": ("pollutant", "country", "case_country"),
    "corridor": ("case_country", "field", "subcategory"),
}


def page(
    facet: str, code: str, rows: TechnologyQuerySet, held: Held, names: Vocabulary
) -> Context | None:
    """Return the page of a code; None when the facet has no such code."""
    name = names.of(facet).get(code)
    if name is None:
        return None
    context: Context = {"title": name, "kicker": labels.label(KICKERS, facet), "facet": facet}
    if facet == "country":
        made = _of_country(code, held, names)
        context |= corridors.of_country(code, names)
    else:
        among = all_listed(held).bearing(facet, code)
        made = [parts.part(str(HEADINGS[facet]), among, {facet: code}, GROUPS[facet], names)]
    if facet == "field":
        context["subcategories"] = _subcategories(code, held, names)
    if facet == "subcategory":
        field = names.reference.field_of[code]
        context["above"] = {
            "label": names.field.get(field, field),
            "url": links.page_of("field", field),
        }
    if facet == "corridor":
        context |= corridors.of_corridor(code, all_listed(held), names)
    return {**context, "parts": parts.filled(made, rows, names)}


def _of_country(code: str, held: Held, names: Vocabulary) -> list[Context]:
    """Return what its holders have in the pool, and what was applied there: two different sets."""
    listed = all_listed(held)
    return [
        parts.part(
            str(HEADINGS["case_country"]),
            listed.bearing("case_country", code),
            {"case_country": code},
            ("field", "subcategory", "country"),
            names,
        ),
        parts.part(
            str(HEADINGS["country"]),
            listed.bearing("country", code),
            {"country": code},
            ("field", "subcategory", "case_country"),
            names,
        ),
    ]


def _subcategories(field: str, held: Held, names: Vocabulary) -> Context:
    """Return every sub-category of a field, in the order of the reference, those unused too."""
    listed = all_listed(held)
    return {
        "title": labels.label(labels.FACETS, "subcategory"),
        "options": [
            {
                "label": names.subcategory[code],
                "count": listed.count("subcategory", code),
                "url": links.page_of("subcategory", code),
            }
            for code, of in names.reference.field_of.items()
            if of == field
        ],
    }
