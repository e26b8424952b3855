"""A record with everything that is public of it, in a schema of our own (prefix ``tp``).

One table says which parts there are and of which type; the schema that is published and the
records are both written from it.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from catalog.harvest import about
from catalog.harvest.markup import Element, add, element, named, written
from catalog.record import HOLDER, TERMS, TEXTS

NAMESPACE = "urn:technology-pool:record:1"
PREFIX = "tp"
XSD = "http://www.w3.org/2001/XMLSchema"
XML, XML_SCHEMA = "http://www.w3.org/XML/1998/namespace", "http://www.w3.org/2001/xml.xsd"

TEXT, CODE, LINK = "xs:string", "xs:token", "xs:anyURI"
DECIMAL, WHOLE, DAY, FLAG = "xs:decimal", "xs:integer", "xs:date", "xs:boolean"
_FITS = {
    DECIMAL: re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)", re.ASCII),
    WHOLE: re.compile(r"[+-]?\d+", re.ASCII),
    LINK: re.compile(r"https?://[^\s<>\"{}|\\^`\[\]]+"),
    DAY: re.compile(r"\d{4}-\d\d-\d\d", re.ASCII),
}


class Part(NamedTuple):
    """An element: what it is of, or the parts in it. ``at``: its name in the record.

    ``by``: the record holds a value for each language. All are optional but ``needed`` ones.
    """

    name: str
    kind: str = TEXT
    parts: tuple["Part", ...] = ()
    at: str = ""
    many: bool = False
    by: bool = False
    needed: bool = False

    def of(self, record: Mapping[str, Any]) -> Any:
        return record.get(self.at or self.name)


def _texts(*names: str) -> tuple[Part, ...]:
    return tuple(Part(name) for name in names)


def _figures(*names: str) -> tuple[Part, ...]:
    return tuple(Part(name, DECIMAL) for name in names)


_FIGURES = _figures("minimum", "typical", "maximum")
_HEAD = (
    Part("schema", CODE, needed=True),
    Part("id", CODE, needed=True),
    Part("number", CODE, needed=True),
    Part("state", CODE, needed=True),
    Part("demonstration", FLAG, needed=True),
    Part("note"),
    Part("notice"),
)
_PROFILE = (
    Part("qualification", parts=_texts("kind", "name"), at="qualifications", many=True),
    Part("office", parts=_texts("kind", "country", "city", "name"), at="offices", many=True),
    Part("language", at="languages", many=True),
    Part("country_served", CODE, at="countries_served", many=True),
    *_texts("response_hours", "after_sales", "spare_parts", "training", "maintenance"),
)
_ROWS = (
    Part(
        "indicator",
        parts=(
            *_texts("indicator", "name"),
            *_FIGURES,
            *_texts("as_stated", "unit", "unit_other", "condition", "standard"),
            *_figures("standard_limit"),
        ),
        at="indicators",
        many=True,
    ),
    Part(
        "limit",
        parts=(
            *_texts("kind"),
            *_figures("minimum", "maximum"),
            *_texts("as_stated", "unit", "unit_other", "note"),
        ),
        at="limits",
        many=True,
    ),
    Part(
        "cost",
        parts=(
            *_texts("kind"),
            *_figures("amount"),
            *_texts("as_stated", "currency", "unit", "basis"),
        ),
        at="costs",
        many=True,
    ),
    Part(
        "case",
        parts=(
            *_texts("name", "owner", "country", "city", "scale"),
            *_figures("scale_value"),
            *_texts("scale_unit"),
            Part("year", WHOLE),
            *_figures("months_stable"),
            *_texts("standard"),
        ),
        at="cases",
        many=True,
    ),
    Part(
        "right",
        parts=_texts("kind", "number", "office", "title", "status", "note"),
        at="property",
        many=True,
    ),
    Part(
        "award",
        parts=(*_texts("kind", "name", "body"), Part("year", WHOLE)),
        at="awards",
        many=True,
    ),
    Part(
        "source",
        parts=(*_texts("title"), Part("url", LINK), *_texts("programme"), Part("year", WHOLE)),
        at="sources",
        many=True,
    ),
)
_ECONOMICS = (
    *_figures("scale"),
    *_texts("scale_unit", "currency"),
    Part("price_year", WHOLE),
    *_figures("investment", "unit_investment"),
    *_texts("unit_investment_per", "operating_per"),
    *_figures("operating_total", "service_life", "payback", "carbon_effect"),
)
PARTS = (
    *_HEAD,
    Part("title", at="titles", by=True),
    Part("language", CODE),
    Part("text", parts=_texts(*TEXTS), at="texts", by=True),
    Part(
        "translation",
        parts=(Part("of_version", WHOLE), Part("confirmed_on", DAY)),
        at="translations",
        by=True,
    ),
    Part("field", CODE),
    *(Part(name, CODE) for name in TERMS),
    Part("pollutant", CODE, at="pollutants", many=True),
    Part("cooperation", CODE, many=True),
    Part("target_country", CODE, at="target_countries", many=True),
    Part("first_use_year", WHOLE),
    Part("applications_count", WHOLE),
    Part(
        "holder",
        parts=(
            *(Part(name, LINK if name == "website" else TEXT) for name in HOLDER),
            Part("profile", parts=_PROFILE),
        ),
    ),
    *_ROWS,
    Part("economics", parts=_ECONOMICS),
    Part("evidence_grade", CODE),
    # Of a technology that was evaluated before the portal, in place of an activity.
    Part(
        "earlier",
        parts=(
            *_texts("list"),
            Part("title", at="titles", by=True),
            *_texts("authority", "year", "published_on", "number", "source"),
        ),
    ),
    Part("activity", parts=(Part("code", CODE), Part("title", at="titles", by=True))),
    Part("listed_on", DAY),
    Part("valid_until", DAY),
)


def metadata(record: dict[str, Any]) -> Element:
    made = named(
        f"{PREFIX}:record",
        None,
        {
            f"xmlns:{PREFIX}": NAMESPACE,
            "xsi:schemaLocation": f"{NAMESPACE} {about.address('harvest:own-schema')}",
        },
    )
    _fill(made, PARTS, record)
    return made


def _fill(parent: Element, parts: tuple[Part, ...], record: Mapping[str, Any]) -> None:
    for part in parts:
        for language, value in _values(part, part.of(record)):
            if (made := _made(part, value)) is not None:
                if language:
                    made.set("xml:lang", about.tag(language))
                parent.append(made)


def _values(part: Part, value: Any) -> Iterator[tuple[str, Any]]:
    """Yield language and value of each element; the language is "" where there is none."""
    if value in (None, "", [], {}):
        return
    if part.by:
        yield from sorted(value.items())
    elif part.many:
        yield from (("", one) for one in (value if isinstance(value, list) else [value]))
    else:
        yield "", value


def _made(part: Part, value: Any) -> Element | None:
    """Return the element, None when there is nothing in it that its type allows."""
    if part.parts:
        made = element(f"{PREFIX}:{part.name}")
        _fill(made, part.parts, value)
        return made if len(made) else None
    text = _written(value)
    fits = _FITS.get(part.kind)
    if not text or (fits and not fits.fullmatch(text)):
        return None
    return element(f"{PREFIX}:{part.name}", text)


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "; ".join(map(str, value)) if isinstance(value, list) else str(value)


# The schema ---------------------------------------------------------------------------


def schema() -> bytes:
    """Return the XML schema of what ``metadata`` writes."""
    root = named(
        "xs:schema",
        None,
        {
            "xmlns:xs": XSD,
            f"xmlns:{PREFIX}": NAMESPACE,
            "targetNamespace": NAMESPACE,
            "elementFormDefault": "qualified",
            "version": "1",
        },
    )
    told = add(add(root, "xs:annotation"), "xs:documentation", lang="en")
    told.text = "The public record of a technology. What the holder did not say is left out."
    add(root, "xs:import", namespace=XML, schemaLocation=XML_SCHEMA)
    _declare(root, Part("record", parts=PARTS, needed=True), outermost=True)
    return written(root)


def _declare(parent: Element, part: Part, *, outermost: bool = False) -> None:
    made = add(parent, "xs:element", name=part.name)
    if not outermost:
        made.set("minOccurs", "1" if part.needed else "0")
        made.set("maxOccurs", "unbounded" if part.many or part.by else "1")
    if not part.parts and not part.by:
        made.set("type", part.kind)
        return
    inner = add(made, "xs:complexType")
    if part.parts:
        sequence = add(inner, "xs:sequence")
        for one in part.parts:
            _declare(sequence, one)
    else:
        inner = add(add(inner, "xs:simpleContent"), "xs:extension", base=part.kind)
    if part.by:
        add(inner, "xs:attribute", ref="xml:lang", use="required")
