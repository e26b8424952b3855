"""OAI-PMH as validators walk it: every verb, every error, every answer against its schema."""

import datetime as dt
from itertools import chain
from typing import Any

import pytest
from django.test import Client

from catalog.harvest.oai import answering, own
from catalog.models import Change, Technology
from tests.builders import catalog, clock
from tests.catalog.harvest.reading import OAI, asked, checked, error, own_schema, parsed, texts

pytestmark = pytest.mark.django_db

DC = "{http://purl.org/dc/elements/1.1/}"
OWN = f"{{{own.NAMESPACE}}}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"


@pytest.fixture(autouse=True)
def at_home(settings: Any) -> None:
    settings.PORTAL_ORIGIN = "https://pool.example.org"
    settings.CATALOGUE_CONTACT = "office@example.org"


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answering, "PAGE", 2)


def listed(**content: Any) -> Technology:
    made = catalog.technology(**content)
    catalog.numbered()
    return made


def identifier(technology: Technology) -> str:
    return f"oai:pool.example.org:{technology.pk}"


def harvest(**arguments: Any) -> list[str]:
    """Follow the tokens to the end; return the identifiers in the order in which they came."""
    found: list[str] = []
    given: dict[str, Any] = {"metadataPrefix": "oai_dc", **arguments}
    while True:
        root = asked(verb="ListIdentifiers", **given)
        found += texts(root, "identifier")
        token = texts(root, "resumptionToken")
        if token in ([], [""]):
            return found
        given = {"resumptionToken": token[0]}


def test_the_time_of_an_answer_is_the_portals_and_a_little_before():
    clock.stop(dt.datetime(2030, 3, 1, 4, 0, 3, tzinfo=dt.UTC))

    told = asked(verb="Identify")

    assert told.find(f"{OAI}responseDate").text == "2030-03-01T03:59:58Z"


# The verbs ------------------------------------------------------------------------------


def test_identify_says_whose_repository_it_is_and_what_it_keeps():
    first = listed().changes.get()

    told = asked(verb="Identify")

    said = {one.tag.removeprefix(OAI): one.text for one in told.find(f"{OAI}Identify")}
    said.pop("description")
    assert said == {
        "repositoryName": "Technology Pool of the Green Belt and Road",
        "baseURL": "https://pool.example.org/oai",
        "protocolVersion": "2.0",
        "adminEmail": "office@example.org",
        "earliestDatestamp": first.at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "deletedRecord": "persistent",
        "granularity": "YYYY-MM-DDThh:mm:ssZ",
    }


def test_identify_answers_for_an_empty_pool_too():
    told = asked(verb="Identify")

    assert texts(told, "earliestDatestamp") == ["2020-01-01T00:00:00Z"]


@pytest.mark.parametrize("origin", ["http://127.0.0.1:8000", "http://localhost:8000"])
def test_identifiers_have_a_domain_even_where_the_portal_has_none(settings, origin):
    settings.PORTAL_ORIGIN = origin
    listed()

    (only,) = harvest()

    assert only.startswith("oai:technology-pool.invalid:")
    asked(verb="Identify")


def test_two_formats_with_the_addresses_of_their_schemas():
    told = asked(verb="ListMetadataFormats", identifier=identifier(listed()))

    assert texts(told, "metadataPrefix") == ["oai_dc", "tp"]
    assert texts(told, "schema")[1] == "https://pool.example.org/oai/tp.xsd"
    assert parsed(Client().get("/oai/tp.xsd")).get("targetNamespace") == own.NAMESPACE


def test_sets_are_fields_with_their_sub_categories_and_countries():
    told = texts(asked(verb="ListSets"), "setSpec")

    assert {"field", "field:WAT", "field:WAT:WAT-01", "country", "country:NO"} <= set(told)
    assert len(told) == len(set(told))
    assert told.index("field:WAT") < told.index("field:WAT:WAT-01")


def test_a_record_in_dublin_core():
    technology = listed(
        title="Membrane bioreactor", title_zh="膜生物反应器", case_countries=("NO", "KZ")
    )

    told = asked(verb="GetRecord", identifier=identifier(technology), metadataPrefix="oai_dc")

    def said(name: str) -> list[tuple[str, str | None]]:
        return [(one.text, one.get(LANG)) for one in told.iter(f"{DC}{name}")]

    assert said("title") == [("Membrane bioreactor", "en"), ("膜生物反应器", "zh-Hans")]
    assert said("description") == [("Treats leachate.", "en")]
    assert said("creator") == [(technology.holder.name_en, "en")]
    assert ("Kazakhstan", "en") in said("coverage")
    assert (f"https://pool.example.org/en/catalogue/{technology.pk}/", None) in said("identifier")
    assert ("Listing in the pool is not a certification.", "en") in said("rights")


def test_a_record_in_the_own_schema_has_every_public_field_with_its_type():
    technology = listed(title_zh="膜", pollutants=["cod", "nh3_n"], first_use_year="2015")

    told = asked(verb="GetRecord", identifier=identifier(technology), metadataPrefix="tp")

    (record,) = told.iter(f"{OWN}record")
    assert record.findtext(f"{OWN}number") == technology.number
    assert record.findtext(f"{OWN}demonstration") == "true"
    assert [one.text for one in record.findall(f"{OWN}pollutant")] == ["cod", "nh3_n"]
    assert record.findtext(f"{OWN}first_use_year") == "2015"
    assert [one.get(LANG) for one in record.findall(f"{OWN}title")] == ["en", "zh-Hans"]
    assert record.findtext(f"{OWN}holder/{OWN}country") == "NO"
    assert record.findtext(f"{OWN}valid_until") == technology.valid_until.isoformat()


def test_the_own_schema_refuses_what_it_does_not_know():
    technology = listed()
    told = asked(verb="GetRecord", identifier=identifier(technology), metadataPrefix="tp")
    (record,) = told.iter(f"{OWN}record")
    day = record.find(f"{OWN}valid_until")
    day.text = "soon"

    assert not own_schema().validate(record)


def test_a_question_may_be_posted_without_a_form_of_ours():
    listed()
    client = Client(enforce_csrf_checks=True)

    answer = client.post("/oai", {"verb": "ListRecords", "metadataPrefix": "oai_dc"})

    assert len(texts(checked(parsed(answer)), "datestamp")) == 1


# Errors ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("", "badVerb"),
        ("verb=Nothing", "badVerb"),
        ("verb=identify", "badVerb"),
        ("verb=Identify&verb=Identify", "badVerb"),
        ("verb=Identify&identifier=x", "badArgument"),
        ("verb=ListSets&set=field", "badArgument"),
        ("verb=GetRecord", "badArgument"),
        ("verb=GetRecord&identifier=x", "badArgument"),
        ("verb=ListRecords", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&metadataPrefix=oai_dc", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&nonsense=1", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=yesterday", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=2026-02-30", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&until=2026-03-02T08:00:00", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&until=2026-03-02T08:00:00.5Z", "badArgument"),
        (
            "verb=ListRecords&metadataPrefix=oai_dc&from=2026-03-02&until=2026-03-03T00:00:00Z",
            "badArgument",
        ),
        (
            "verb=ListRecords&metadataPrefix=oai_dc&from=2026-03-03&until=2026-03-02",
            "badArgument",
        ),
        ("verb=ListRecords&metadataPrefix=oai_dc&set=", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&set=field:%20", "badArgument"),
        ("verb=ListRecords&metadataPrefix=marc", "cannotDisseminateFormat"),
        ("verb=GetRecord&identifier=oai:x:y&metadataPrefix=marc", "cannotDisseminateFormat"),
        ("verb=GetRecord&identifier=x&metadataPrefix=oai_dc", "idDoesNotExist"),
        (
            "verb=GetRecord&metadataPrefix=oai_dc&identifier="
            "oai:pool.example.org:00000000-0000-4000-8000-000000000000",
            "idDoesNotExist",
        ),
        ("verb=ListMetadataFormats&identifier=oai:pool.example.org:1", "idDoesNotExist"),
        ("verb=ListRecords&metadataPrefix=oai_dc&set=nothing", "noRecordsMatch"),
        ("verb=ListRecords&metadataPrefix=oai_dc&set=field:NONE", "noRecordsMatch"),
        ("verb=ListRecords&metadataPrefix=oai_dc&set=field:WAT:WAT-01:x", "noRecordsMatch"),
        ("verb=ListRecords&metadataPrefix=oai_dc&until=2001-01-01", "noRecordsMatch"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=9999-12-31", "noRecordsMatch"),
        ("verb=ListRecords&resumptionToken=nonsense", "badResumptionToken"),
        ("verb=ListRecords&resumptionToken=", "badResumptionToken"),
        ("verb=ListRecords&resumptionToken=1~oai_dc~then~~", "badResumptionToken"),
        ("verb=ListRecords&resumptionToken=-1~oai_dc~~~", "badResumptionToken"),
        ("verb=ListRecords&resumptionToken=0~marc~~~", "cannotDisseminateFormat"),
        ("verb=ListRecords&resumptionToken=0~oai_dc~~~&metadataPrefix=oai_dc", "badArgument"),
        ("verb=ListSets&resumptionToken=1", "badResumptionToken"),
    ],
)
def test_a_wrong_question_gets_the_error_the_protocol_names(query, code):
    listed()

    answer = Client().get(f"/oai?{query}")

    assert answer.status_code == 200
    root = checked(parsed(answer))
    assert error(root) == code
    request = root.find(f"{OAI}request")
    assert bool(request.attrib) == (code not in {"badVerb", "badArgument"})


def test_what_no_writer_of_xml_can_write_is_left_out():
    technology = listed(title="A\x0b & <b>")

    told = asked(verb="GetRecord", identifier=identifier(technology), metadataPrefix="tp")

    assert next(told.iter(f"{OWN}title")).text == "A & <b>"


# What changes ---------------------------------------------------------------------------


@pytest.mark.parametrize("step", ["suspend", "withdraw", "revoke"])
def test_what_is_no_longer_listed_is_told_as_deleted_for_good(step):
    technology = listed(title="Gone one")
    catalog.take(technology, step)
    catalog.numbered()

    for prefix in ("oai_dc", "tp"):
        root = asked(verb="ListRecords", metadataPrefix=prefix, set="field:WAT")

        (header,) = root.iter(f"{OAI}header")
        assert header.get("status") == "deleted"
        assert texts(header, "identifier") == [identifier(technology)]
        assert not list(root.iter(f"{OAI}metadata"))
    got = asked(verb="GetRecord", identifier=identifier(technology), metadataPrefix="tp")
    assert next(got.iter(f"{OAI}header")).get("status") == "deleted"


def test_what_is_listed_again_comes_again():
    technology = listed()
    catalog.take(technology, "suspend")
    catalog.take(technology, "resume")
    catalog.numbered()

    (header,) = asked(verb="ListIdentifiers", metadataPrefix="tp").iter(f"{OAI}header")

    assert header.get("status") is None


def test_the_datestamp_is_that_of_the_last_change_the_world_was_told():
    technology = listed()
    catalog.take(technology, "suspend")
    catalog.numbered()
    told = technology.changes.get(kind="suspended").at
    Change.objects.create(technology=technology, kind="indexed", seq=9)
    catalog.numbered()

    root = asked(verb="ListIdentifiers", metadataPrefix="oai_dc")

    assert texts(root, "datestamp") == [told.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")]


def test_nobody_is_told_of_what_is_not_committed():
    catalog.technology()

    assert error(asked(verb="ListIdentifiers", metadataPrefix="oai_dc")) == "noRecordsMatch"


def test_both_bounds_belong_to_the_list_in_days_and_in_seconds():
    technology = listed()
    at = technology.changes.get().at.astimezone(dt.UTC)
    second, day = at.strftime("%Y-%m-%dT%H:%M:%SZ"), at.strftime("%Y-%m-%d")
    before = (at - dt.timedelta(days=1)).strftime("%Y-%m-%d")
    after = (at + dt.timedelta(days=1)).strftime("%Y-%m-%d")

    only = [identifier(technology)]
    assert harvest(**{"from": second, "until": second}) == only
    assert harvest(**{"from": day, "until": day}) == only
    for bounds in ({"from": after}, {"until": before}):
        root = asked(verb="ListIdentifiers", metadataPrefix="oai_dc", **bounds)
        assert error(root) == "noRecordsMatch"


def test_sets_choose_by_field_sub_category_and_country():
    water = listed(subcategory="WAT-01", country="NO")
    air = listed(subcategory="AIR-01", country="CN")

    assert harvest(set="field:WAT") == harvest(set="field:WAT:WAT-01") == [identifier(water)]
    assert harvest(set="country:CN") == [identifier(air)]
    assert harvest(set="field") == [identifier(water), identifier(air)]


# Going on -------------------------------------------------------------------------------


@pytest.mark.usefixtures("small_pages")
def test_a_long_list_comes_in_parts_and_its_end_is_an_empty_token():
    technologies = [listed(title=str(place)) for place in range(5)]

    first = asked(verb="ListRecords", metadataPrefix="tp")
    (token,) = texts(first, "resumptionToken")
    second = asked(verb="ListRecords", resumptionToken=token)
    third = asked(verb="ListRecords", resumptionToken=texts(second, "resumptionToken")[0])

    told = [texts(one, "identifier") for one in (first, second, third)]
    assert [len(one) for one in told] == [2, 2, 1]
    assert [*chain(*told)] == [identifier(one) for one in technologies]
    assert texts(third, "resumptionToken") == [""]


@pytest.mark.usefixtures("small_pages")
def test_nothing_is_missed_when_the_pool_changes_during_a_harvest():
    """What changes moves to the end; what is new comes there too."""
    technologies = [listed(title=str(place)) for place in range(4)]
    first = asked(verb="ListIdentifiers", metadataPrefix="oai_dc")
    catalog.take(technologies[0], "suspend")  # had come
    catalog.take(technologies[2], "revoke")  # was to come
    catalog.numbered()
    new = listed(title="new")

    rest = []
    token = texts(first, "resumptionToken")[0]
    while token:
        root = asked(verb="ListIdentifiers", resumptionToken=token)
        rest += texts(root, "identifier")
        token = (texts(root, "resumptionToken") or [""])[0]

    wanted = [technologies[3], technologies[0], technologies[2], new]
    assert rest == [identifier(one) for one in wanted]


@pytest.mark.usefixtures("small_pages")
def test_a_token_keeps_the_bounds_and_the_set():
    for place in range(3):
        listed(title=str(place))
        listed(title=str(place), subcategory="AIR-01")

    assert len(harvest(set="field:AIR", **{"from": "2020-01-01"})) == 3
