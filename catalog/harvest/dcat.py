"""The catalogue in DCAT-AP 3: a data set for each technology, in pages by key."""

from typing import Any

from catalog.harvest import about, changes
from catalog.harvest.linked import Iri, Node, Text, texts
from catalog.harvest.oai.dublin_core import case_countries, keywords
from catalog.models import Technology, TechnologyQuerySet
from catalog.vocabulary import Names, Reference

PAGE = 100
_EU = "http://publications.europa.eu/resource/authority"
ENVIRONMENT = f"{_EU}/data-theme/ENVI"
LANGUAGES = {"en": "ENG", "zh-hans": "ZHO", "ar": "ARA"}
_JSON_TYPE = "https://www.iana.org/assignments/media-types/application/json"
_SCHEME = "urn:technology-pool:fields"


def catalogue(
    rows: TechnologyQuerySet, reference: Reference, after: int, itself: str
) -> list[Node]:
    """Return a page: the catalogue, and the technologies after the place ``after``.

    ``itself``: the address of the pages, without the key.
    """
    listed = changes.with_changed(rows).listed().defer("search", "traits", "figures")
    found = list(listed.filter(place__gt=after).order_by("place")[: PAGE + 1])
    page = found[:PAGE]
    view = Node("hydra:PartialCollectionView", _page(itself, after))
    view.say("hydra:first", Iri(itself))
    if len(found) > PAGE:
        view.say("hydra:next", Iri(_page(itself, page[-1].place)))
    whole = _catalogue(page).say("hydra:view", Iri(view.address))
    fields = sorted({one.content["field"] for one in page})
    return [
        whole,
        view,
        publisher(),
        Node("skos:ConceptScheme", _SCHEME).say("dct:title", Text("Fields", "en")),
        *(_concept(field, reference.fields) for field in fields),
        *(dataset(one, reference) for one in page),
    ]


def one(technology: Technology, reference: Reference) -> list[Node]:
    """Return what there is to say of one technology."""
    concept = _concept(technology.content["field"], reference.fields)
    return [dataset(technology, reference), concept, publisher()]


def _page(itself: str, after: int) -> str:
    return f"{itself}?after={after}" if after else itself


def _catalogue(page: list[Technology]) -> Node:
    service = Node("dcat:DataService", about.address("harvest:oai"))
    service.say("dct:title", Text("OAI-PMH 2.0", "en"))
    service.say("dcat:endpointURL", Iri(about.address("harvest:oai")))
    return (
        Node("dcat:Catalog", about.address("harvest:dcat"))
        .say("dct:title", *texts(about.NAMES, about.tag))
        .say("dct:description", *texts(about.ABOUT, about.tag))
        .say("dct:publisher", Iri(publisher().address))
        .say("dct:language", *_languages(about.languages()))
        .say("foaf:homepage", Iri(about.address("catalog:technology-list")))
        .say("dcat:themeTaxonomy", Iri(_SCHEME))
        .say("dcat:contactPoint", _office())
        .say("dcat:service", service)
        .say(*_terms())
        .say("dcat:dataset", *(Iri(about.item_of(one.pk)) for one in page))
    )


def dataset(one: Technology, reference: Reference) -> Node:
    record = one.content
    described = {code: text.get("summary", "") for code, text in record["texts"].items()}
    said = described if any(described.values()) else record["titles"]
    return (
        Node("dcat:Dataset", about.item_of(one.pk))
        .say("dct:title", *texts(record["titles"], about.tag))
        .say("dct:description", *texts(said, about.tag))
        .say("dct:identifier", Text(record["number"]))
        .say("dct:publisher", Iri(publisher().address))
        .say("dct:creator", _holder(record["holder"], reference))
        .say("dcat:contactPoint", _office())
        .say("dcat:theme", Iri(ENVIRONMENT), Iri(_concept_of(record["field"])))
        .say("dcat:keyword", *_keywords(record, reference))
        .say("dct:spatial", *(_place(code, reference) for code in case_countries(record)))
        .say("dct:language", *_languages(record["texts"]))
        .say("dct:issued", Text(record["listed_on"], type="xsd:date"))
        .say("dct:modified", Text(changes.stamp(changes.changed(one)), type="xsd:dateTime"))
        .say("dcat:landingPage", Iri(about.page_of(one.pk)))
        .say("adms:versionNotes", Text(record["note"], "en"))
        .say("dcat:distribution", _distribution(one), _signed(one))
    )


def _distribution(one: Technology) -> Node:
    address = about.record_of(one.pk)
    checksum = (
        Node("spdx:Checksum")
        .say("spdx:algorithm", Iri("http://spdx.org/rdf/terms#checksumAlgorithm_sha256"))
        .say("spdx:checksumValue", Text(one.content_hash, type="xsd:hexBinary"))
    )
    return (
        Node("dcat:Distribution", address)
        .say("dct:title", Text("Public record, canonical JSON (RFC 8785)", "en"))
        .say("dcat:accessURL", Iri(about.page_of(one.pk)))
        .say("dcat:downloadURL", Iri(address))
        .say("dct:format", Iri(f"{_EU}/file-type/JSON"))
        .say("dcat:mediaType", Iri(_JSON_TYPE))
        .say("spdx:checksum", checksum)
        .say(*_terms())
    )


def _signed(one: Technology) -> Node:
    """Return the record with the signature of the portal, to be checked without it."""
    address = about.address("trust:record", one.number)
    return (
        Node("dcat:Distribution", address)
        .say("dct:title", Text("Public record, signed by the portal", "en"))
        .say("dcat:accessURL", Iri(address))
        .say("dcat:downloadURL", Iri(address))
        .say("dct:format", Iri(f"{_EU}/file-type/JSON"))
        .say("dcat:mediaType", Iri(_JSON_TYPE))
        .say(*_terms())
    )


def publisher() -> Node:
    made = Node("foaf:Agent", f"{about.origin()}/#publisher")
    return made.say("foaf:name", *texts(about.PUBLISHERS, about.tag))


def _office() -> Node:
    return (
        Node("vcard:Organization")
        .say("vcard:fn", *texts(about.OFFICE, about.tag))
        .say("vcard:hasEmail", Iri(f"mailto:{about.contact()}"))
        .say("vcard:hasURL", Iri(about.address("catalog:machines")))
    )


def _holder(holder: dict[str, Any], reference: Reference) -> Node:
    names = {"en": holder.get("name_en") or "", "zh-hans": holder.get("name_zh") or ""}
    made = Node("foaf:Organization").say("foaf:name", *texts(names, about.tag))
    where = [_place(code, reference)] if (code := holder.get("country")) else []
    return made.say("dct:spatial", *where)


def _place(code: str, reference: Reference) -> Node:
    names = texts(reference.countries.get(code, {}), about.tag)
    return Node("dct:Location").say("dct:identifier", Text(code)).say("rdfs:label", *names)


def _concept(code: str, names: Names) -> Node:
    made = Node("skos:Concept", _concept_of(code)).say("skos:inScheme", Iri(_SCHEME))
    return made.say("skos:prefLabel", *texts(names.get(code, {}), about.tag))


def _concept_of(field: str) -> str:
    return f"{_SCHEME}:{field}"


def _keywords(record: dict[str, Any], reference: Reference) -> list[Text]:
    subcategory = reference.subcategories.get(record["subcategory"], {})
    found = texts(subcategory, about.tag)
    for code, text in record["texts"].items():
        found += [Text(word, about.tag(code)) for word in keywords(text)]
    return list(dict.fromkeys(found))


def _languages(codes: Any) -> list[Iri]:
    return [Iri(f"{_EU}/language/{LANGUAGES[code]}") for code in codes if code in LANGUAGES]


def _terms() -> tuple[str, Any]:
    if about.terms_are_an_address():
        return "dct:license", Node("dct:LicenseDocument", about.terms())
    told = Node("dct:RightsStatement").say("rdfs:label", Text(about.terms()))
    return "dct:rights", told
