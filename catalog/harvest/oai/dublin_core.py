"""A record as unqualified Dublin Core, which every harvester understands."""

from collections.abc import Iterator
from typing import Any

from catalog.harvest import about
from catalog.harvest.markup import Element, element, named
from catalog.vocabulary import Names, Reference

NAMESPACE = "http://www.openarchives.org/OAI/2.0/oai_dc/"
SCHEMA = "http://www.openarchives.org/OAI/2.0/oai_dc.xsd"
TERMS = "http://purl.org/dc/elements/1.1/"

Told = Iterator[tuple[str, str, str]]  # name of the term, text, its language or ""


def metadata(record: dict[str, Any], reference: Reference) -> Element:
    made = named(
        "oai_dc:dc",
        None,
        {
            "xmlns:oai_dc": NAMESPACE,
            "xmlns:dc": TERMS,
            "xsi:schemaLocation": f"{NAMESPACE} {SCHEMA}",
        },
    )
    for name, text, language in _told(record, reference):
        if text:
            made.append(_element(name, text, language))
    return made


def _element(name: str, text: str, language: str) -> Element:
    if language:
        return element(f"dc:{name}", text, lang=about.tag(language))
    return element(f"dc:{name}", text)


def _told(record: dict[str, Any], reference: Reference) -> Told:
    for language, title in record["titles"].items():
        yield "title", title, language
    yield from _holder(record["holder"])
    yield from _subjects(record, reference)
    for language, text in record["texts"].items():
        yield "description", text.get("summary", ""), language
    for language, name in about.PUBLISHERS.items():
        yield "publisher", name, language
    yield "date", record["listed_on"], ""
    yield "type", "Technology", "en"
    for language in record["texts"]:
        yield "language", about.tag(language), ""
    yield "identifier", about.page_of(record["id"]), ""
    yield "identifier", record["number"], ""
    for source in record.get("sources", []):
        yield "source", " ".join(source[k] for k in ("title", "url") if source.get(k)), ""
    yield "relation", about.record_of(record["id"]), ""
    for code in case_countries(record):
        yield from _named(reference.countries, code, "coverage")
    yield "rights", about.terms(), "" if about.terms_are_an_address() else "en"
    yield "rights", record["note"], "en"
    if notice := record.get("notice"):
        yield "rights", notice, ""


def _holder(holder: dict[str, Any]) -> Told:
    yield "creator", holder.get("name_en") or "", "en"
    yield "creator", holder.get("name_zh") or "", "zh-hans"


def _subjects(record: dict[str, Any], reference: Reference) -> Told:
    yield from _named(reference.fields, record["field"], "subject")
    yield from _named(reference.subcategories, record["subcategory"], "subject")
    for code in record.get("pollutants") or []:
        yield from _named(reference.terms.get("pollutant", {}), code, "subject")
    for language, text in record["texts"].items():
        for word in keywords(text):
            yield "subject", word, language


def _named(names: Names, code: str, term: str) -> Told:
    for language, name in sorted(names.get(code, {}).items()):
        yield term, name, language


def keywords(text: dict[str, Any]) -> list[str]:
    """Return the key words of a text, which are written in one line."""
    line = str(text.get("keywords") or "")
    for sign in "；;，、,\n":
        line = line.replace(sign, ";")
    return [word.strip() for word in line.split(";") if word.strip()]


def case_countries(record: dict[str, Any]) -> list[str]:
    return sorted({case["country"] for case in record.get("cases", []) if case.get("country")})
