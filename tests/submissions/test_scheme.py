"""Schemes: what is missing in a declaration, what is wrong, what is public."""

import json

import pytest

from submissions.activities import SCHEMES
from submissions.models import Attachment
from submissions.scheme import load
from submissions.scheme.documents import SchemeError
from submissions.scheme.fields import Kind
from submissions.scheme.sections import Missing
from tests.builders.submissions import content

SHIPPED = sorted(SCHEMES.glob("*.json"))
OF_DECLARATIONS = [path for path in SHIPPED if not path.stem.startswith("profile-")]
SUMS = {"amount", "investment", "operating_total", "contract_value"}
EVIDENCE = {
    *("proof", "evidence", "acceptance", "monitoring", "log", "opinion", "ownership_proof"),
    *("certificate", "file", "novelty_report", "scan"),
}


def all_fields(section):
    return [*section.fields, *(field for table in section.rows for field in table.fields)]


def known(source):
    return {
        "country": {"NO", "KZ", "PK"},
        "subcategory": {"WAT-01"},
        "maturity": {"commercial"},
        "pollutant": {"cod", "ammonia-nitrogen"},
        "currency": {"CNY"},
        "unit": {"%"},
    }[source]


def document(name="demo-3"):
    return json.loads((SCHEMES / f"{name}.json").read_text(encoding="utf-8"))


@pytest.fixture
def scheme():
    return load(document()["sections"])


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_shipped_scheme_is_sound_and_complete_in_english_and_chinese(path):
    shipped = json.loads(path.read_text(encoding="utf-8"))
    scheme = load(shipped["sections"])

    named = [
        one.labels
        for section in scheme.sections
        for one in (section, *section.members, *(f for t in section.rows for f in t.fields))
    ]
    named += [labels for s in scheme.sections for f in s.fields for _code, labels in f.options]

    assert f"{shipped['code']}-{shipped['version']}" == path.stem
    assert {frozenset(labels) for labels in named} == {frozenset({"en", "zh-hans"})}


@pytest.mark.parametrize("path", OF_DECLARATIONS, ids=lambda path: path.stem)
def test_no_place_is_called_a_country_alone(path):
    scheme = load(json.loads(path.read_text(encoding="utf-8"))["sections"])
    places = [
        field.labels
        for section in scheme.sections
        for fields in (section.fields, *(table.fields for table in section.rows))
        for field in fields
        if field.kind in (Kind.COUNTRY, Kind.COUNTRIES)
    ]

    assert all("region" in names["en"] and "（地区）" in names["zh-hans"] for names in places)
    assert {"en": "Target countries and regions", "zh-hans": "目标国家（地区）"} in places
    assert {"en": "Country or region", "zh-hans": "国家（地区）"} in places


@pytest.mark.parametrize("path", OF_DECLARATIONS, ids=lambda path: path.stem)
def test_each_year_and_amount_has_a_minimum(path):
    """So nothing but the scheme has to refuse the year 12 or a sum below zero."""
    scheme = load(json.loads(path.read_text(encoding="utf-8"))["sections"])
    fields = [field for section in scheme.sections for field in all_fields(section)]
    years = {field.minimum for field in fields if field.kind is Kind.YEAR}
    amounts = {field.minimum for field in fields if field.key in SUMS}

    assert (years, amounts) == ({1900}, {0})


def names_of(fields):
    return {f"{section.key}.{field.key}" for section, field in fields}


RELAXED = {
    *("required", "recommended", "required_when", "min_rows", "recommended_rows", "profile"),
}


def skeleton(part, at=""):
    """Return a scheme document without what the demonstration's may relax."""
    if isinstance(part, list):
        return [skeleton(one, at) for one in part]
    if not isinstance(part, dict):
        return part
    at = part.get("key", at)
    relaxed = RELAXED | ({"max_length"} if at == "title" else set())
    return {key: skeleton(value, at) for key, value in part.items() if key not in relaxed}


def test_demo_scheme_is_the_default_one_with_less_required():
    default, demo = document("default-3"), document("demo-3")

    assert skeleton(demo["sections"]) == skeleton(default["sections"])
    for strict, lax in zip(
        load(default["sections"]).sections, load(demo["sections"]).sections, strict=True
    ):
        assert {f.key for f in lax.fields if f.required} <= {
            f.key for f in strict.fields if f.required
        }
        for asked, relaxed in zip(strict.rows, lax.rows, strict=True):
            assert relaxed.min_rows <= asked.min_rows
            assert max(relaxed.min_rows, relaxed.recommended_rows) == max(
                asked.min_rows, asked.recommended_rows
            )


@pytest.mark.parametrize("name", ["default-3", "demo-3"])
def test_evidence_is_of_kinds_of_files_there_are(name):
    scheme = load(document(name)["sections"])
    kinds = {kind for section in scheme.sections for kind in section.attachments}
    wanted = {
        kind for s in scheme.sections for field in all_fields(s) for kind in field.attachments
    }

    assert wanted <= kinds == set(Attachment.Kind.values)


def test_no_key_of_the_second_version_is_lost_or_of_another_kind_but_the_unit():
    before, now = (
        {
            f"{section.key}.{at}{field.key}": field.kind
            for section in load(document(name)["sections"]).sections
            for at, fields in (
                ("", section.fields),
                *((f"{t.key}.", t.fields) for t in section.rows),
            )
            for field in fields
        }
        for name in ("default-2", "default-3")
    )

    assert {key for key, kind in before.items() if now.get(key) is not kind} == {
        "performance.indicators.unit"
    }


def test_full_document_misses_nothing_and_has_no_fault(scheme):
    assert scheme.missing(content()) == []
    assert scheme.faults(content(), known) == []


def test_demo_scheme_requires_what_the_real_data_can_hold(scheme):
    assert {(one.section, one.field) for one in scheme.missing({})} == {
        ("applicant", "role"),
        ("technology", "title"),
        ("technology", "subcategory"),
        ("technology", "summary"),
        ("technology", "applicability"),
        ("technology", "maturity"),
        ("performance", "indicators"),
        ("evidence", "evidence_grade"),
        ("commitment", "truthful"),
        ("commitment", "publication"),
        ("commitment", "signatory"),
        ("commitment", "signed_on"),
    }


def test_missing_field_of_a_row_is_named_with_its_row(scheme):
    filled = content()
    filled["performance"]["indicators"].append({"unit": "%"})

    assert scheme.missing(filled) == [
        Missing(
            "performance",
            "indicators.1.name",
            "Indicator not in the list: please fill this in.",
        ),
        Missing(
            "performance",
            "indicators.1.typical",
            "Indicators, row 2: state at least one of: Minimum, Typical, Maximum, "
            "As the source states it.",
        ),
    ]


def test_commitment_that_is_not_ticked_is_missing(scheme):
    filled = content()
    filled["commitment"]["truthful"] = False

    assert [one.field for one in scheme.missing(filled)] == ["truthful"]


@pytest.mark.parametrize(
    ("change", "at"),
    [
        ({"technology": {"title": 7}}, [("technology", "title")]),
        ({"technology": {"colour": "red"}}, [("technology", "colour")]),
        ({"technology": "text"}, [("technology", "")]),
        ({"weather": {}}, [("weather", "")]),
        ({"performance": {"indicators": "many"}}, [("performance", "indicators")]),
        ({"performance": {"indicators": ["one"]}}, [("performance", "indicators")]),
        (
            {"performance": {"indicators": [{"typical": 98.5}]}},
            [("performance", "indicators.0.typical")],
        ),
        (
            {"performance": {"indicators": [{"name": "a", "x": 1}]}},
            [("performance", "indicators.0.x")],
        ),
        ({"performance": {"indicators": [{"name": "a"}] * 51}}, [("performance", "indicators")]),
        ({"cases": {"cases": [{"country": "XX"}]}}, [("cases", "cases.0.country")]),
    ],
)
def test_what_no_form_lets_through_is_found(scheme, change, at):
    assert [(one.section, one.field) for one in scheme.faults(change, known)] == at


@pytest.mark.parametrize("nonsense", [None, [], "text", 7])
def test_what_is_no_declaration_is_said_so(scheme, nonsense):
    assert [one.message for one in scheme.faults(nonsense, known)] == ["This is not a declaration."]


def test_contacts_credit_statement_and_commitment_are_not_public(scheme):
    fields = names_of((section, field) for section in scheme.sections for field in section.fields)
    rows = {
        f"{section.key}.{table.key}.{field.key}"
        for section in scheme.sections
        for table in section.rows
        for field in table.fields
    }

    hidden = (fields | rows) - scheme.public_keys({})

    assert {one for one in hidden if one.split(".")[-1] not in EVIDENCE} == {
        *("applicant.contact_name", "applicant.contact_email", "applicant.contact_phone"),
        *("applicant.legal_representative", "applicant.credit_statement", "applicant.credit_note"),
        *("applicant.joint.registration_number", "applicant.joint.contact_name"),
        *("applicant.joint.contact_email", "applicant.joint.contact_phone"),
        *("cases.cases.contract_value", "cases.cases.user_contact"),
        *("property.no_dispute", "recognition.disclosed", "recognition.appraisals.experts"),
        *("recommendation.verdict", "recommendation.signatory", "recommendation.recommended_on"),
        *("commitment.truthful", "commitment.publication", "commitment.rights_held"),
        *("commitment.no_dishonesty", "commitment.removal", "commitment.withheld"),
        *("commitment.signatory", "commitment.signed_on"),
    }


def broken(change):
    """Return an earlier demo scheme with something done to it."""
    sections = document("demo-2")["sections"]
    change(sections)
    return sections


def _set(section, field, **changes):
    def change(sections):
        sections[section]["fields"][field] |= changes

    return change


def _set_rows(section, **changes):
    def change(sections):
        sections[section]["rows"][0] |= changes

    return change


TECHNOLOGY = "sections[1](technology)"
INDICATORS = "sections[2](performance).rows[0](indicators)"


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (_set(1, 0, kind="picture"), f"{TECHNOLOGY}.fields[0](title): kind 'picture' is unknown"),
        (
            _set(1, 0, key="Title"),
            f"{TECHNOLOGY}.fields[0](Title): key 'Title' must be a lower-case identifier",
        ),
        (
            _set(1, 0, labels={"zh-hans": "名"}),
            f"{TECHNOLOGY}.fields[0](title): labels needs a text per language, English among them",
        ),
        (_set(1, 0, max_length=None), f"{TECHNOLOGY}.fields[0](title): a text needs max_length"),
        (
            _set(1, 0, max_length="60"),
            f"{TECHNOLOGY}.fields[0](title): max_length must be a whole number from 0 to 20000",
        ),
        (
            _set(1, 0, colour="red"),
            f"{TECHNOLOGY}.fields[0](title): colour is not part of a scheme",
        ),
        (
            _set(1, 0, required="yes"),
            f"{TECHNOLOGY}.fields[0](title): required must be true or false",
        ),
        (_set(1, 0, key="summary"), f"{TECHNOLOGY}: summary is there twice"),
        (
            _set(1, 1, translatable=True),
            f"{TECHNOLOGY}.fields[1](subcategory): only texts are translatable",
        ),
        (
            _set(1, 2, options=[{"code": "a", "labels": {"en": "A"}}]),
            f"{TECHNOLOGY}.fields[2](form): choices need a vocabulary or options, one of the two",
        ),
        (
            _set(1, 14, minimum=1900),
            f"{TECHNOLOGY}.fields[14](first_use_year): "
            'minimum must be a number written as a text: "0"',
        ),
        (
            _set(1, 14, minimum="2200"),
            f"{TECHNOLOGY}.fields[14](first_use_year): minimum is above maximum",
        ),
        (_set_rows(2, one_of=["colour"]), f"{INDICATORS}: one_of names colour, no field"),
        (_set_rows(2, min_rows=60), f"{INDICATORS}: min_rows is above max_rows"),
        (_set_rows(2, fields=[]), f"{INDICATORS}: a row needs fields"),
        (
            lambda s: s[2]["rows"][0]["fields"][0].update(translatable=True),
            f"{INDICATORS}: name of a row cannot be translatable",
        ),
        (lambda s: s.append(s[0]), "sections: applicant is there twice"),
        (lambda s: s.append("x"), "sections[8]: must be an object"),
        (lambda s: s.clear(), "sections: there are none"),
    ],
)
def test_unsound_scheme_is_refused_with_its_place_and_reason(change, problem):
    with pytest.raises(SchemeError) as refusal:
        load(broken(change))

    assert problem in refusal.value.problems


def test_all_problems_of_a_scheme_are_named_at_once():
    def change(sections):
        sections[1]["fields"][0]["kind"] = "picture"
        sections[1]["fields"][1]["kind"] = "sound"

    with pytest.raises(SchemeError) as refusal:
        load(broken(change))

    assert len(refusal.value.problems) == 2


@pytest.mark.parametrize("nonsense", [None, {}, "text", 7])
def test_scheme_that_is_no_list_is_refused(nonsense):
    with pytest.raises(SchemeError):
        load(nonsense)


def test_every_kind_is_used_by_a_shipped_scheme():
    scheme = load(document("default-3")["sections"])
    used = {
        field.kind
        for section in scheme.sections
        for part in (section.fields, *(table.fields for table in section.rows))
        for field in part
    }

    assert used == set(Kind)
