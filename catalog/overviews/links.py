"""Where a code, a holder or a list has its page, and the list narrowed to it."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from catalog.browsing.addresses import address
from catalog.browsing.finding import Wanted
from catalog.models import Technology

PAGES = {
    "field": "catalog:by-field",
    "subcategory": "catalog:by-subcategory",
    "country": "catalog:by-country",
    "case_country": "catalog:by-country",
    "corridor": "catalog:by-corridor",
}


def page_of(facet: str, code: str) -> str:
    """Return the page of a code; "" where codes of this facet have none."""
    return reverse(PAGES[facet], args=[code]) if facet in PAGES else ""


def list_of(**chosen: str) -> str:
    """Return the list of technologies narrowed to these codes, by facet."""
    wanted = Wanted(chosen={facet: [code] for facet, code in chosen.items()})
    return f"{reverse('catalog:technology-list')}{address(wanted)}"


def holder(pk: Any) -> str:
    return reverse("catalog:by-holder", args=[pk])


def of_technology(one: Technology) -> list[dict[str, str]]:
    """Return the pages a listed technology stands on, as links for its own page."""
    record = one.content
    found = [
        (_("All of this holder"), holder(one.holder_id)),
        (_("This sub-category"), page_of("subcategory", one.subcategory_id)),
        (_("The country or region of the holder"), page_of("country", one.country_id)),
    ]
    if "earlier" in record:
        found.append((_("This earlier list"), earlier_list(record["earlier"]["list"])))
    else:
        found.append((_("This collection activity"), activity(record["activity"]["code"])))
    return [{"label": label, "url": url} for label, url in found]


def activity(code: str) -> str:
    return reverse("catalog:by-activity", args=[code])


def earlier_list(code: str) -> str:
    return reverse("catalog:by-earlier-list", args=[code])
