"""What the page of the list prints: rows, facets, figures, filters that are on, ways to go on."""

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog import attesting, highlight, labels
from catalog.browsing import figures
from catalog.browsing.addresses import address, toggles
from catalog.browsing.finding import Found, Wanted
from catalog.browsing.forms import ORDERS, BrowseForm
from catalog.browsing.instead import Instead
from catalog.browsing.ordering import RELEVANCE
from catalog.browsing.traits import FACETS
from catalog.models import Technology
from catalog.naming import holder_name, preferred, title_of
from catalog.record import was_earlier
from catalog.vocabulary import Vocabulary

SHOWN = 6  # options of a facet; the others unfold
UNFOLDED = 24  # of them at most; who looks for a rarer one narrows the list first

Context = dict[str, Any]


def list_page(found: Found, wanted: Wanted, form: BrowseForm, vocabulary: Vocabulary) -> Context:
    return {
        "form": form,
        "notices": form.notices(),
        "rows": rows(found.rows, wanted, form, vocabulary),
        "total": found.total,
        "unfiltered": found.unfiltered if wanted.narrowed else None,
        "unfiltered_url": address(wanted, chosen={}, ranges=()),
        "facets": _facets(found, wanted, vocabulary),
        "figures": figures.section(found, wanted, form),
        "active": active(wanted, form, vocabulary),
        "save_url": f"{reverse('catalog:save-search')}{address(wanted)}",
        "clear_url": address(wanted, chosen={}, ranges=()),
        "all_url": reverse("catalog:technology-list"),
        "orders": _orders(wanted, form),
        "next_url": address(wanted, after=found.next) if found.next else "",
        "previous_url": address(wanted, before=found.previous) if found.previous else "",
        "searching": bool(wanted.text),
        "office_mail": settings.OFFICE_MAIL,
    }


def rows(
    shown: Iterable[Technology], wanted: Wanted, form: BrowseForm, vocabulary: Vocabulary
) -> list[Context]:
    """Return technologies as a list prints them, with what was looked for marked."""
    marks = highlight.pattern(wanted.text) if wanted.text else None
    return [_row(one, marks, vocabulary, wanted, form) for one in shown]


def instead(found: Instead, names: Vocabulary) -> Context:
    """Return what to offer a reader whose words found nothing."""
    return {
        "text": found.text,
        "url": f"?{urlencode({'q': found.text})}",
        "subcategories": [
            {
                "label": names.subcategory.get(code, code),
                "url": f"?{urlencode({'subcategory': code})}",
            }
            for code in found.subcategories
        ],
    }


def _row(
    one: Technology,
    marks: re.Pattern[str] | None,
    names: Vocabulary,
    wanted: Wanted,
    form: BrowseForm,
) -> Context:
    language, texts = preferred(one.content.get("texts", {}), one.language)
    title_language, title = title_of(one)
    maturity = names.of("maturity")
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
        "maturity": maturity.get(one.maturity, one.maturity),
        "earlier": labels.EARLIER if was_earlier(one.content) else "",
        "evidence": labels.label(labels.EVIDENCE, one.evidence_grade),
        "evidence_tone": labels.EVIDENCE_TONES.get(one.evidence_grade, "neutral"),
        "stale": attesting.not_confirmed_since(one, timezone.localdate()),
        "figures": figures.of_row(one.content, wanted, form),
    }


def _facets(found: Found, wanted: Wanted, names: Vocabulary) -> list[Context]:
    """Return the facets in their order; sub-categories stand below their field, once it is open."""
    facets = {name: _facet(name, found, wanted, names) for name in FACETS}
    below = facets.pop("subcategory")
    fields = [*facets["field"]["options"], *facets["field"]["more"]]
    for field in fields:
        children = [
            one
            for one in (*below["options"], *below["more"])
            if names.reference.field_of.get(one["code"]) == field["code"]
        ]
        is_open = field["selected"] or len(fields) == 1
        if is_open or any(one["selected"] for one in children):
            field["children"] = children
    return list(facets.values())


def _facet(name: str, found: Found, wanted: Wanted, names: Vocabulary) -> Context:
    counts, chosen = found.counts.get(name, {}), wanted.chosen.get(name, [])
    known, toggled = names.of(name), toggles(wanted, name)
    options: list[Context] = [
        {
            "code": code,
            "label": known.get(code, code),
            "count": counts.get(code, 0),
            "selected": code in chosen,
            "url": "",
        }
        for code in _offered(name, counts, wanted, names)
    ]
    options.sort(key=_by_year if name == "year" else _by_count)
    del options[SHOWN + UNFOLDED :]
    for option in options:
        option["url"] = toggled(option["code"])
    without = {key: codes for key, codes in wanted.chosen.items() if key != name}
    return {
        "name": name,
        "title": labels.label(labels.FACETS, name),
        "options": options[:SHOWN],
        "more": options[SHOWN:],
        "clear_url": address(wanted, chosen=without) if chosen else "",
    }


def _offered(name: str, counts: dict[str, int], wanted: Wanted, names: Vocabulary) -> set[str]:
    """Return the codes to show: those that would leave something, and those that are chosen.

    Of sub-categories, where fields are chosen, those of these fields.
    """
    codes = {*counts, *wanted.chosen.get(name, [])}
    fields = wanted.chosen.get("field")
    if name == "subcategory" and fields:
        codes = {code for code in codes if names.reference.field_of.get(code) in fields}
        codes |= set(wanted.chosen.get(name, []))
    return codes - {""}


def _by_count(one: Context) -> Any:
    return not one["selected"], -one["count"], one["label"]


def _by_year(one: Context) -> Any:
    return not one["selected"], -int(one["code"])


def active(wanted: Wanted, form: BrowseForm, names: Vocabulary) -> list[Context]:
    """Name each filter that is on, with the address of the list without it."""
    return [*_chosen(wanted, names), *figures.active(wanted, form)]


def _chosen(wanted: Wanted, names: Vocabulary) -> list[Context]:
    return [
        {
            "label": _("%(facet)s: %(choice)s")
            % {
                "facet": labels.label(labels.FACETS, name),
                "choice": names.of(name).get(code, code),
            },
            "url": toggles(wanted, name)(code),
            "icon": "x-lg",
        }
        for name, codes in wanted.chosen.items()
        for code in codes
    ]


def _orders(wanted: Wanted, form: BrowseForm) -> list[Context]:
    """Return the orders a reader may choose; alone, the newest first needs no choice."""
    offered = {
        order: str(label) for order, label in ORDERS.items() if order != RELEVANCE or wanted.text
    }
    if wanted.order not in offered:
        offered[wanted.order] = figures.order_name(wanted.order, form)
    if len(offered) == 1:
        return []
    return [
        {"label": label, "url": address(wanted, order=order), "current": order == wanted.order}
        for order, label in offered.items()
    ]
