"""The next version of a set of rules, made by an officer without code."""

import re

import pytest
from django.urls import reverse

from core.models import AuditEntry
from submissions.checks.rulesets import RULES
from submissions.checks.shipped import newest
from submissions.models import RuleSet
from submissions.rule_set_forms import PARAM_NAMES
from tests.builders import accounts, rules
from tests.builders import submissions as build
from tests.reading import text

pytestmark = pytest.mark.django_db


def prepare(rule_set) -> str:
    return reverse("admin:submissions_ruleset_prepare", args=[rule_set.pk])


def change(rule_set) -> str:
    return reverse("admin:submissions_ruleset_change", args=[rule_set.pk])


def as_shown(page, **more):
    """Return what a browser would send of the page, with other things typed."""
    form, items = page.context["form"], page.context["items"]
    data = {form[name].html_name: form[name].value() for name in form.fields}
    for one in (*items.forms, items.management_form):
        data |= {one[name].html_name: one[name].value() for name in one.fields}
    data = {name: value for name, value in data.items() if value is not None and value is not False}
    return data | {"action": "lay_down"} | {n.replace("__", ":"): v for n, v in more.items()}


@pytest.fixture
def officer():
    return accounts.officer()


@pytest.fixture
def desk(officer):
    return accounts.signed_in(officer)


@pytest.fixture
def shipped():
    return RuleSet.objects.get(code="default", version=2)


def test_every_figure_of_a_rule_has_words():
    assert {param for rule in RULES.values() for param in rule.params} == set(PARAM_NAMES)


class TestReading:
    def test_a_set_is_read_with_levels_figures_and_manual_items(self, desk):
        one = rules.rule_set(
            "own",
            ("removal_fits_inlet_and_outlet", "error", {"tolerance": 7}),
            manual=[{"key": "stamp", "labels": {"en": "Stamped"}, "helps": {"en": "All pages."}}],
        )

        page = " ".join(text(desk.get(change(one))).split())

        assert (
            '<th scope="row">A removal rate fits inlet and outlet</th> '
            "<td>error: cannot be filed so</td> "
            "<td>Difference allowed, in percentage points: 7</td>"
        ) in page
        assert page.count("<td>does not apply</td>") == len(RULES) - 1
        assert "<dt>Stamped</dt><dd>All pages.</dd>" in page
        assert prepare(one) in page


class TestNextVersion:
    def test_it_is_laid_down_and_an_activity_can_choose_it(self, desk, officer, shipped):
        page = desk.get(prepare(shipped))

        answer = desk.post(
            prepare(shipped),
            as_shown(page, claim_has_evidence__level="error", says_enough__level=""),
        )

        made = RuleSet.objects.get(code="default", version=3)
        assert answer.url == change(made)
        expected = [
            one | ({"level": "error"} if one["rule"] == "claim_has_evidence" else {})
            for one in newest().document["rules"]
            if one["rule"] != "says_enough"
        ]
        assert made.document == {"rules": expected, "manual": newest().document["manual"]}
        act = AuditEntry.objects.get(act="rule set.added")
        assert (act.actor_id, act.subject_id) == (officer.pk, str(made.pk))
        assert build.prepared_activity().rule_set == made

    def test_figures_and_rules_that_did_not_apply(self, desk):
        one = rules.rule_set("own", ("says_enough", "warning", {"words": 9}))
        page = desk.get(prepare(one))

        desk.post(
            prepare(one),
            as_shown(
                page,
                says_enough__words="",
                removal_fits_inlet_and_outlet__level="information",
                removal_fits_inlet_and_outlet__tolerance="0",
            ),
        )

        assert RuleSet.objects.get(code="own", version=2).document == rules.document(
            ("says_enough", "warning"),
            ("removal_fits_inlet_and_outlet", "information", {"tolerance": 0}),
        )

    def test_manual_items_are_changed_removed_and_added(self, desk, shipped):
        page = desk.get(prepare(shipped))
        first = newest().document["manual"][0]

        desk.post(
            prepare(shipped),
            as_shown(page)
            | {
                "form-0-label_en": "Stamped and signed",
                "form-1-DELETE": "on",
                "form-6-label_en": "Files legible?",
                "form-6-label_zh_hans": "附件是否清晰",
                "form-7-label_en": "商标",
            },
        )

        manual = RuleSet.objects.get(version=3).document["manual"]
        assert [one["key"] for one in manual] == [
            "stamped_commitment",
            "holder_named",
            "reports_of_this_technology",
            "cases_proved",
            "within_the_notice",
            "files_legible",
            "item",
        ]
        assert manual[0] == first | {"labels": first["labels"] | {"en": "Stamped and signed"}}
        assert manual[5] == {
            "key": "files_legible",
            "labels": {"en": "Files legible?", "zh-hans": "附件是否清晰"},
        }

    def test_keys_are_not_given_twice_nor_the_name_of_a_rule(self, desk):
        one = rules.rule_set("own", manual=[{"key": "stamp", "labels": {"en": "Stamp"}}])
        page = desk.get(prepare(one))

        more = {"form-1-label_en": "Stamp", "form-2-label_en": "Says enough"}
        desk.post(prepare(one), as_shown(page) | more)

        manual = RuleSet.objects.get(code="own", version=2).document["manual"]
        assert [one["key"] for one in manual] == ["stamp", "stamp_2", "says_enough_2"]

    def test_more_rows_keep_what_was_typed_and_store_nothing(self, desk, shipped):
        page = desk.get(prepare(shipped))
        typed = as_shown(page, says_enough__level="error") | {"form-6-label_en": "Mine"}

        again = desk.post(prepare(shipped), typed | {"action": "more"})

        assert len(again.context["items"].forms) == len(page.context["items"].forms) + 2
        assert again.context["items"].forms[6]["label_en"].value() == "Mine"
        assert again.context["form"]["says_enough:level"].value() == "error"
        assert RuleSet.objects.count() == 2

    @pytest.mark.parametrize(
        ("typed", "place", "said"),
        [
            ({}, None, "Nothing is changed yet."),
            ({"says_enough:words": "-1"}, "says_enough:words", "greater than or equal to 0"),
            (
                {"unit_investment_fits:factor": "0"},
                "unit_investment_fits:factor",
                "greater than or equal to 1",
            ),
            (
                {"language_of_text:share": "101"},
                "language_of_text:share",
                "less than or equal to 100",
            ),
            ({"says_enough:level": "grave"}, "says_enough:level", "Select a valid choice."),
        ],
    )
    def test_what_cannot_be_laid_down_is_said_at_its_place(self, desk, shipped, typed, place, said):
        answer = desk.post(prepare(shipped), as_shown(desk.get(prepare(shipped))) | typed)

        form = answer.context["form"]
        errors = form.errors[place] if place else form.non_field_errors()
        assert said in " ".join(errors)
        assert said in text(answer)
        assert RuleSet.objects.count() == 2

    @pytest.mark.parametrize(
        ("typed", "place", "said"),
        [
            ({"form-0-label_en": ""}, "label_en", "This field is required."),
            ({"form-0-help_en": "x" * 501}, "help_en", "Too long: at most 500."),
            ({"form-0-help_en": ""}, "help_en", "This field is required."),
        ],
    )
    def test_a_manual_item_that_is_not_whole_is_refused_at_its_field(
        self, desk, shipped, typed, place, said
    ):
        answer = desk.post(prepare(shipped), as_shown(desk.get(prepare(shipped))) | typed)

        assert list(answer.context["items"].forms[0].errors[place]) == [said]
        assert RuleSet.objects.count() == 2

    def test_a_key_somebody_made_up_is_refused_with_the_place(self, desk, shipped):
        sent = as_shown(desk.get(prepare(shipped))) | {"form-0-key": "Not a key"}

        answer = desk.post(prepare(shipped), sent)

        assert re.search(r"manual\[0\]: key must be small letters", text(answer))
        assert RuleSet.objects.count() == 2

    @pytest.mark.parametrize("missing", ["form-TOTAL_FORMS", "form-INITIAL_FORMS"])
    def test_a_form_without_its_count_is_refused_and_breaks_nothing(self, desk, shipped, missing):
        sent = as_shown(desk.get(prepare(shipped)))
        del sent[missing]

        for action in ("lay_down", "more"):
            assert desk.post(prepare(shipped), sent | {"action": action}).status_code == 200
        assert RuleSet.objects.count() == 2
