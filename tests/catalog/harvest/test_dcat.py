"""The catalogue as linked data: conforms to the shapes of the profile, in both ways of writing."""

import json
import warnings
from typing import Any

import pytest
from django.test import Client
from rdflib import DCAT, DCTERMS, RDF, Graph, Literal, URIRef
from rdflib.compare import isomorphic

from catalog.harvest import dcat
from catalog.models import Technology
from tests.builders import catalog
from tests.catalog.harvest.reading import SCHEMAS

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from pyshacl import validate

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore::DeprecationWarning")]

ORIGIN = "https://pool.example.org"
HYDRA = "http://www.w3.org/ns/hydra/core#"


@pytest.fixture(autouse=True)
def at_home(settings: Any) -> None:
    settings.PORTAL_ORIGIN = ORIGIN
    settings.CATALOGUE_CONTACT = "office@example.org"


def read(path: str, kind: str = "text/turtle", **headers: str) -> Graph:
    answer = Client().get(path, headers=headers)
    assert answer.status_code == 200
    assert answer["Content-Type"].partition(";")[0] == kind
    assert not answer.cookies
    form = {"text/turtle": "turtle", "application/ld+json": "json-ld"}[kind]
    return Graph().parse(data=answer.content, format=form)


def conforms(graph: Graph) -> Graph:
    shapes = Graph().parse(SCHEMAS / "dcat-ap.ttl")
    well, _report, text = validate(graph, shacl_graph=shapes)
    assert well, text
    return graph


def item(technology: Technology) -> URIRef:
    return URIRef(f"{ORIGIN}/catalogue/{technology.pk}")


def rich(**content: Any) -> Technology:
    return catalog.technology(
        title='Membrane "bioreactor" \\ <b>',
        title_zh="膜生物反应器",
        summary="First line.\nSecond; \t line.",
        keywords="leachate; 膜，COD",
        case_countries=("NO", "KZ"),
        **content,
    )


def test_the_catalogue_conforms_with_everything_that_is_mandatory():
    technology = rich()

    graph = conforms(read("/catalogue/dcat.ttl"))

    assert set(graph.subjects(RDF.type, DCAT.Dataset)) == {item(technology)}
    titles = set(graph.objects(item(technology), DCTERMS.title))
    assert titles == {
        Literal('Membrane "bioreactor" \\ <b>', lang="en"),
        Literal("膜生物反应器", lang="zh-Hans"),
    }
    places = graph.objects(item(technology), DCTERMS.spatial)
    assert {str(graph.value(one, DCTERMS.identifier)) for one in places} == {"KZ", "NO"}


def test_a_catalogue_without_technologies_conforms():
    graph = conforms(read("/catalogue/dcat.ttl"))

    assert len(list(graph.subjects(RDF.type, DCAT.Catalog))) == 1


def test_a_text_in_no_shape_is_found_out():
    """The shapes are no rubber stamp: without its title a data set does not conform."""
    technology = rich()
    graph = read("/catalogue/dcat.ttl")
    graph.remove((item(technology), DCTERMS.title, None))

    shapes = Graph().parse(SCHEMAS / "dcat-ap.ttl")
    well, _report, text = validate(graph, shacl_graph=shapes)

    assert not well
    assert "dct:title" in text


def test_both_ways_of_writing_say_the_same():
    rich()
    turtle = read("/catalogue/dcat.ttl")
    json_ld = read("/catalogue/dcat.jsonld", "application/ld+json")
    for graph in (turtle, json_ld):  # each page names itself
        for triple in list(graph):
            if any("dcat.ttl" in str(one) or "dcat.jsonld" in str(one) for one in triple):
                graph.remove(triple)

    assert isomorphic(turtle, json_ld)


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("text/turtle", "text/turtle"),
        ("application/ld+json", "application/ld+json"),
        ("application/ld+json;q=0.5, text/turtle", "text/turtle"),
        ("*/*", "text/turtle"),
        ("image/png", "text/turtle"),
        ("x/y;x*=foo''%41", "text/turtle"),
        ('application/ld+json;profile="https://a.example/b,c;d"', "application/ld+json"),
    ],
)
def test_the_address_without_a_form_answers_what_is_asked_for(accept, kind):
    answer = Client().get("/catalogue/dcat", headers={"accept": accept})

    assert answer["Content-Type"].partition(";")[0] == kind
    assert "Accept" in answer["Vary"].split(", ")


def test_a_long_catalogue_comes_in_pages_by_key(monkeypatch):
    monkeypatch.setattr(dcat, "PAGE", 2)
    technologies = catalog.technologies(5)
    found, path = [], "/catalogue/dcat.ttl"

    while path:
        graph = conforms(read(path))
        found.append(set(graph.subjects(RDF.type, DCAT.Dataset)))
        following = list(graph.objects(None, URIRef(f"{HYDRA}next")))
        path = str(following[0]).removeprefix(ORIGIN) if following else ""

    assert [len(one) for one in found] == [2, 2, 1]
    assert set().union(*found) == {item(one) for one in technologies}


@pytest.mark.parametrize("after", ["x", "-1", "99999999999", "1.5"])
def test_a_key_nobody_gave_is_no_page(after):
    assert Client().get(f"/catalogue/dcat.ttl?after={after}").status_code == 404


def test_terms_that_are_an_address_are_a_licence(settings):
    settings.CATALOGUE_TERMS = "https://pool.example.org/terms"
    technology = rich()

    graph = conforms(read("/catalogue/dcat.ttl"))

    files = set(graph.objects(item(technology), DCAT.distribution))
    assert len(files) == 2
    assert {graph.value(one, DCTERMS.license) for one in files} == {
        URIRef("https://pool.example.org/terms")
    }


@pytest.mark.parametrize("step", ["suspend", "withdraw", "revoke"])
def test_what_is_not_listed_is_no_data_set(step):
    technology = rich()
    catalog.take(technology, step)

    graph = read("/catalogue/dcat.ttl")
    gone = Client().get(f"/catalogue/{technology.pk}", headers={"accept": "text/turtle"})

    assert str(technology.pk) not in graph.serialize()
    assert gone.status_code == (303 if step == "suspend" else 410)


# The address that names a technology ----------------------------------------------------


@pytest.mark.parametrize("kind", ["text/turtle", "application/ld+json"])
def test_the_name_of_a_technology_answers_with_data(kind):
    technology = rich()

    graph = conforms(read(f"/catalogue/{technology.pk}", kind, accept=kind))

    assert (item(technology), RDF.type, DCAT.Dataset) in graph


@pytest.mark.parametrize(
    ("headers", "where"),
    [
        ({"accept": "text/html"}, "/en/catalogue/{}/"),
        ({"accept": "*/*"}, "/en/catalogue/{}/"),
        ({"accept": "text/html", "accept-language": "zh-CN"}, "/zh-hans/catalogue/{}/"),
        ({"accept": "application/json"}, "/en/catalogue/{}/record.json"),
        ({"accept": "application/json; charset=utf-8"}, "/en/catalogue/{}/record.json"),
        ({"accept": "x/y;x*=foo''%41"}, "/en/catalogue/{}/"),
    ],
)
def test_the_name_of_a_technology_leads_people_to_its_page(headers, where):
    technology = catalog.technology()

    answer = Client().get(f"/catalogue/{technology.pk}", headers=headers)

    assert (answer.status_code, answer["Location"]) == (303, ORIGIN + where.format(technology.pk))
    assert "Accept" in answer["Vary"]


def test_a_profile_of_json_ld_is_answered_with_json_ld():
    technology = rich()
    accept = 'application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted"'

    graph = read(f"/catalogue/{technology.pk}", "application/ld+json", accept=accept)

    assert (item(technology), RDF.type, DCAT.Dataset) in graph


def test_a_technology_nobody_knows_is_not_there():
    path = "/catalogue/00000000-0000-4000-8000-000000000000"

    assert Client().get(path, follow=True).status_code == 404


def test_json_ld_is_json_to_the_last_sign():
    rich()

    told = json.loads(Client().get("/catalogue/dcat.jsonld").content)

    assert set(told) == {"@context", "@graph"}
