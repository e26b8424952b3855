"""A set of rules read from its document, and the sets the portal comes with."""

import pytest
from django.utils import translation

from submissions.checks.remarks import Level
from submissions.checks.rulesets import RULES, Applied, ManualItem, Rules, RuleSetError, read
from submissions.checks.shipped import newest, shipped, shipped_sets


class TestSet:
    def test_rules_stand_in_their_order_with_their_level(self):
        document = {
            "rules": [
                {"rule": "says_enough", "level": "information", "params": {"words": 5}},
                {"rule": "claim_has_evidence", "level": "warning"},
            ]
        }

        assert read(document) == Rules(
            (
                Applied("says_enough", Level.INFORMATION, {"words": 5}),
                Applied("claim_has_evidence", Level.WARNING, {}),
            )
        )

    @pytest.mark.parametrize(
        ("rule", "problem"),
        [
            ({"rule": "fly", "level": "error"}, "rules[0]: there is no rule 'fly'"),
            (
                {"rule": "says_enough", "level": "grave"},
                "rules[0]: level 'grave' is none of information, warning, error",
            ),
            (
                {"rule": "says_enough", "level": "error", "params": {"share": 1}},
                "rules[0]: says_enough takes no share",
            ),
            (
                {"rule": "says_enough", "level": "error", "params": {"words": -1}},
                "rules[0]: words must be a whole number, 0 or more",
            ),
            (
                {"rule": "unit_investment_fits", "level": "warning", "params": {"factor": 0}},
                "rules[0]: factor must lie between 1 and 1000",
            ),
            (
                {"rule": "language_of_text", "level": "warning", "params": {"share": 101}},
                "rules[0]: share must lie between 0 and 100",
            ),
            (
                {"rule": "says_enough", "level": "error", "if": 1},
                "rules[0]: if is not part of a rule",
            ),
        ],
    )
    def test_unsound_set_says_where(self, rule, problem):
        with pytest.raises(RuleSetError) as error:
            read({"rules": [rule]})

        assert error.value.problems == [problem]

    def test_what_was_laid_down_before_there_were_bounds_is_read(self):
        one = {"rule": "unit_investment_fits", "level": "warning", "params": {"factor": 0}}

        (applied,) = read({"rules": [one]}, stored=True).applied

        assert applied.params == {"factor": 0}

    def test_rule_twice_and_no_rules(self):
        one = {"rule": "says_enough", "level": "error"}

        with pytest.raises(RuleSetError, match="says_enough is there twice"):
            read({"rules": [one, one]})
        with pytest.raises(RuleSetError, match="must be a list"):
            read([])


class TestManualItems:
    def test_they_are_read_with_their_texts(self):
        item = {"key": "stamp", "labels": {"en": "Stamped", "zh-hans": "已盖章"}}

        (found,) = read({"rules": [], "manual": [item]}).manual

        assert found == ManualItem("stamp", {"en": "Stamped", "zh-hans": "已盖章"}, {})
        assert (found.label, found.help) == ("Stamped", "")
        with translation.override("zh-hans"):
            assert found.label == "已盖章"

    @pytest.mark.parametrize(
        ("item", "problem"),
        [
            (
                {"key": "Stamp it", "labels": {"en": "A"}},
                "manual[0]: key must be small letters, digits and _, a letter first",
            ),
            (
                {"labels": {"en": "A"}},
                "manual[0]: key must be small letters, digits and _, a letter first",
            ),
            (
                {"key": "says_enough", "labels": {"en": "A"}},
                "manual[0]: says_enough is the name of a rule",
            ),
            (
                {"key": "stamp"},
                "manual[0].labels: Give one name per language, none of them empty.",
            ),
            (
                {"key": "stamp", "labels": {"zh-hans": "章"}},
                "manual[0].labels: The English name is missing.",
            ),
            (
                {"key": "stamp", "labels": {"en": "A", "xx": "B"}},
                "manual[0].labels: Not a language of the portal: xx.",
            ),
            (
                {"key": "stamp", "labels": {"en": "A"}, "helps": {"en": ""}},
                "manual[0].helps: Give one name per language, none of them empty.",
            ),
            (
                {"key": "stamp", "labels": {"en": "A" * 501}},
                "manual[0].labels: longer than 500 characters",
            ),
            (
                {"key": "stamp", "labels": {"en": "A"}, "level": "error"},
                "manual[0]: level is not part of a manual item",
            ),
        ],
    )
    def test_unsound_item_says_where(self, item, problem):
        with pytest.raises(RuleSetError) as error:
            read({"rules": [], "manual": [item]})

        assert error.value.problems == [problem]

    def test_key_twice_no_list_and_too_many(self):
        one = {"key": "stamp", "labels": {"en": "A"}}

        with pytest.raises(RuleSetError, match="manual: stamp is there twice"):
            read({"rules": [], "manual": [one, one]})
        with pytest.raises(RuleSetError, match="manual: must be a list"):
            read({"rules": [], "manual": {}})
        with pytest.raises(RuleSetError, match="manual: more than 50"):
            read({"rules": [], "manual": [one | {"key": f"k{n}"} for n in range(51)]})


class TestShipped:
    def test_the_newest_has_the_rules_of_the_first_and_a_manual_list(self):
        first, second = shipped_sets()

        assert [(one.code, one.version) for one in (first, second)] == [
            ("default", 1),
            ("default", 2),
        ]
        assert newest() is second
        assert shipped() == second.load()
        added = [one for one in second.load().applied if one not in first.load().applied]
        assert [(one.rule, one.level) for one in added] == [("look_alike", "warning")]
        assert {one.rule for one in shipped().applied} == set(RULES)
        assert (len(first.load().manual), len(second.load().manual)) == (0, 6)

    def test_every_text_of_it_stands_in_both_languages(self):
        items = shipped().manual

        assert [set(one.labels) for one in items] == [{"en", "zh-hans"}] * 6
        assert [set(one.helps) for one in items] == [{"en", "zh-hans"}] * 6
