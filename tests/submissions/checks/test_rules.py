"""Each rule: what it finds, what it leaves alone, and that nothing a document holds breaks it."""

import datetime as dt
import json
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from submissions.activities import SCHEMES
from submissions.checks.papers import Papers
from submissions.checks.remarks import Level
from submissions.checks.rulesets import RULES, Applied, remarks
from submissions.scheme import load

SCHEME = load(json.loads((SCHEMES / "default-3.json").read_text(encoding="utf-8"))["sections"])
TODAY = dt.date(2026, 11, 22)
USUAL = {"wat-removal-cod": frozenset({"%"}), "wat-inlet-cod": frozenset({"mg/L"})}


def papers(content, language="en"):
    return Papers(SCHEME, content, language, TODAY, lambda code: USUAL.get(code, frozenset()))


def found(rule, content, language="en", **params):
    """Return place and sentence of what one rule finds."""
    applied = (Applied(rule, Level.WARNING, params),)
    return [
        (f"{one.section}.{one.field}", one.message)
        for one in remarks(applied, papers(content, language))
    ]


def indicators(*rows):
    return {"performance": {"indicators": list(rows)}}


def cases(*rows, **tables):
    return {"cases": {"cases": list(rows), **tables}}


class TestFigures:
    def test_unit_that_is_not_usual(self):
        content = indicators(
            {"indicator": "wat-removal-cod", "unit": "%"},
            {"indicator": "wat-inlet-cod", "unit": "kg/h"},
            {"name": "own indicator", "unit": "kg/h"},
        )

        assert found("unit_of_indicator", content) == [
            (
                "performance.indicators.1.unit",
                "Indicator 2: the unit is not one in which it is usually given.",
            )
        ]

    @pytest.mark.parametrize(("value", "wrong"), [("0", 0), ("100", 0), ("100.01", 1), ("-1", 1)])
    def test_share_lies_between_nothing_and_all(self, value, wrong):
        content = indicators({"name": "Removal", "unit": "%", "typical": value})

        assert len(found("share_within_bounds", content)) == wrong

    def test_share_above_a_hundred_is_named(self):
        content = indicators({"name": "Removal", "unit": "%", "maximum": "105"})

        assert found("share_within_bounds", content) == [
            ("performance.indicators.0.maximum", "Indicator 1: 105 % is no share of a whole.")
        ]

    def removal(self, stated):
        return indicators(
            {"indicator": "wat-inlet-cod", "typical": "400"},
            {"indicator": "wat-outlet-cod", "typical": "40"},
            {"indicator": "wat-removal-cod", "typical": stated},
        )

    @pytest.mark.parametrize(("stated", "wrong"), [("90", 0), ("88", 0), ("92", 0), ("87.9", 1)])
    def test_removal_is_measured_against_inlet_and_outlet(self, stated, wrong):
        assert len(found("removal_fits_inlet_and_outlet", self.removal(stated))) == wrong

    def test_removal_that_does_not_fit_says_what_would(self):
        assert found("removal_fits_inlet_and_outlet", self.removal("99.9")) == [
            (
                "performance.indicators.2.typical",
                "Indicator 3: 99.9 % is stated, but inlet and outlet give 90.0 %.",
            )
        ]

    @pytest.mark.parametrize(
        "more",
        [
            {"indicator": "wat-inlet-cod", "typical": "800"},
            {"indicator": "wat-outlet-cod", "typical": "1"},
        ],
    )
    def test_removal_with_two_inlets_or_outlets_is_left_alone(self, more):
        content = self.removal("99.9")
        content["performance"]["indicators"].append(more)

        assert found("removal_fits_inlet_and_outlet", content) == []

    def test_removal_with_inlet_and_outlet_in_two_units_is_left_alone(self):
        content = self.removal("99.9")
        for row, unit in zip(content["performance"]["indicators"], ["g/L", "mg/L"], strict=False):
            row["unit"] = unit

        assert found("removal_fits_inlet_and_outlet", content) == []

    def test_removal_without_inlet_or_of_another_pollutant_is_left_alone(self):
        content = indicators(
            {"indicator": "wat-inlet-cod", "typical": "0"},
            {"indicator": "wat-outlet-cod", "typical": "40"},
            {"indicator": "wat-removal-cod", "typical": "99"},
            {"indicator": "wat-removal-tn", "typical": "99"},
        )

        assert found("removal_fits_inlet_and_outlet", content) == []

    @given(
        inlet=st.integers(1, 10**6),
        percent=st.integers(0, 100),
    )
    def test_removal_that_was_computed_always_fits(self, inlet, percent):
        outlet = Decimal(inlet) * (100 - percent) / 100
        content = indicators(
            {"indicator": "wat-inlet-cod", "typical": str(inlet)},
            {"indicator": "wat-outlet-cod", "typical": f"{outlet:f}"},
            {"indicator": "wat-removal-cod", "typical": str(percent)},
        )

        assert found("removal_fits_inlet_and_outlet", content, tolerance=0) == []

    def test_more_out_than_in(self):
        content = cases(
            measurements=[
                {"measured_inlet": "10", "measured_outlet": "10"},
                {"measured_inlet": "10", "measured_outlet": "10.5"},
            ]
        )

        assert found("outlet_below_inlet", content) == [
            (
                "cases.measurements.1.measured_outlet",
                "Measurement 2: the outlet (10.5) is above the inlet.",
            )
        ]

    def test_measurement_of_no_case(self):
        content = cases(
            {"name": "A"}, measurements=[{"case": 1}, {"case": 2}], photos=[{"case": 0}]
        )

        assert [place for place, _text in found("case_of_measurement", content)] == [
            "cases.measurements.1.case",
            "cases.photos.0.case",
        ]

    @pytest.mark.parametrize(("total", "wrong"), [("3", 0), ("2.99", 0), ("2.5", 1)])
    def test_parts_of_the_operating_cost(self, total, wrong):
        parts = {"operating_power": "1", "operating_labour": "2"}

        content = {"economics": {**parts, "operating_total": total}}

        assert len(found("sum_of_operating_cost", content)) == wrong

    @pytest.mark.parametrize(("unit", "wrong"), [("1000", 0), ("501", 0), ("499", 1), ("2001", 1)])
    def test_unit_investment(self, unit, wrong):
        content = {
            "economics": {
                "investment": "1000000", "scale": "1000", "scale_unit": "m3/d",
                "unit_investment": unit, "unit_investment_per": "m3/d",
            }
        }  # fmt: skip

        assert len(found("unit_investment_fits", content)) == wrong

    @pytest.mark.parametrize(("months", "wrong"), [(23, 0), (24, 1)])
    def test_operation_since_start(self, months, wrong):
        content = cases({"year": 2025, "months_stable": months})

        assert len(found("operation_since_start", content)) == wrong


class TestProofs:
    def test_figure_without_a_file(self):
        content = indicators({"name": "A", "evidence": "file"}, {"name": "B"})

        assert found("claim_has_evidence", content) == [
            ("performance.indicators.1.evidence", "Indicator 2: no file proves this figure.")
        ]

    def test_older_scheme_that_asks_for_no_file_misses_none(self):
        older = load(
            json.loads((SCHEMES / "default-2.json").read_text(encoding="utf-8"))["sections"]
        )
        content = indicators({"name": "A"}) | cases({"name": "A"})
        every = tuple(
            Applied(rule, Level.WARNING, {}) for rule in ("claim_has_evidence", "case_has_evidence")
        )

        said = remarks(every, Papers(older, content, "en", TODAY, lambda _code: frozenset()))

        assert list(said) == []

    def test_case_without_a_file(self):
        content = cases({"acceptance": "f"}, {"monitoring": "f"}, {"name": "C"})

        assert [place for place, _text in found("case_has_evidence", content)] == [
            "cases.cases.2.acceptance"
        ]

    @pytest.mark.parametrize(("until", "wrong"), [("2026-11-22", 0), ("2026-11-21", 1), ("x", 0)])
    def test_certificate_that_ran_out(self, until, wrong):
        content = {"recognition": {"certifications": [{"valid_until": until}]}}

        assert len(found("certificate_in_force", content)) == wrong

    @pytest.mark.parametrize(
        ("office", "number"),
        [
            ("CN", "ZL 2018 1 0123456.7"), ("CN", "CN 109876543 B"), ("CN", "201810123456.X"),
            ("EP", "EP 3 123 456 B1"), ("US", "US 10,123,456 B2"), ("US", "2019/0123456 A1"),
            ("JP", "2018-123456"), ("KR", "10-2018-0123456"), ("WO", "WO 2019/123456 A1"),
            ("WO", "PCT/CN2018/123456"), ("DE", "DE 10 2018 123 456 A1"), ("other", "anything"),
            ("DE", "10 2015 012 345.6"), ("GB", "GB 1512345.6"), ("IN", "1234/DEL/2015"),
            ("JP", "特許第6123456号"), ("JP", "特開平10-123456"), ("US", "PCT/US2019/012345"),
            ("CN", "CN201510123456"),
        ],
    )  # fmt: skip
    def test_numbers_as_offices_write_them(self, office, number):
        content = {"property": {"rights": [{"kind": "patent", "office": office, "number": number}]}}

        assert found("number_of_patent", content) == []

    @pytest.mark.parametrize(
        ("office", "number"),
        [("CN", "12345"), ("CN", "pending"), ("EP", "US 10123456"), ("WO", "2019"), ("US", "X")],
    )
    def test_number_of_another_shape(self, office, number):
        content = {"property": {"rights": [{"kind": "patent", "office": office, "number": number}]}}

        assert found("number_of_patent", content) == [
            (
                "property.rights.0.number",
                f"Right 1: “{number}” is not shaped as a number of that office.",
            )
        ]

    def test_know_how_has_no_office(self):
        content = {"property": {"rights": [{"kind": "know_how", "office": "CN", "number": "1"}]}}

        assert found("number_of_patent", content) == []


class TestTexts:
    @pytest.mark.parametrize(
        ("language", "text", "wrong"),
        [
            ("en", "Treats leachate (渗滤液) with membranes.", 0),
            ("en", "采用膜生物反应器处理垃圾渗滤液。", 1),
            ("zh-hans", "采用MBR处理垃圾渗滤液。", 0),
            ("zh-hans", "Treats leachate with membranes.", 1),
            ("zh-hans", "MBR", 0),
        ],
    )
    def test_language(self, language, text, wrong):
        content = {"technology": {"summary": text}}

        assert len(found("language_of_text", content, language)) == wrong

    def test_text_of_a_few_words(self):
        content = {"technology": {"principle": "It works.", "route": "word " * 20}}

        assert found("says_enough", content) == [
            ("technology.principle", "Principle: fewer than 20 words.")
        ]


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(
            ["performance", "indicators", "cases", "measurements", "economics", "typical", "unit",
             "indicator", "case", "year", "months_stable", "property", "rights", "office",
             "number", "kind", "technology", "summary", "investment", "scale", "inlet", "outlet"]
        ),
        inner,
        max_size=5,
    ),
    max_leaves=20,
)  # fmt: skip


sections = st.sampled_from(["performance", "cases", "economics", "property", "technology"])
figure = st.integers(0, 5) | st.decimals(0, 10**9, places=2).map(str) | st.just("0")
unit = st.sampled_from(["m3/d", "t/a"])
indicator = st.sampled_from(
    ["wat-inlet-cod", "wat-outlet-cod", "wat-removal-cod", "wat-removal-", "-inlet-", ""]
)
# What the rules compute with, each where it stands in a document.
computed = st.fixed_dictionaries(
    {
        "economics": st.fixed_dictionaries(
            {
                "investment": figure,
                "scale": figure,
                "scale_unit": unit,
                "unit_investment": figure,
                "unit_investment_per": unit,
            },
            optional={"operating_total": figure, "operating_power": figure},
        ),
        "performance": st.fixed_dictionaries(
            {
                "indicators": st.lists(
                    st.fixed_dictionaries({"indicator": indicator, "typical": figure}), max_size=4
                )
            }
        ),
        "technology": st.fixed_dictionaries({"summary": st.text(max_size=20)}),
    }
)


@st.composite
def applications(draw):
    """Draw every rule, each with figures it can be laid down with."""
    return tuple(
        Applied(
            name,
            Level.INFORMATION,
            {
                key: draw(st.integers(bounds.least, bounds.most) | st.sampled_from(bounds))
                for key, bounds in rule.params.items()
                if draw(st.booleans())
            },
        )
        for name, rule in RULES.items()
    )


# The first text that is drawn reads tables of Unicode, however slow the machine.
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(applications(), st.dictionaries(sections, anything) | computed)
def test_no_document_breaks_a_rule(applied, content):
    for one in applied:  # each by itself: what runs them in a row leaves out what breaks
        assert all(len(found) == 3 for found in RULES[one.rule].check(papers(content), one.params))


def test_a_rule_that_breaks_says_so_in_its_place_and_is_written_to_the_log(caplog):
    content = {
        "economics": {
            "investment": "1000", "scale": "1", "scale_unit": "t",
            "unit_investment": "1", "unit_investment_per": "t", "operating_total": "1",
            "operating_power": "2",
        }
    }  # fmt: skip
    applied = (
        Applied("unit_investment_fits", Level.WARNING, {"factor": 0}),  # from before its bounds
        Applied("sum_of_operating_cost", Level.WARNING, {}),
    )

    with caplog.at_level("ERROR", logger="submissions.checks.rulesets"):
        said = remarks(applied, papers(content))

    assert [(one.rule, one.level, one.failed) for one in said] == [
        ("unit_investment_fits", Level.WARNING, True),
        ("sum_of_operating_cost", Level.WARNING, False),
    ]
    assert said[0].message == "This rule could not be run; look at what it is about by eye."
    (line,) = caplog.records
    assert "unit_investment_fits" in line.getMessage()
