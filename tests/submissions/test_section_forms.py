"""The forms of a section page: nothing typed is lost, nothing unreadable is taken."""

import json

import pytest
from django.http import QueryDict

from submissions.activities import SCHEMES
from submissions.choices import Choices
from submissions.form_fields import form_field
from submissions.scheme import load
from submissions.scheme.fields import FieldSpec, Kind
from submissions.section_forms import anchor, retyped, shown, typed
from tests.builders.submissions import content
from tests.submissions.browsing import sent

pytestmark = pytest.mark.django_db


@pytest.fixture
def scheme():
    return load(json.loads((SCHEMES / "demo-2.json").read_text(encoding="utf-8"))["sections"])


def post(**values):
    data = QueryDict(mutable=True)
    for name, value in values.items():
        data.setlist(name.replace("__", "-"), value if isinstance(value, list) else [value])
    return data


def rows(prefix, *rows):
    data = {f"{prefix}-TOTAL_FORMS": str(len(rows)), f"{prefix}-INITIAL_FORMS": "0"}
    for number, row in enumerate(rows):
        data |= {f"{prefix}-{number}-{name}": value for name, value in row.items()}
    return post(**data)


@pytest.mark.parametrize("key", sorted(content()))
def test_page_sent_back_unchanged_gives_the_same_values(scheme, key):
    section, choices = scheme.section(key), Choices()
    page = shown(section, choices, content()[key])

    entry = typed(section, choices, sent(page))

    assert entry.is_valid(), list(entry.errors())
    assert {k: v for k, v in entry.values().items() if v is not False} == content()[key]


def test_empty_page_can_be_saved(scheme):
    for section in scheme.sections:
        entry = typed(section, Choices(), sent(shown(section, Choices(), {})))

        assert entry.is_valid()
        assert {k: v for k, v in entry.values().items() if v is not False} == {}


@pytest.mark.parametrize(
    ("typed_in", "stored"),
    [("1 234,5", "1234.5"), ("1,234.5", "1234.5"), ("98.50", "98.50"), ("", None)],
)
def test_number_is_stored_as_a_plain_string(scheme, typed_in, stored):
    data = rows("performance-indicators", {"name": "A", "typical": typed_in})

    entry = typed(scheme.section("performance"), Choices(), data)

    assert entry.is_valid()
    assert entry.values()["indicators"][0].get("typical") == stored


def test_ambiguous_number_is_asked_about_at_its_field(scheme):
    data = rows("performance-indicators", {"name": "A"}, {"name": "B", "typical": "1,234"})

    entry = typed(scheme.section("performance"), Choices(), data)

    assert not entry.is_valid()
    assert list(entry.errors()) == [
        (
            "div_id_performance-indicators-1-typical",
            "Typical",
            "This could be 1234 or 1.234. Write it so.",
        )
    ]
    assert entry.tables[0].forms[1]["typical"].value() == "1,234"


def test_rules_of_the_scheme_speak_at_the_field_of_their_row(scheme):
    data = rows("economics-costs", {}, {"kind": "capex", "amount": "-5"})

    entry = typed(scheme.section("economics"), Choices(), data)

    assert not entry.is_valid()
    assert [one[::2] for one in entry.errors()] == [
        ("div_id_economics-costs-1-amount", "Not below 0.")
    ]


def test_choice_that_is_not_offered_is_refused(scheme):
    data = post(technology__maturity="ripe", technology__target_countries=["NO", "XX"])

    entry = typed(scheme.section("technology"), Choices(), data)

    assert not entry.is_valid()
    assert set(entry.form.errors) == {"maturity", "target_countries"}


def test_too_long_text_comes_back_whole(scheme):
    title = "x" * 201
    entry = typed(scheme.section("technology"), Choices(), post(technology__title=title))

    assert not entry.is_valid()
    assert entry.form["title"].value() == title
    assert entry.form.errors["title"] == ["Use at most 200 characters; these are 201."]


def test_blank_row_is_no_row(scheme):
    data = rows("cases-cases", {"name": ""}, {"name": "Pilot", "country": "NO"}, {"name": "  "})

    entry = typed(scheme.section("cases"), Choices(), data)

    assert entry.is_valid()
    assert entry.values() == {"cases": [{"name": "Pilot", "country": "NO"}]}


def test_added_row_keeps_what_was_typed_readable_or_not(scheme):
    data = rows("performance-indicators", {"name": "A", "typical": "about 1,234"})

    page = retyped(scheme.section("performance"), Choices(), data, add="indicators")

    assert [form["name"].value() for form in page.tables[0].forms] == ["A", None]
    assert page.tables[0].forms[0]["typical"].value() == "about 1,234"
    assert list(page.errors()) == []
    assert 'value="2"' in str(page.tables[0].management_form["TOTAL_FORMS"])


def test_removed_row_leaves_the_others(scheme):
    data = rows("cases-cases", {"name": "A"}, {"name": "B"}, {"name": "C"})

    page = retyped(scheme.section("cases"), Choices(), data, remove=("cases", 1))

    assert [form["name"].value() for form in page.tables[0].forms] == ["A", "C"]


@pytest.mark.parametrize("remove", [("cases", 9), ("cases", -1), ("other", 0)])
def test_row_that_is_not_there_is_not_removed(scheme, remove):
    data = rows("cases-cases", {"name": "A"})

    page = retyped(scheme.section("cases"), Choices(), data, remove=remove, add="nothing")

    assert [form["name"].value() for form in page.tables[0].forms] == ["A"]


def test_more_rows_than_the_scheme_takes_are_refused(scheme):
    data = rows("cases-cases", *[{"name": str(number)} for number in range(51)])

    entry = typed(scheme.section("cases"), Choices(), data)

    assert not entry.is_valid()
    assert [one[0] for one in entry.errors()] == ["table_cases-cases"]
    full = rows("cases-cases", *[{"name": str(number)} for number in range(50)])
    page = retyped(scheme.section("cases"), Choices(), full, add="cases")
    assert len(page.tables[0].forms) == 50


def test_meddled_count_of_rows_is_refused(scheme):
    entry = typed(scheme.section("cases"), Choices(), post(**{"cases-cases-TOTAL_FORMS": "many"}))

    assert not entry.is_valid()


def test_table_that_needs_a_row_begins_with_a_blank_one(scheme):
    assert len(shown(scheme.section("performance"), Choices(), {}).tables[0].forms) == 1
    assert len(shown(scheme.section("cases"), Choices(), {}).tables[0].forms) == 0


@pytest.mark.parametrize(
    ("at", "place"),
    [
        ("title", "div_id_technology-title"),
        ("indicators.2.name", "div_id_technology-indicators-2-name"),
    ],
)
def test_anchor_leads_to_the_field(at, place):
    assert anchor("technology", at) == place


def test_anchor_of_every_field_is_on_the_page(scheme):
    for section in scheme.sections:
        page = shown(section, Choices(), {table.key: [{}] for table in section.rows})
        ids = {f"div_{bound.auto_id}" for bound in page.form}
        ids |= {f"div_{bound.auto_id}" for t in page.tables for bound in t.forms[0]}
        fields = [field.key for field in section.fields]
        fields += [f"{t.key}.0.{field.key}" for t in section.rows for field in t.fields]

        assert {anchor(section.key, field) for field in fields} == ids


@pytest.mark.parametrize(
    ("kind", "typed_in", "value"),
    [
        ("url", "example.org/a", "https://example.org/a"),
        ("url", "http://example.org", "http://example.org"),
        ("year", "2 021", 2021),
        ("integer", "1,234,567", 1234567),
        ("long_text", "a\r\nb\rc", "a\nb\nc"),
    ],
)
def test_what_is_typed_is_read_kindly(kind, typed_in, value):
    field = form_field(FieldSpec("f", Kind(kind), {"en": "F"}, {}), Choices())

    assert field.clean(typed_in) == value


@pytest.mark.parametrize("typed_in", ["12.5", "twelve", "1,234"])
def test_whole_number_that_is_none_is_refused(typed_in):
    field = form_field(FieldSpec("f", Kind.INTEGER, {"en": "F"}, {}), Choices())

    with pytest.raises(Exception, match=r"whole number|could be|Write a number"):
        field.clean(typed_in)


def test_required_field_wears_a_star_and_is_not_required_of_a_draft():
    field = form_field(FieldSpec("f", Kind.EMAIL, {"en": "F"}, {}, required=True), Choices())

    assert field.label == 'F <span class="asteriskField">*</span>'
    assert not field.required
