"""What the pages tell search engines, in the words of schema.org.

The page of a technology is an ``ItemPage`` about a ``Dataset``: its public record, which is
structured and can be fetched. A ``Product`` would be an offer of the pool, and a technology that
is listed is neither offered nor rated by it.
"""

import json
from typing import Any

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from catalog.harvest import about
from catalog.harvest.oai.dublin_core import case_countries, keywords
from catalog.models import Technology
from catalog.naming import holder_name, preferred, safe_link, title_of
from catalog.vocabulary import Vocabulary
from reference.names import in_language

SHORTEST, LONGEST = 50, 5000  # characters of a description that search engines take
_UNSAFE = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}

Thing = dict[str, Any]


def block(told: Thing) -> SafeString:
    """Return the data as an element of the page. A browser runs nothing of this type."""
    text = json.dumps(told, ensure_ascii=False).translate(_UNSAFE)
    safe = mark_safe(text)  # noqa: S308 -- every sign that could end the element is escaped
    return format_html('<script type="application/ld+json">{}</script>', safe)


def of_technology(one: Technology, names: Vocabulary) -> Thing:
    language = get_language() or "en"
    page = about.page_of(one.pk, language)
    dataset = _dataset(one, names)
    return {
        "@context": "https://schema.org",
        "@type": "ItemPage",
        "@id": page,
        "url": page,
        "name": dataset["name"],
        "inLanguage": about.tag(language),
        "isPartOf": {"@type": "WebSite", "name": _pool(), "url": f"{about.origin()}/"},
        "mainEntity": dataset,
    }


def of_catalogue() -> Thing:
    return {
        "@context": "https://schema.org",
        **_data_catalogue(),
        "description": in_language(about.ABOUT),
        "publisher": _publisher(),
        **_terms(),
    }


def _dataset(one: Technology, names: Vocabulary) -> Thing:
    record = one.content
    language, texts = preferred(record["texts"], one.language)
    title = title_of(one)[1]
    made = {
        "@type": "Dataset",
        "@id": about.item_of(one.pk),
        "url": about.page_of(one.pk, get_language() or "en"),
        "identifier": one.number,
        "name": title,
        "alternateName": [text for text in record["titles"].values() if text != title],
        "description": _description(texts.get("summary") or title),
        "inLanguage": about.tag(language),
        "keywords": [names.subcategory.get(one.subcategory_id, ""), *keywords(texts)],
        "datePublished": record["listed_on"],
        "dateModified": timezone.localdate(one.changed_at).isoformat(),
        "expires": record["valid_until"],
        "creator": _holder(record["holder"]),
        "publisher": _publisher(),
        "isAccessibleForFree": True,
        "includedInDataCatalog": _data_catalogue(),
        "spatialCoverage": [_place(code, names) for code in case_countries(record)],
        "variableMeasured": [_measured(row, names) for row in record.get("indicators", [])],
        "distribution": [
            {
                "@type": "DataDownload",
                "encodingFormat": "application/json",
                "contentUrl": about.record_of(one.pk),
            }
        ],
        **_terms(),
    }
    return _filled(made)


def _description(text: str) -> str:
    if len(text) < SHORTEST:
        text = f"{text} {in_language(about.ABOUT)}"
    return text[:LONGEST]


def _measured(row: Thing, names: Vocabulary) -> Thing:
    code = row.get("indicator", "")
    return _filled(
        {
            "@type": "PropertyValue",
            "name": row.get("name") or names.indicator.get(code, code),
            "value": row.get("typical") or row.get("as_stated"),
            "minValue": row.get("minimum"),
            "maxValue": row.get("maximum"),
            "unitText": names.unit.get(row.get("unit", ""), "") or row.get("unit_other"),
            "description": row.get("condition"),
        }
    )


def _holder(holder: Thing) -> Thing:
    country = holder.get("country")
    return _filled(
        {
            "@type": "Organization",
            "name": holder_name(holder),
            "url": safe_link(holder.get("website") or ""),
            "address": country and {"@type": "PostalAddress", "addressCountry": country},
        }
    )


def _place(code: str, names: Vocabulary) -> Thing:
    address = {"@type": "PostalAddress", "addressCountry": code}
    return {"@type": "Place", "name": names.country.get(code, code), "address": address}


def _publisher() -> Thing:
    return {
        "@type": "GovernmentOrganization",
        "name": in_language(about.PUBLISHERS),
        "url": f"{about.origin()}/",
    }


def _data_catalogue() -> Thing:
    language = get_language() or "en"
    url = about.address("catalog:technology-list", language=language)
    return {"@type": "DataCatalog", "name": _pool(), "url": url}


def _terms() -> Thing:
    if about.terms_are_an_address():
        return {"license": about.terms()}
    return {"conditionsOfAccess": about.terms()}


def _pool() -> str:
    return in_language(about.NAMES)


def _filled(told: Thing) -> Thing:
    return {key: value for key, value in told.items() if value not in (None, "", [], {})}
