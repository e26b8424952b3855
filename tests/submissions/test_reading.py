"""A declaration as people read it."""

import pytest
from django.utils import translation

from reference.models import Term
from submissions.choices import Choices
from submissions.reading import Reader, place
from tests.builders import submissions as build

pytestmark = pytest.mark.django_db


@pytest.fixture
def scheme():
    return build.scheme().load()


def facts(section):
    return {fact["label"]: fact["value"] for fact in section.facts if fact["value"]}


def test_codes_are_read_as_names(scheme):
    reader = Reader(scheme, Choices(), "en")

    content = build.content()
    content["commitment"]["signed_on"] = "2026-03-02"
    sections = {one.key: one for one in reader.sections(content)}
    applicant, technology = sections["applicant"], sections["technology"]
    evidence, commitment = sections["evidence"], sections["commitment"]

    assert facts(applicant) == {
        "Role towards the technology": "Owner",
        "E-mail of the contact person": "contact@example.org",
    }
    assert facts(technology)["Target countries and regions"] == "Kazakhstan, Pakistan"
    assert facts(technology)["Maturity"] == "Commercial"
    assert facts(evidence) == {"Who stands behind the main figures": "Peer-reviewed publication"}
    assert list(facts(commitment).values()) == [
        "yes",
        "yes",
        "K. Nordmann, director",
        "2 March 2026",
    ]


def test_rows_are_read_as_a_table(scheme):
    sections = {one.key: one for one in Reader(scheme, Choices(), "en").sections(build.content())}
    table = sections["cases"].tables[0]

    columns = [column["label"] for column in table.columns]
    assert columns[:4] == ["Project", "Owner or user", "Country or region", "City or place"]
    assert [cell["text"] for cell in table.rows[0] if cell["text"]] == [
        "Pilot plant",
        "Norway",
        "2021",
    ]
    assert table.lang == "en"
    assert [cell["text"] for cell in table.rows[0] if cell.get("lang") == "en"] == ["Pilot plant"]


def test_reader_reads_in_her_language(scheme):
    with translation.override("zh-hans"):
        applicant = Reader(scheme, Choices(), "en").sections(build.content())[0]

        assert applicant.label == "申报单位"
        assert facts(applicant)["技术持有方式"] == "技术所有者"


def test_texts_are_marked_with_their_language(scheme):
    technology = Reader(scheme, Choices(), "zh-hans").sections(build.content())[1]

    marked = {fact["key"] for fact in technology.facts if fact.get("lang") == "zh-hans"}

    assert marked == {"title", "summary", "applicability"}


def test_public_reading_holds_no_contact(scheme):
    applicant = Reader(scheme, Choices(), "en", public_only=True).sections(build.content())[0]

    assert list(facts(applicant)) == ["Role towards the technology"]


def test_what_is_no_longer_offered_keeps_its_name(scheme):
    Term.objects.filter(vocabulary="maturity").update(active=False)

    technology = Reader(scheme, Choices(), "en").sections(build.content())[1]

    assert facts(technology)["Maturity"] == "Commercial"
    assert Choices().known("maturity") == frozenset()


def test_file_stands_in_its_section(scheme):
    file = {"id": "1", "kind": "test_report", "title": "Report"}

    sections = Reader(scheme, Choices(), "en").sections(build.content(), [file])

    assert {s.key: s.attachments for s in sections if s.attachments} == {"performance": [file]}


def test_lists_are_read_once_however_long_the_document(scheme, django_assert_num_queries):
    long = build.content()
    long["cases"]["cases"] *= 50

    with django_assert_num_queries(4):
        Reader(scheme, Choices(), "en").sections(long)


@pytest.mark.parametrize(
    ("section", "field", "name"),
    [
        ("technology", "title", "Technology – Name of the technology"),
        ("performance", "indicators", "Performance – Indicators"),
        ("technology", "", "Technology"),
        ("technology", "gone", "Technology – gone"),
        ("gone", "", "gone"),
    ],
)
def test_place_is_named(scheme, section, field, name):
    assert place(scheme, section, field) == name


FILE = "0b4c5d6e-0000-4000-8000-000000000001"


@pytest.mark.parametrize(
    ("value", "text", "at"),
    [
        (FILE, "Report", ""),
        (f"{FILE}#12", "Report, page 12", "preview/12/"),
        (FILE.replace("1", "2"), "a file that is no longer there", ""),
    ],
)
def test_evidence_is_read_as_the_files_title_and_page_and_leads_there(scheme, value, text, at):
    content = build.content()
    content["performance"]["indicators"][0] |= {"evidence": value, "unit": "m3/d"}
    file = {"id": FILE, "kind": "test_report", "title": "Report"}

    sections = Reader(scheme, Choices(), "en").sections(content, [file])

    (row,) = next(one for one in sections if one.key == "performance").tables[0].rows
    cell = next(one for one in row if one.get("url"))
    assert (cell["text"], cell["url"].endswith(f"/{at}")) == (text, True)
    assert value.partition("#")[0] in cell["url"]
    assert "m³/d" in [one["text"] for one in row]


def test_public_reading_leaves_out_what_is_withheld(scheme):
    content = build.content()
    content["commitment"]["withheld"] = ["economics"]

    public = Reader(scheme, Choices(), "en", public_only=True).sections(content)
    whole = Reader(scheme, Choices(), "en").sections(content)

    assert {one.key for one in whole} - {one.key for one in public} == {"economics"}
