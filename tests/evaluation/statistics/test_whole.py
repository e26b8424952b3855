"""All figures of an activity out of one document: raw ones exact, the others as their modules."""

import copy
import json
from typing import Any

import pytest

from evaluation import scoring
from evaluation.statistics.calibration import calibrate
from evaluation.statistics.chance import Chance
from evaluation.statistics.rounds import cut_of, round_of
from evaluation.statistics.stability import BestPlaces, LeastScore
from evaluation.statistics.whole import Terms, compute, steps_of

TERMS = Terms(seed=7, draws=200, level=0.9, cut=BestPlaces(4))
CRITERIA: dict[str, Any] = {
    "hash": "",
    "best": 10,
    "dimensions": [
        {"code": "a", "weight": "60", "indicators": [["x", "50"], ["y", "50"]]},
        {"code": "b", "weight": "40", "indicators": [["z", "100"]]},
    ],
    "gates": {
        "dimension_minimum": "0",
        "recommended": "75",
        "panel": "60",
        "minimums": {"b": "20"},
        "vetoes": {"a.x": "30"},
    },
}


def document(sheets):
    return {"criteria": CRITERIA, "indicators": ["a.x", "a.y", "b.z"], "sheets": sheets}


def many(declarations=14, experts=6, each=4):
    chance, sheets = Chance(3), []
    merit, severity = chance.normal(declarations), chance.normal(experts)
    for row in range(declarations):
        for column in range(each):
            expert = (row + column) % experts
            exact = 6 + 1.5 * merit[row] + severity[expert] + chance.normal(3)
            values = [min(10, max(0, round(float(one)))) for one in exact]
            sheets.append([f"d{row:02}", f"e{expert}", values])
    return document(sheets)


def test_raw_figures_are_those_of_the_scoring():
    found = compute(round_of(document([["d", "e", [8, 5, 7]], ["d", "f", [6, None, 9]]])), TERMS)

    one = found["declarations"]["d"]
    # By hand: e has 65 and 70 points, weighed 60 to 40; f has 60 (one not scored) and 90.
    assert found["cells"] == {"d": {"e": "67.00", "f": "72.00"}}
    assert (one["raw"]["mean"], one["raw"]["deviation"]) == ("69.50", "3.54")
    assert one["dimensions"] == {"a": "62.50", "b": "80.00"}
    assert one["verdict"] == scoring.DISCUSSION


def test_minimum_and_veto_of_the_criteria_count():
    veto = compute(round_of(document([["d", "e", [2, 10, 10]]])), TERMS)
    minimum = compute(round_of(document([["d", "e", [10, 10, 1]]])), TERMS)

    for found in (veto, minimum):
        assert found["declarations"]["d"]["verdict"] == scoring.NOT_RECOMMENDED


def test_adjusted_figures_are_those_of_the_calibration():
    given = many()
    found = round_of(given)

    result = compute(found, TERMS)

    totals = {
        pair: float(scoring.figures(found.dimensions, scores).total or 0)
        for pair, scores in found.scores.items()
    }
    expected = calibrate(totals).declarations["d03"]
    figure = result["declarations"]["d03"]["adjusted"][""]["figure"]
    assert figure == [expected.value, expected.lower, expected.upper]
    assert result["too_little"] is None
    assert sorted(one["place"][0] for one in result["declarations"].values()) == list(range(1, 15))


def test_the_result_outlives_json():
    result = compute(round_of(many()), TERMS)

    assert json.loads(json.dumps(result)) == result


def test_the_order_of_the_sheets_tells_of_habits_only():
    turned = copy.deepcopy(many())
    turned["sheets"].reverse()

    one, other = compute(round_of(many()), TERMS), compute(round_of(turned), TERMS)

    assert one.pop("experts").keys() == other.pop("experts").keys()
    assert one == other


@pytest.mark.parametrize("sheets", [[], [["d", "e", [None, None, None]]]])
def test_without_a_score_nothing_is_told_and_nothing_breaks(sheets):
    found = compute(round_of(document(sheets)), TERMS)

    assert found["too_little"] == "no_sheets"
    assert (found["swaps"], found["proposals"], found["components"]) == ([], [], None)
    assert {key: one["raw"]["mean"] for key, one in found["declarations"].items()} == (
        {"d": None} if sheets else {}
    )


def test_equal_scores_and_a_single_expert_are_too_little():
    equal = document([[f"d{n}", f"e{(n + m) % 6}", [5, 5, 5]] for n in range(14) for m in range(4)])
    alone = document([[f"d{n}", "e", [n % 10, 5, 5]] for n in range(14)])

    assert compute(round_of(equal), TERMS)["too_little"] == "all_equal"
    assert compute(round_of(alone), TERMS)["too_little"] == "few_experts"


def test_each_step_is_told():
    told, found = [], round_of(many())

    compute(found, TERMS, lambda done, of: told.append((done, of)))

    assert told == [(n, steps_of(found)) for n in range(1, steps_of(found) + 1)]


def test_a_line_is_read_as_it_was_kept():
    assert cut_of({"places": 4}) == BestPlaces(4)
    assert cut_of({"points": "72.5"}) == LeastScore(72.5)


def test_a_declaration_is_weighed_by_the_version_it_was_decided_by():
    older = copy.deepcopy(CRITERIA)
    older["dimensions"].reverse()  # the order is that of the set in force
    for one, weight in zip(older["dimensions"], ("80", "20"), strict=True):
        one["weight"] = weight
    older["gates"]["recommended"] = "60"
    sheets = [["d", "e", [10, 10, 5]], ["f", "e", [10, 10, 5]]]
    given = {**document(sheets), "others": {"old": older}, "judged_by": {"d": "old"}}

    found = compute(round_of(given), TERMS)
    plain = compute(round_of(document(sheets)), TERMS)

    # a: 100, b: 50; by the older version 20 and 80 parts, by the one in force 60 and 40.
    assert found["declarations"]["d"]["raw"]["mean"] == "60.00"
    assert found["declarations"]["f"]["raw"]["mean"] == "80.00"
    assert found["declarations"]["d"]["verdict"] == "recommended"
    assert found["declarations"]["d"]["dimensions"] == {"a": "100.00", "b": "50.00"}
    assert found["cells"] == {"d": {"e": "60.00"}, "f": {"e": "80.00"}}
    assert found["judged_by"] == {"d": "old"}
    assert plain["declarations"]["d"]["raw"]["mean"] == "80.00"
    assert "judged_by" not in plain
