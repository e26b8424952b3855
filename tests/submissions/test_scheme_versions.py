"""The next version of a scheme, made by an officer without code."""

import json

import pytest
from django.urls import reverse

from core.models import AuditEntry
from submissions.models import DeclarationScheme
from submissions.scheme import load
from submissions.scheme.documents import SchemeError
from submissions.scheme.revising import Requirement, requirement, revised
from tests.builders import accounts
from tests.builders import submissions as build

# The document -----------------------------------------------------------------------------


def sections(code="default"):
    return build.shipped(code)["sections"]


def changed(**changes):
    """Return the default scheme with changes, their places written with two underscores."""
    return load(revised(sections(), {at.replace("__", "."): one for at, one in changes.items()}))


def field(scheme, section, key):
    return next(one for one in scheme.section(section).fields if one.key == key)


def test_no_change_changes_nothing():
    assert revised(sections(), {}) == sections()


def test_every_field_can_be_given_each_requirement_it_can_have():
    for section in sections():
        for one in section["fields"]:
            place = f"{section['key']}.{one['key']}"
            for wanted in Requirement:
                if wanted is Requirement.CONDITION and "required_when" not in one:
                    continue
                made = revised(sections(), {place: {"requirement": str(wanted)}})
                now = {
                    f"{s['key']}.{f['key']}": requirement(f) for s in made for f in s["fields"]
                }.get(place, Requirement.NOT_ASKED)
                kept = {"technology.title", "technology.subcategory"}
                kept |= {"commitment.truthful", "commitment.publication"}
                assert now is (requirement(one) if place in kept else wanted)


def test_change_of_requirement_hint_and_limit():
    scheme = changed(
        technology__principle={"requirement": "optional", "max_words": 200},
        technology__route={"requirement": "recommended", "helps": {"en": "Briefly.", "fr": ""}},
        technology__trl={"minimum": "4"},
    )

    principle, route = (field(scheme, "technology", key) for key in ("principle", "route"))
    assert (principle.required, principle.max_words) == (False, 200)
    assert (route.required, route.recommended, route.helps) == (False, True, {"en": "Briefly."})
    assert field(scheme, "technology", "trl").minimum == 4


def test_rows_of_a_table():
    scheme = changed(cases__cases={"min_rows": 2, "recommended_rows": 0, "max_rows": 5})

    table = scheme.section("cases").rows[0]
    assert (table.min_rows, table.recommended_rows, table.max_rows) == (2, 0, 5)


def test_field_that_is_not_asked_takes_what_hangs_on_it_along():
    scheme = changed(
        performance__indicators__as_stated={"requirement": "not_asked"},
        performance__indicators__indicator={"requirement": "not_asked"},
        recommendation__unit={"requirement": "not_asked"},
    )

    table = scheme.section("performance").rows[0]
    assert table.one_of == ("typical", "minimum", "maximum")
    assert next(one for one in table.fields if one.key == "name").required_when is None
    assert field(scheme, "recommendation", "opinion").required_when is None


def test_section_of_which_nothing_is_asked_is_gone():
    changes = {
        f"recommendation.{one['key']}": {"requirement": "not_asked"}
        for part in sections()
        if part["key"] == "recommendation"
        for one in part["fields"]
    }

    made = load(revised(sections(), changes))

    assert "recommendation" not in [one.key for one in made.sections]


def test_without_the_question_nothing_can_be_withheld():
    scheme = changed(commitment__withheld={"requirement": "not_asked"})

    assert not any(section.withholdable for section in scheme.sections)


def test_what_makes_no_sense_is_refused_by_the_reader_of_schemes():
    with pytest.raises(SchemeError, match="min_rows is above max_rows"):
        changed(cases__cases={"min_rows": 9, "recommended_rows": 0, "max_rows": 5})


# The pages --------------------------------------------------------------------------------


def prepare(scheme, section="technology"):
    page = reverse("admin:submissions_declarationscheme_prepare", args=[scheme.pk])
    return f"{page}?section={section}"


def as_shown(page, **more):
    """Return what a browser would send of the page, with other things typed."""
    form = page.context["form"]
    data = {name: "" if (value := form[name].value()) is None else value for name in form.fields}
    data |= {"changes": page.context["changes"], "action": "lay_down"}
    return data | {name.replace("__", "."): value for name, value in more.items()}


@pytest.fixture
def officer(db):
    return accounts.signed_in(accounts.officer())


@pytest.fixture
def scheme(db):
    return build.scheme("default")


def test_new_version_is_laid_down_and_can_be_chosen(officer, scheme):
    page = officer.get(prepare(scheme))

    sent = as_shown(page) | {
        "technology.principle:requirement": "optional",
        "technology.principle:help_en": "In plain words.",
        "technology.principle:max_words": "200",
    }
    answer = officer.post(prepare(scheme), sent)

    made = DeclarationScheme.objects.get(code="default", version=4)
    assert answer.url == reverse("admin:submissions_declarationscheme_change", args=[made.pk])
    principle = field(made.load(), "technology", "principle")
    assert (principle.required, principle.max_words) == (False, 200)
    assert principle.helps["en"] == "In plain words."
    assert AuditEntry.objects.filter(act="scheme.added", subject_id=str(made.pk)).count() == 1
    scheme.refresh_from_db()
    assert field(scheme.load(), "technology", "principle").required
    assert build.open_activity(scheme=made).scheme == made


def test_only_what_was_changed_is_different(officer, scheme):
    page = officer.get(prepare(scheme))

    officer.post(prepare(scheme), as_shown(page) | {"technology.trl:minimum": "2"})

    made = DeclarationScheme.objects.get(version=4)
    expected = json.loads(json.dumps(scheme.sections))
    trl = next(one for one in expected[1]["fields"] if one["key"] == "trl")
    trl["minimum"] = "2"
    assert made.sections == expected


def test_changes_of_one_section_are_carried_to_the_next(officer, scheme):
    first = officer.get(prepare(scheme, "cases"))
    sent = as_shown(first) | {"cases.cases:min_rows": "2", "action": "section:technology"}

    second = officer.post(prepare(scheme, "cases"), sent)
    officer.post(prepare(scheme), as_shown(second) | {"technology.trl:requirement": "not_asked"})

    made = DeclarationScheme.objects.get(version=4).load()
    assert made.section("cases").rows[0].min_rows == 2
    assert "trl" not in [one.key for one in made.section("technology").fields]


def test_coming_back_to_a_section_shows_what_was_typed(officer, scheme):
    page = officer.get(prepare(scheme))
    sent = as_shown(page) | {"technology.trl:help_en": "Mine.", "action": "section:cases"}

    away = officer.post(prepare(scheme), sent)
    back = officer.post(prepare(scheme, "cases"), as_shown(away) | {"action": "section:technology"})

    assert back.context["form"]["technology.trl:help_en"].value() == "Mine."
    assert not DeclarationScheme.objects.filter(version=4).exists()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({}, "Nothing is changed yet."),
        ({"changes": "{"}, "This page cannot be read any more."),
        ({"changes": "[]"}, "This page cannot be read any more."),
        ({"changes": '{"cases.cases": {"min_rows": "x"}}'}, "This page cannot be read any more."),
        (
            {"changes": '{"cases.cases": {"min_rows": 60, "recommended_rows": 0}}'},
            "min_rows is above max_rows",
        ),
    ],
)
def test_what_cannot_be_laid_down_is_said_and_nothing_is_stored(officer, scheme, typed, said):
    page = officer.get(prepare(scheme))

    shown = officer.post(prepare(scheme), as_shown(page) | typed, follow=True)

    assert said in shown.content.decode()
    assert DeclarationScheme.objects.count() == 1


def test_value_that_is_none_is_refused_at_its_field(officer, scheme):
    page = officer.get(prepare(scheme))

    shown = officer.post(prepare(scheme), as_shown(page) | {"technology.trl:minimum": "low"})

    assert "technology.trl:minimum" in shown.context["form"].errors
    assert DeclarationScheme.objects.count() == 1


def test_every_section_has_a_page(officer, scheme):
    for section in scheme.sections:
        assert officer.get(prepare(scheme, section["key"])).context["form"].fields


def test_section_and_scheme_that_do_not_exist(officer, scheme):
    assert officer.get(prepare(scheme, "weather")).status_code == 404
    missing = DeclarationScheme(pk=scheme.pk + 1)
    assert officer.get(prepare(missing)).status_code == 404


@pytest.mark.parametrize("who", [accounts.user, accounts.expert_user, accounts.auditor])
def test_nobody_but_officers_comes_here(scheme, who):
    assert accounts.signed_in(who()).get(prepare(scheme)).status_code == 404


def test_reading_page_shows_requirement_limits_and_hints(officer, scheme):
    page = officer.get(
        reverse("admin:submissions_declarationscheme_change", args=[scheme.pk])
    ).content.decode()

    assert "on a condition" in page
    assert "60 characters" in page
    assert "at least 1, at most 50 rows; 3 recommended" in page
    assert "The applicant may withhold this section from publication." in page
    assert prepare(scheme).partition("?")[0] in page
