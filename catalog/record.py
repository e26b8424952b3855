"""The public record of a technology, by an explicit list of what may be in it.

A field is public when the scheme says so *and* it is named here. Whatever else a declaration
carries (contacts, registration numbers, credit statements) and whatever the evaluation knows
(experts, scores) has no way into a record. Pure: documents in, documents out; no floats.
"""

import dataclasses
import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

SCHEMA = "1"
NOTE = "Listing in the pool is not a certification."
NOTICE = (
    "This is a demonstration and not a listing by FECO. "
    "本记录仅供演示，不是生态环境部对外合作与交流中心的入库信息。"
)

Document = dict[str, Any]

TEXTS = (
    "title",
    "summary",
    "principle",
    "route",
    "innovation",
    "applicability",
    "operating_limits",
    "secondary_pollution",
    "maturity_evidence",
    "keywords",
)
TERMS = ("subcategory", "form", "matrix", "maturity")
LISTS = ("pollutants", "cooperation", "target_countries")
NUMBERS = ("first_use_year", "applications_count")
HOLDER = ("name_en", "name_zh", "country", "kind", "website")
# Name in the record: section and field of the declaration, columns of a row.
ROWS = {
    "indicators": (
        "performance.indicators",
        (
            *("indicator", "name", "minimum", "typical", "maximum", "as_stated", "unit"),
            *("unit_other", "condition", "standard", "standard_limit"),
        ),
    ),
    "costs": (
        "economics.costs",
        ("kind", "amount", "as_stated", "currency", "unit", "basis"),
    ),
    "cases": (
        "cases.cases",
        (
            *("name", "owner", "country", "city", "scale", "scale_value", "scale_unit", "year"),
            *("months_stable", "standard"),
        ),
    ),
    "property": ("property.rights", ("kind", "number", "office", "title", "status", "note")),
    "sources": ("evidence.sources", ("title", "url", "programme", "year")),
}
# As ROWS, of later versions of the scheme: in the record where there is something to say.
MORE_ROWS = {
    "limits": (
        "process.limits",
        ("kind", "minimum", "maximum", "as_stated", "unit", "unit_other", "note"),
    ),
    "awards": ("recognition.awards", ("kind", "name", "body", "year")),
}
ECONOMICS = (
    *("scale", "scale_unit", "currency", "price_year", "investment", "unit_investment"),
    *("unit_investment_per", "operating_per", "operating_total", "service_life", "payback"),
    "carbon_effect",
)
# What of the holder's profile: section, and fields or rows with their columns.
PROFILE = {
    "qualifications": ("qualifications.certificates", ("kind", "name")),
    "offices": ("presence.offices", ("kind", "country", "city", "name")),
}
PROFILE_FIELDS = (
    *(("presence", key) for key in ("languages", "countries_served")),
    *(
        ("service", key)
        for key in ("response_hours", "after_sales", "spare_parts", "training", "maintenance")
    ),
)
FIELDS = frozenset(
    {
        *(f"technology.{key}" for key in (*TEXTS, *TERMS, *LISTS, *NUMBERS)),
        *(
            f"{path}.{column}"
            for path, columns in (*ROWS.values(), *MORE_ROWS.values())
            for column in columns
        ),
        *(f"economics.{key}" for key in ECONOMICS),
        "evidence.evidence_grade",
    }
)


@dataclass(frozen=True, slots=True)
class Listing:
    """What the pool itself says about a technology: its number, its state, how long it is valid."""

    id: str
    number: str
    state: str
    field: str  # code of the field its sub-category belongs to
    listed_on: dt.date
    valid_until: dt.date
    demonstration: bool
    # Of what was declared; an entry of an earlier list has none of these.
    activity: str = ""
    activity_titles: Mapping[str, str] = dataclasses.field(default_factory=dict)
    version: int = 0  # of the declaration, the one that was filed and evaluated
    confirmed_on: Mapping[str, dt.date] = dataclasses.field(default_factory=dict)  # by language


def public_record(
    content: Document,
    public: Collection[str],
    listing: Listing,
    *,
    profile: Collection[str] = (),
) -> Document:
    """Return the record of a listed technology from a filed version of its declaration.

    ``public`` holds the fields the scheme marks as public: ``technology.title``, of rows
    ``cases.cases.name``; ``profile`` those of the organisation's profile.
    """
    shown = _Shown(content.get("sections", {}), FIELDS.intersection(public))
    texts = _texts(content, shown)
    return {
        **_head(listing.id, listing.number, listing.state, demonstration=listing.demonstration),
        "titles": {language: text["title"] for language, text in texts.items() if "title" in text},
        "language": content["language"],
        "texts": texts,
        "translations": {
            language: {"of_version": listing.version, "confirmed_on": day.isoformat()}
            for language, day in sorted(listing.confirmed_on.items())
            if language in texts and language != content["language"]
        },
        "field": listing.field,
        **{key: shown.of("technology", key, "") for key in TERMS},
        **{key: shown.of("technology", key, []) for key in LISTS},
        **{key: shown.of("technology", key, None) for key in NUMBERS},
        "holder": _holder(content.get("organisation", {}), profile),
        **{name: shown.rows(*where) for name, where in ROWS.items()},
        **_only_filled({name: shown.rows(*where) for name, where in MORE_ROWS.items()}),
        **_only_filled({"economics": shown.some("economics", ECONOMICS)}),
        "evidence_grade": shown.of("evidence", "evidence_grade", ""),
        "activity": {"code": listing.activity, "titles": dict(listing.activity_titles)},
        "listed_on": listing.listed_on.isoformat(),
        "valid_until": listing.valid_until.isoformat(),
    }


# What an entry of an earlier list may say, and of which list it is.
STATED_TEXTS = ("title", "summary")
STATED_ROWS = {
    "indicators": ("name", "as_stated", "unit_other", "condition"),
    "cases": ("name", "country", "scale", "year"),
    "sources": ("title", "url", "year"),
}
EARLIER = ("list", "titles", "authority", "year", "published_on", "number", "source")


def earlier_record(stated: Document, listing: Listing) -> Document:
    """Return the record of a technology that was evaluated before the portal.

    ``stated``: what its entry says, in the words of the list, with ``earlier``, which list that
    is. It has no activity and no scores; what the list does not state is empty.
    """
    texts = {
        language: _only_filled({key: text.get(key) for key in STATED_TEXTS})
        for language, text in stated["texts"].items()
    }
    holder: Document = {key: stated["holder"].get(key) or "" for key in HOLDER}
    rows = {
        name: [_only_filled({key: row.get(key) for key in columns}) for row in stated[name]]
        for name, columns in STATED_ROWS.items()
    }
    return {
        **_head(listing.id, listing.number, listing.state, demonstration=listing.demonstration),
        "titles": {language: text["title"] for language, text in texts.items() if "title" in text},
        "language": stated["language"],
        "texts": texts,
        "translations": {},
        "field": listing.field,
        **{key: stated.get(key) or "" for key in TERMS},
        **{key: [] for key in LISTS},
        **dict.fromkeys(NUMBERS),
        "holder": holder,
        **{name: rows.get(name, []) for name in ROWS},
        "evidence_grade": stated.get("evidence_grade") or "",
        "earlier": _only_filled({key: stated["earlier"].get(key) for key in EARLIER}),
        "listed_on": listing.listed_on.isoformat(),
        "valid_until": listing.valid_until.isoformat(),
    }


def was_earlier(record: Document) -> bool:
    """Say whether a full record is that of a technology evaluated before the portal."""
    return "earlier" in record


def state_record(record: Document, state: str, since: dt.date) -> Document:
    """Return what remains public of a suspended or expired technology: that it is, and its name."""
    return {
        **_head(record["id"], record["number"], state, demonstration=record["demonstration"]),
        "titles": record.get("titles", {}),
        "language": record.get("language", ""),
        f"{state}_on": since.isoformat(),
    }


def tombstone(record: Document, state: str, at: dt.datetime) -> Document:
    """Return what remains of a withdrawn or revoked technology: its number, and since when."""
    return {
        **_head(record["id"], record["number"], state, demonstration=record["demonstration"]),
        f"{state}_at": at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
    }


def _head(pk: str, number: str, state: str, *, demonstration: bool) -> Document:
    head: Document = {
        "schema": SCHEMA,
        "id": pk,
        "number": number,
        "state": state,
        "demonstration": demonstration,
        "note": NOTE,
    }
    return {**head, "notice": NOTICE} if demonstration else head


@dataclass(frozen=True, slots=True)
class _Shown:
    """The sections of a declaration, seen through the list of what may be shown."""

    sections: Document
    fields: frozenset[str]

    def of(self, section: str, key: str, empty: Any) -> Any:
        value = self.sections.get(section, {}).get(key)
        return value if f"{section}.{key}" in self.fields and value else empty

    def some(self, section: str, keys: tuple[str, ...]) -> Document:
        """Return those of the fields that say something."""
        return _only_filled({key: self.of(section, key, None) for key in keys})

    def rows(self, path: str, columns: tuple[str, ...]) -> list[Document]:
        section, key = path.split(".")
        public = [name for name in columns if f"{path}.{name}" in self.fields]
        found = self.sections.get(section, {}).get(key) or []
        rows = [{name: row[name] for name in public if _filled(row.get(name))} for row in found]
        return [row for row in rows if row]


def _holder(organisation: Document, public: Collection[str]) -> Document:
    """Return who holds it, with what is public of the profile that was filed."""
    holder: Document = {key: organisation.get(key) or "" for key in HOLDER}
    allowed = {
        *(f"{section}.{key}" for section, key in PROFILE_FIELDS),
        *(f"{path}.{column}" for path, columns in PROFILE.values() for column in columns),
    }
    sections = organisation.get("profile", {}).get("sections", {})
    shown = _Shown(sections, frozenset(allowed.intersection(public)))
    told = {name: shown.rows(*where) for name, where in PROFILE.items()}
    told |= {key: shown.of(section, key, None) for section, key in PROFILE_FIELDS}
    told = _only_filled(told)
    return {**holder, "profile": told} if told else holder


def _texts(content: Document, shown: _Shown) -> dict[str, Document]:
    """Return the texts by language: the original one, and the translations that were confirmed."""
    original = {key: shown.of("technology", key, None) for key in TEXTS}
    texts = {content["language"]: _only_filled(original)}
    for language, translated in sorted(content.get("translations", {}).items()):
        found = {
            key: translated.get(f"technology.{key}")
            for key in TEXTS
            if f"technology.{key}" in shown.fields
        }
        if language != content["language"] and _only_filled(found):
            texts[language] = _only_filled(found)
    return texts


def _only_filled(values: Document) -> Document:
    return {key: value for key, value in values.items() if _filled(value)}


def _filled(value: Any) -> bool:
    return value not in (None, "", [], {})
