"""Where to begin: every field and sub-category, country, corridor, activity and earlier list."""

from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _

from catalog import labels
from catalog.browsing.held import Held
from catalog.models import TechnologyQuerySet
from catalog.overviews import links
from catalog.overviews.among import Among, all_listed
from catalog.vocabulary import Vocabulary
from reference.names import in_language

Context = dict[str, Any]

MOST = 60  # activities and earlier lists, the newest first


def page(rows: TechnologyQuerySet, held: Held, names: Vocabulary) -> Context:
    """Return all overviews with their numbers; two queries."""
    listed = all_listed(held)
    return {
        "fields": [_field(code, listed, names) for code in names.field],
        "groups": [
            _countries(
                _("Countries and regions with a reference case"), "case_country", listed, names
            ),
            _countries(labels.label(labels.FACETS, "country"), "country", listed, names),
            _corridors(listed, names),
            _activities(rows),
            _earlier(rows),
        ],
    }


def _field(code: str, listed: Among, names: Vocabulary) -> Context:
    return {
        "label": names.field[code],
        "url": links.page_of("field", code),
        "count": listed.count("field", code),
        "options": [
            {
                "label": names.subcategory[one],
                "url": links.page_of("subcategory", one),
                "count": listed.count("subcategory", one),
            }
            for one, field in names.reference.field_of.items()
            if field == code
        ],
    }


def _countries(title: str, facet: str, listed: Among, names: Vocabulary) -> Context:
    counts = listed.counts(facet)
    options = [
        {
            "label": names.country.get(code, code),
            "url": links.page_of("country", code),
            "count": counts[code],
        }
        for code in counts
    ]
    return {"title": title, "options": sorted(options, key=lambda one: one["label"])}


def _corridors(listed: Among, names: Vocabulary) -> Context:
    return {
        "title": labels.label(labels.FACETS, "corridor"),
        "options": [
            {
                "label": name,
                "url": links.page_of("corridor", code),
                "count": listed.count("corridor", code),
            }
            for code, name in names.corridor.items()
        ],
    }


def _activities(rows: TechnologyQuerySet) -> Context:
    of = "case__declaration__activity"
    told = (
        rows.listed()
        .filter(case__isnull=False)
        .order_by()
        .values(f"{of}__code", f"{of}__titles", f"{of}__opens_at")
        .annotate(number=Count("pk"))
        .order_by(f"-{of}__opens_at", f"{of}__code")
    )
    return {
        "title": _("Collection activities"),
        "options": [
            {
                "label": in_language(one[f"{of}__titles"]),
                "url": links.activity(one[f"{of}__code"]),
                "count": one["number"],
            }
            for one in told[:MOST]
        ],
    }


def _earlier(rows: TechnologyQuerySet) -> Context:
    of = "earlier__earlier_list"
    told = (
        rows.listed()
        .filter(earlier__isnull=False)
        .order_by()
        .values(f"{of}__code", f"{of}__title_en", f"{of}__title_zh", f"{of}__year")
        .annotate(number=Count("pk"))
        .order_by(f"-{of}__year", f"{of}__code")
    )
    return {
        "title": _("Earlier lists"),
        "options": [
            {
                "label": in_language(_titles(one[f"{of}__title_en"], one[f"{of}__title_zh"])),
                "url": links.earlier_list(one[f"{of}__code"]),
                "count": one["number"],
            }
            for one in told[:MOST]
        ],
    }


def _titles(english: str, chinese: str) -> dict[str, str]:
    return {code: text for code, text in (("en", english), ("zh-hans", chinese)) if text}
