"""How experts use the scale: each habit planted in one expert and found there only."""

import dataclasses
import random

import pytest

from evaluation.statistics.calibration import calibrate
from evaluation.statistics.habits import Sheet, habits
from tests.evaluation.statistics.worked_examples import known

EXPERTS = [f"e{k}" for k in range(8)]
DIMENSIONS = 4
INDICATORS = 3  # of each dimension


def sheets(seed=1, declarations=60):
    """Four sheets each; merits, dimensions and indicators differ for everybody alike."""
    chance = random.Random(seed)
    found = []
    for n in range(declarations):
        merit = chance.gauss(70, 6)
        profile = [merit + chance.gauss(0, 5) for _dimension in range(DIMENSIONS)]
        for step in range(4):
            indicators = [
                round(value + chance.gauss(0, 5)) for value in profile for _ in range(INDICATORS)
            ]
            found.append(sheet(f"d{n:02}", EXPERTS[(n + (0, 1, 3, 6)[step]) % 8], n, indicators))
    return found


def sheet(declaration, expert, order, indicators):
    """Build a sheet whose means are plain means of what is scored."""
    parts = [indicators[start : start + INDICATORS] for start in range(0, 12, INDICATORS)]
    dimensions = [mean(part) for part in parts]
    return Sheet(declaration, expert, order, indicators, dimensions, mean(dimensions))


def mean(values):
    given = [value for value in values if value is not None]
    return sum(given) / len(given) if given else None


def changed(every, expert, change):
    """Rewrite the indicators of one expert's sheets: ``change(place among own, indicators)``."""
    places: dict[str, int] = {}
    found = []
    for one in every:
        if one.expert != expert:
            found.append(one)
            continue
        place = places[expert] = places.get(expert, -1) + 1
        found.append(sheet(one.declaration, expert, one.order, change(place, one.indicators)))
    return found


def of(every):
    scores = {(one.declaration, one.expert): one.total for one in every}
    return known(habits(every, calibrate(scores)))


def test_a_strict_expert_shows_a_severity_below_nought():
    found = of(changed(sheets(), "e3", lambda _n, values: [value - 12 for value in values]))

    assert found["e3"].severity.upper < -5
    assert all(abs(found[key].severity.value) < 4 for key in EXPERTS if key != "e3")


def test_an_expert_who_uses_half_the_scale_shows_a_small_spread():
    found = of(
        changed(sheets(), "e3", lambda _n, values: [70 + (value - 70) / 3 for value in values])
    )

    assert found["e3"].spread.upper < 0.6
    for key in EXPERTS:
        one = found[key].spread
        assert one.lower < one.value < one.upper
        assert key == "e3" or 0.7 < one.value < 1.4


def test_an_expert_whose_dimensions_move_as_one_shows_a_halo():
    found = of(changed(sheets(), "e3", lambda _n, values: one_impression(values)))

    assert found["e3"].halo.value > 0.3
    assert all(found[key].halo.value < 0.2 for key in EXPERTS if key != "e3")


def one_impression(values):
    whole = sum(values) / len(values)
    return [round(whole + (value - whole) / 6) for value in values]


def test_straight_lines_are_counted_and_the_longest_run_is_found():
    found = of(
        changed(sheets(), "e3", lambda n, values: [round(mean(values))] * 12 if n % 2 else values)
    )

    assert found["e3"].straight.value == pytest.approx(0.5, abs=0.02)
    assert found["e3"].longest_run == 12
    assert {found[key].straight.value for key in EXPERTS if key != "e3"} == {0.0}
    assert max(found[key].longest_run for key in EXPERTS if key != "e3") < 6


def test_what_is_not_applicable_neither_makes_nor_breaks_a_run():
    found = of(changed(sheets(), "e3", lambda _n, _values: [70, None, 70, 70] * 3))

    assert found["e3"].straight.value == 1.0
    assert found["e3"].longest_run == 9


def test_an_expert_who_grows_milder_shows_the_drift_in_points_of_the_round():
    found = of(changed(sheets(), "e3", lambda n, values: [value + 15 * n / 29 for value in values]))

    drift = found["e3"].drift
    assert drift.lower < 15 < drift.upper
    assert drift.lower > 5
    # The others are held against sheets of e3, too, and so seem to drift a little the other way.
    assert all(abs(found[key].drift.value) < 7 for key in EXPERTS if key != "e3")


def test_the_drift_goes_by_the_order_in_which_sheets_came_in():
    every = changed(sheets(), "e3", lambda n, values: [value + 15 * n / 29 for value in values])
    backwards = [dataclasses.replace(one, order=-one.order) for one in every]

    assert of(backwards)["e3"].drift.value == pytest.approx(-of(every)["e3"].drift.value, abs=0.5)


def test_the_order_of_the_list_changes_nothing():
    every = sheets()
    turned = random.Random(5).sample(every, len(every))

    assert of(turned) == of(every)


def test_few_sheets_are_too_little_for_any_habit():
    found = of(sheets(declarations=12))["e3"]

    assert found.sheets == 7
    assert (found.spread, found.halo, found.straight, found.longest_run, found.drift) == (
        None,
        None,
        None,
        None,
        None,
    )


def test_a_single_expert_is_held_against_nobody():
    found = of([one for one in sheets() if one.expert == "e3"])["e3"]

    assert found.sheets == 31
    assert (found.severity, found.spread, found.halo, found.drift) == (None, None, None, None)
    assert found.straight.value == 0.0


def test_sheets_of_equal_scores_have_no_spread_and_no_halo_to_compare():
    every = [sheet(one.declaration, one.expert, one.order, [70] * 12) for one in sheets()]

    found = of(every)["e3"]

    assert (found.severity, found.spread, found.halo) == (None, None, None)
    assert found.straight.value == 1.0
    assert found.drift.value == 0.0


def test_empty_sheets_say_nothing():
    every = [sheet(one.declaration, one.expert, one.order, [None] * 12) for one in sheets()]

    found = of(every)["e3"]

    assert (found.severity, found.spread, found.halo, found.straight, found.drift) == (
        None,
        None,
        None,
        None,
        None,
    )
