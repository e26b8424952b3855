"""The forms of a section page: nothing typed is lost, nothing unreadable is taken."""

import json

import pytest
from django.core.exceptions import ValidationError
from django.http import QueryDict

from core.errors import DomainError
from reference.models import Indicator
from submissions.activities import SCHEMES
from submissions.choices import Choices
from submissions.form_fields import form_field
from submissions.scheme import load
from submissions.scheme.fields import FieldSpec, Kind
from submissions.section_forms import anchor, retyped, shown, typed
from submissions.section_rows import add, remove
from tests.builders import submissions as build
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


def changed(section, data, key, change):
    """Return the page as it was typed, with something done to the rows of a table."""
    table = next(one for one in section.rows if one.key == key)

    def on(tables):
        tables[key] = change(tables[key], table)

    return retyped(section, Choices(), data, change=on)


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


def test_text_that_is_too_long_to_be_filed_is_read(scheme):
    title = "x" * 201
    data = post(technology__title=title)

    draft = typed(scheme.section("technology"), Choices(), data)
    strict = typed(scheme.section("technology"), Choices(), data)

    assert draft.is_valid()
    assert draft.values() == {"title": title}
    assert not strict.is_valid(limits=True)
    assert strict.form.errors["title"] == ["Use at most 200 characters; these are 201."]


def test_text_that_is_longer_than_any_draft_holds_comes_back_whole(scheme):
    title = "x" * 50_001
    entry = typed(scheme.section("technology"), Choices(), post(technology__title=title))

    assert not entry.is_valid()
    assert entry.form["title"].value() == title
    assert entry.form.errors["title"] == ["Use at most 50000 characters; these are 50001."]


def test_blank_row_is_no_row(scheme):
    data = rows("cases-cases", {"name": ""}, {"name": "Pilot", "country": "NO"}, {"name": "  "})

    entry = typed(scheme.section("cases"), Choices(), data)

    assert entry.is_valid()
    assert entry.values() == {"cases": [{"name": "Pilot", "country": "NO"}]}


def test_added_row_keeps_what_was_typed_readable_or_not(scheme):
    data = rows("performance-indicators", {"name": "A", "typical": "about 1,234"})

    page = changed(scheme.section("performance"), data, "indicators", add)

    assert [form["name"].value() for form in page.tables[0].forms] == ["A", None]
    assert page.tables[0].forms[0]["typical"].value() == "about 1,234"
    assert list(page.errors()) == []
    assert 'value="2"' in str(page.tables[0].management_form["TOTAL_FORMS"])


def test_removed_row_leaves_the_others(scheme):
    data = rows("cases-cases", {"name": "A"}, {"name": "B"}, {"name": "C"})

    page = changed(scheme.section("cases"), data, "cases", lambda rows, _t: remove(rows, 1))

    assert [form["name"].value() for form in page.tables[0].forms] == ["A", "C"]


def test_more_rows_than_the_scheme_takes_are_refused(scheme):
    data = rows("cases-cases", *[{"name": str(number)} for number in range(51)])

    entry = typed(scheme.section("cases"), Choices(), data)

    assert not entry.is_valid()
    assert [one[0] for one in entry.errors()] == ["div_id_cases-cases"]
    full = rows("cases-cases", *[{"name": str(number)} for number in range(50)])
    with pytest.raises(DomainError, match="Cases: at most 50 rows"):
        changed(scheme.section("cases"), full, "cases", add)


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


@pytest.mark.parametrize(
    ("typed_in", "sentence"),
    [
        (
            "10.000",
            "This could be 10000 or 10.000. Write a whole number, without a mark.",
        ),
        (
            "-1.500",
            "This could be -1500 or -1.500. Write a whole number, without a mark.",
        ),
        ("2019.0", "Write a whole number."),
        ("1 234,0", "Write a whole number."),
    ],
)
def test_mark_in_a_whole_number_is_asked_about(typed_in, sentence):
    field = form_field(FieldSpec("f", Kind.INTEGER, {"en": "F"}, {}), Choices())

    with pytest.raises(ValidationError) as refused:
        field.clean(typed_in)

    assert refused.value.messages == [sentence]


def test_required_field_wears_a_star_and_is_not_required_of_a_draft():
    field = form_field(FieldSpec("f", Kind.EMAIL, {"en": "F"}, {}, required=True), Choices())

    assert field.label == 'F <span class="asteriskField">*</span>'
    assert not field.required


# Of the third version: units, indicators, evidence ---------------------------------------


@pytest.fixture
def newest():
    return build.scheme("default").load()


@pytest.mark.parametrize("key", sorted(content()))
def test_page_of_the_newest_scheme_sent_back_unchanged_gives_the_same_values(newest, key):
    section, choices = newest.section(key), Choices()

    entry = typed(section, choices, sent(shown(section, choices, content()[key])))

    assert entry.is_valid(), list(entry.errors())
    assert {k: v for k, v in entry.values().items() if v is not False} == content()[key]


def test_row_with_nothing_but_a_box_that_is_not_ticked_is_no_row(newest):
    section = newest.section("cases")
    page = shown(section, Choices(), {"cases": [{}, {"name": "Pilot", "abroad": True}]})

    entry = typed(section, Choices(), sent(page))

    assert entry.is_valid(), list(entry.errors())
    assert entry.values() == {"cases": [{"name": "Pilot", "abroad": True}]}


def field_of(scheme, section, table, key):
    rows = next(one for one in scheme.section(section).rows if one.key == table)
    return next(one for one in rows.fields if one.key == key)


def offered(choices, field):
    return {code for _group, pairs in choices.of(field) for code, _name in pairs}


def test_indicators_are_those_of_the_field_of_the_declarations_subcategory(newest):
    declaration = build.draft()  # WAT-01
    field = field_of(newest, "performance", "indicators", "indicator")

    own = offered(Choices(declaration.activity, declaration), field)

    assert own == set(Indicator.objects.filter(field="WAT").values_list("code", flat=True))
    assert offered(Choices(), field) == set(Indicator.objects.values_list("code", flat=True))


def test_indicator_that_is_there_stays_when_the_subcategory_changes(newest):
    document = content()
    document["performance"]["indicators"][0]["indicator"] = "wat-flow"
    declaration = build.draft(document=document)
    declaration.subcategory_id = "AIR-01"
    choices = Choices(declaration.activity, declaration)

    assert "wat-flow" in choices.known("indicator")
    assert "wat-outlet-cod" not in choices.known("indicator")
    assert "air-outlet-pm" in choices.known("indicator")


def test_units_are_offered_by_what_they_measure_and_printed_as_symbols(newest):
    field = field_of(newest, "performance", "indicators", "unit")
    groups = dict(Choices().of(field))

    assert ("mg/Nm3", "mg/Nm³") in groups["Mass concentration"]
    assert Choices().label(field, "m3/d") == "m³/d"


def evidence_data(file, page):
    prefix = "performance-indicators"
    return rows(prefix, {"name": "A", "typical": "1", "evidence": file, "evidence_page": page})


@pytest.mark.parametrize(
    ("page", "stored"), [("", "{file}"), ("12", "{file}#12"), (" 3 ", "{file}#3")]
)
def test_evidence_is_a_file_and_a_page(newest, page, stored):
    declaration = build.draft()
    file = str(build.attachment(declaration).pk)
    choices = Choices(declaration.activity, declaration)

    entry = typed(newest.section("performance"), choices, evidence_data(file, page))

    assert entry.is_valid(), list(entry.errors())
    assert entry.values()["indicators"][0]["evidence"] == stored.format(file=file)


@pytest.mark.parametrize("page", ["twelve", "0", "-1"])
def test_page_that_is_none_is_refused_and_stands_as_typed(newest, page):
    declaration = build.draft()
    file = str(build.attachment(declaration).pk)
    choices = Choices(declaration.activity, declaration)

    entry = typed(newest.section("performance"), choices, evidence_data(file, page))

    assert not entry.is_valid()
    ((at, label, said),) = entry.errors()
    assert (at, label) == ("div_id_performance-indicators-0-evidence", EVIDENCE_LABEL)
    assert said == "Choose a file, and write the page as a whole number from 1."
    assert f'value="{page}"' in str(entry.tables[0].forms[0]["evidence"])


EVIDENCE_LABEL = 'Evidence <span class="asteriskField">*</span>'


def test_files_of_another_declaration_and_of_another_kind_are_no_evidence(newest):
    declaration, other = build.draft(), build.draft()
    photo = build.attachment(declaration, kind="photo")
    foreign = build.attachment(other)
    choices = Choices(declaration.activity, declaration)

    for file in (photo, foreign):
        data = evidence_data(str(file.pk), "")
        entry = typed(newest.section("performance"), choices, data)

        assert not entry.is_valid()
        assert [said for _at, _label, said in entry.errors()] == [
            "This file is not among those of the declaration that can be named here."
        ]


def test_recommended_field_says_so():
    field = form_field(FieldSpec("f", Kind.DATE, {"en": "F"}, {}, recommended=True), Choices())

    assert field.label == 'F <span class="quiet">(recommended)</span>'
