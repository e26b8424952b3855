"""A criteria set as its readers see it: names in their language, fields by their names."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from evaluation.criteria.documents import Document
from evaluation.criteria.evidence import evidence_choices
from reference.models import Field
from reference.names import in_language, language_told


def readable(dimensions: Iterable[Document]) -> list[dict[str, Any]]:
    """Return the dimensions with their indicators for a page; two queries."""
    sections = dict(evidence_choices())
    fields = {one.code: one.name for one in Field.objects.all()}
    return [
        {
            "code": dimension["code"],
            "name": in_language(dimension["names"]),
            "lang": language_told(dimension["names"]),
            "weight": dimension["weight"],
            "minimum": dimension.get("minimum", ""),
            "indicators": [_indicator(one, fields, sections) for one in dimension["indicators"]],
        }
        for dimension in dimensions
    ]


def _indicator(
    indicator: Document, fields: dict[str, str], sections: dict[str, str]
) -> dict[str, Any]:
    named = [fields.get(code, code) for code in indicator.get("fields", [])]
    return {
        "name": in_language(indicator["names"]),
        "lang": language_told(indicator["names"]),
        "weight": indicator["weight"],
        "fields": _(", ").join(named),
        "evidence": _(", ").join(sections.get(key, key) for key in indicator["evidence"]),
        "veto_below": indicator.get("veto_below", ""),
        "not_applicable": indicator.get("not_applicable", False),
        "bands": [
            {
                "limits": f"{band['from']}–{band['to']}",
                "text": in_language(band["texts"]),
                "lang": language_told(band["texts"]),
            }
            for band in indicator["bands"]
        ],
    }
