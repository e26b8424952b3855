"""What a scheme asks on a condition, wishes for, takes as evidence and lets be withheld."""

import pytest

from submissions.scheme import load
from submissions.scheme.documents import SchemeError
from submissions.scheme.fields import Kind
from submissions.scheme.sections import Recommended
from tests.builders import submissions as build


def document(name):
    code, _dash, version = name.rpartition("-")
    return build.shipped(code, version=int(version))


def known(_source):
    return ()


def tiny(*fields, rows=(), attachments=("other",), **more):
    """Return a document of one section with these fields, each as kind or as a whole."""
    made = [
        {"key": key, "labels": {"en": key}, **({"kind": part} if isinstance(part, str) else part)}
        for key, part in fields
    ]
    section = {"key": "one", "labels": {"en": "One"}, "fields": made, "rows": list(rows)}
    return [{**section, "attachments": list(attachments), **more}]


STAGE = {
    "kind": "choice",
    "options": [{"code": "pilot", "labels": {"en": "P"}}, {"code": "sold", "labels": {"en": "S"}}],
}


def asked(condition):
    return load(tiny(("stage", STAGE), ("count", {"kind": "integer", "required_when": condition})))


@pytest.mark.parametrize(
    ("condition", "values", "is_missing"),
    [
        ({"field": "stage", "in": ["sold"]}, {"stage": "sold"}, True),
        ({"field": "stage", "in": ["sold"]}, {"stage": "pilot"}, False),
        ({"field": "stage", "in": ["sold"]}, {}, False),
        ({"field": "stage", "in": ["sold"]}, {"stage": "sold", "count": 0}, False),
        ({"field": "stage", "filled": True}, {"stage": "pilot"}, True),
        ({"field": "stage", "filled": True}, {}, False),
        ({"field": "stage", "filled": False}, {}, True),
        ({"field": "stage", "filled": False}, {"stage": "pilot"}, False),
    ],
)
def test_field_is_required_when_another_one_says_so(condition, values, is_missing):
    found = asked(condition).missing({"one": values})

    assert [(one.field, one.message) for one in found] == (
        [("count", "count: please fill this in.")] if is_missing else []
    )


def test_condition_looks_into_its_own_row():
    fields = tiny(("stage", STAGE), ("why", {"kind": "date", "required_when": ON_STAGE}))[0][
        "fields"
    ]
    table = {"key": "rows", "labels": {"en": "Rows"}, "fields": fields}
    scheme = load(tiny(rows=[table]))

    found = scheme.missing({"one": {"rows": [{"stage": "pilot"}, {}, {"stage": "sold"}]}})

    assert [one.field for one in found] == ["rows.0.why", "rows.2.why"]


ON_STAGE = {"field": "stage", "filled": True}


def test_what_is_recommended_never_blocks():
    table = {
        "key": "rows",
        "labels": {"en": "Rows"},
        "recommended_rows": 3,
        "fields": [{"key": "name", "kind": "date", "labels": {"en": "Name"}, "recommended": True}],
    }
    scheme = load(tiny(("log", {"kind": "date", "recommended": True}), rows=[table]))
    content = {"one": {"rows": [{"name": "2026-01-01"}, {}]}}

    assert scheme.missing(content) == []
    assert [(type(one), one.field, one.message) for one in scheme.recommended(content)] == [
        (Recommended, "log", "log: recommended."),
        (Recommended, "rows", "Rows: 3 rows are recommended."),
        (Recommended, "rows.1.name", "Name: recommended."),
    ]


FILE = "0b4c5d6e-0000-4000-8000-000000000001"


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        (FILE, ""),
        (f"{FILE}#12", ""),
        (f"{FILE}#0", "page"),
        (f"{FILE}#x", "page"),
        (f"{FILE}#123456", "page"),
        ("#12", "page"),
        (FILE.upper(), "page"),
        (7, "page"),
        (FILE.replace("1", "2"), "not among those"),
    ],
)
def test_evidence_is_a_file_of_a_kind_it_takes_and_perhaps_a_page(value, fault):
    field = load(tiny(("proof", {"kind": "evidence", "attachments": ["other"]}))).sections[0].fields
    files = {"attachment.other": {FILE}}

    said = field[0].fault(value, lambda source: files.get(source, ()))

    assert (fault in said) if fault else said == ""


def test_evidence_of_another_kind_is_refused():
    field = load(tiny(("proof", {"kind": "evidence", "attachments": ["other"]}))).sections[0].fields

    assert "not among those" in field[0].fault(
        FILE, lambda source: {FILE} if source == "attachment.photo" else ()
    )


def test_section_that_is_withheld_has_no_public_field():
    scheme = load(document("default-3")["sections"])
    content = {"commitment": {"withheld": ["economics", "technology", "weather"]}}

    kept = scheme.public_keys({}) - scheme.public_keys(content)

    assert scheme.withheld(content) == {"economics"}, "only what the scheme lets be withheld"
    assert kept == {one for one in scheme.public_keys({}) if one.startswith("economics.")}
    assert kept


@pytest.mark.parametrize("nonsense", [None, [], "x", {"commitment": 3}])
def test_nonsense_withholds_nothing(nonsense):
    scheme = load(document("default-3")["sections"])

    assert scheme.withheld(nonsense) == frozenset()


def test_sections_to_withhold_are_chosen_among_those_that_can_be():
    scheme = load(document("default-3")["sections"])
    field = next(f for f in scheme.section("commitment").fields if f.kind is Kind.SECTIONS)

    assert [code for code, _names in field.options] == ["process", "economics", "cases", "property"]
    assert field.fault(["cases", "property"], known) == ""
    assert "“technology” is not offered." in field.fault(["technology"], known)


@pytest.mark.parametrize(
    ("sections", "problem"),
    [
        (
            tiny(("a", {"kind": "date", "required": True, "recommended": True})),
            "required, recommended and required_when are one of the three",
        ),
        (
            tiny(("a", {"kind": "date", "required_when": {"field": "b", "filled": True}})),
            "required_when names b, no field beside it",
        ),
        (
            tiny(("a", {"kind": "date", "required_when": {"field": "a", "filled": True}})),
            "required_when names a, no field beside it",
        ),
        (
            tiny(
                ("s", STAGE), ("a", {"kind": "date", "required_when": {"field": "s", "in": ["x"]}})
            ),
            "required_when names x, which s does not offer",
        ),
        (
            tiny(
                ("s", "date"), ("a", {"kind": "date", "required_when": {"field": "s", "in": ["x"]}})
            ),
            "required_when asks for a code of s, which has none",
        ),
        *(
            (
                tiny(("s", STAGE), ("a", {"kind": "date", "required_when": told})),
                'required_when is {"field": …, "in": […]} or {"field": …, "filled": true}',
            )
            for told in (
                "s",
                {"field": "s"},
                {"field": "s", "in": []},
                {"field": "s", "filled": "yes"},
                {"field": "s", "filled": True, "in": ["sold"]},
                {"in": ["sold"]},
            )
        ),
        (
            tiny(("a", "evidence")),
            "evidence, and nothing else, says which attachments it takes",
        ),
        (
            tiny(("a", {"kind": "date", "attachments": ["other"]})),
            "evidence, and nothing else, says which attachments it takes",
        ),
        (
            tiny(("a", {"kind": "evidence", "attachments": ["photo"]})),
            "a: no section takes a file of the kind photo",
        ),
        (tiny(("a", "date"), withholdable=True), "what is withholdable needs a field"),
        (tiny(("a", "sections")), "what is withholdable needs a field"),
        (
            tiny(("a", "sections"), ("b", "sections"), withholdable=True),
            "only one field names sections to withhold",
        ),
        (
            tiny(
                ("a", "date"),
                rows=[
                    {
                        "key": "r",
                        "labels": {"en": "R"},
                        "recommended_rows": 2,
                        "min_rows": 2,
                        "fields": [{"key": "a", "kind": "date", "labels": {"en": "A"}}],
                    }
                ],
            ),
            "recommended_rows lies between min_rows and max_rows",
        ),
    ],
)
def test_new_parts_of_a_scheme_are_read_strictly(sections, problem):
    with pytest.raises(SchemeError) as refusal:
        load(sections)

    assert problem in str(refusal.value)
