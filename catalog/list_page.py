"""What the page of the list prints: rows, facets, filters that are on, ways to go on."""

import re
from typing import Any

from django.urls import reverse

from catalog import highlight, labels
from catalog.browsing import FACETS, Found, Wanted
from catalog.forms import ORDERS, BrowseForm, address
from catalog.models import Technology
from catalog.naming import holder_name, preferred, title_of
from catalog.record import was_earlier
from catalog.vocabulary import Vocabulary

SHOWN = 8  # options of a facet; the others unfold

Context = dict[str, Any]


def list_page(found: Found, wanted: Wanted, form: BrowseForm, vocabulary: Vocabulary) -> Context:
    marks = highlight.pattern(wanted.text) if wanted.text else None
    return {
        "form": form,
        "notices": form.notices(),
        "rows": [_row(one, marks, vocabulary) for one in found.rows],
        "total": found.total,
        "facets": [_facet(name, found, wanted, vocabulary) for name in FACETS],
        "active": _active(wanted, vocabulary),
        "clear_url": address(wanted, chosen={}),
        "all_url": reverse("catalog:technology-list"),
        "orders": _orders(wanted),
        "next_url": address(wanted, after=found.next) if found.next else "",
        "previous_url": address(wanted, before=found.previous) if found.previous else "",
        "searching": bool(wanted.text),
    }


def _row(one: Technology, marks: re.Pattern[str] | None, names: Vocabulary) -> Context:
    language, texts = preferred(one.content.get("texts", {}), one.language)
    title_language, title = title_of(one)
    return {
        "url": reverse("catalog:technology-detail", args=[one.pk]),
        "title": highlight.mark(title, marks),
        "title_lang": title_language,
        "summary": highlight.snippet(texts.get("summary", ""), marks),
        "summary_lang": language,
        "number": one.number,
        "holder": holder_name(one.content.get("holder", {})),
        "country": names.country.get(one.country_id, one.country_id),
        "subcategory": names.subcategory.get(one.subcategory_id, one.subcategory_id),
        "maturity": names.maturity.get(one.maturity, one.maturity),
        "earlier": labels.EARLIER if was_earlier(one.content) else "",
        "evidence": labels.label(labels.EVIDENCE, one.evidence_grade),
        "evidence_tone": labels.EVIDENCE_TONES.get(one.evidence_grade, "neutral"),
    }


def _facet(name: str, found: Found, wanted: Wanted, names: Vocabulary) -> Context:
    counts, chosen = found.counts.get(name, {}), wanted.chosen.get(name, [])
    known = names.of(name)
    options: list[Context] = [
        {
            "code": code,
            "label": known.get(code, code),
            "count": counts.get(code, 0),
            "selected": code in chosen,
            "url": address(wanted, chosen={**wanted.chosen, name: _toggled(chosen, code)}),
        }
        for code in {*counts, *chosen}
        if code
    ]
    options.sort(key=lambda one: (not one["selected"], -one["count"], one["label"]))
    without = {key: codes for key, codes in wanted.chosen.items() if key != name}
    return {
        "name": name,
        "title": labels.label(labels.FACETS, name),
        "options": options[:SHOWN],
        "more": options[SHOWN:],
        "clear_url": address(wanted, chosen=without) if chosen else "",
    }


def _toggled(chosen: list[str], code: str) -> list[str]:
    return [one for one in chosen if one != code] if code in chosen else [*chosen, code]


def _active(wanted: Wanted, names: Vocabulary) -> list[Context]:
    """Name each filter that is on, with the address of the list without it."""
    return [
        {
            "label": f"{labels.label(labels.FACETS, name)}: {names.of(name).get(code, code)}",
            "url": address(wanted, chosen={**wanted.chosen, name: _toggled(codes, code)}),
            "icon": "x-lg",
        }
        for name, codes in wanted.chosen.items()
        for code in codes
    ]


def _orders(wanted: Wanted) -> list[Context]:
    if not wanted.text:
        return []
    return [
        {"label": label, "url": address(wanted, sort=order), "current": order == wanted.order}
        for order, label in ORDERS.items()
    ]
