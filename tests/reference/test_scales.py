"""Units of one kind, brought to one of them."""

import json
from decimal import Decimal
from fractions import Fraction

import pytest

from reference import scales
from reference.loading import DATA


def test_every_unit_that_is_scaled_is_in_the_list_and_measures_the_same():
    records = json.loads((DATA / "units.json").read_text(encoding="utf-8"))["records"]
    quantity = {one["code"]: one["quantity"] for one in records}

    for unit, (base, _factor) in scales.SCALES.items():
        assert quantity[unit] == quantity[base], unit
        assert base not in scales.SCALES


@pytest.mark.parametrize(
    ("amount", "unit", "base", "same"),
    [
        ("5", "m3/h", "m3/d", Fraction(120)),
        ("0.5", "t/h", "t/d", Fraction(12)),
        ("365", "t/a", "t/d", Fraction(1)),
        ("250", "ug/L", "mg/L", Fraction(1, 4)),
        ("90", "min", "h", Fraction(3, 2)),
        ("3", "mu", "m2", Fraction(2000)),
        ("97.5", "%", "%", Fraction(975, 10)),
        ("7", "Nm3/h", "Nm3/h", Fraction(7)),  # no m³/h: it has another pressure
    ],
)
def test_an_amount_in_the_unit_it_is_compared_in(amount, unit, base, same):
    assert scales.base_of(unit) == base
    assert scales.in_base(Decimal(amount), unit) == same


def test_what_is_paid_for_a_larger_unit_is_less_for_the_smaller():
    assert scales.per_base(Decimal(240), "m3/h") == 10  # yuan for one m³/d
    assert scales.per_base(Decimal("2.5"), "m3") == Fraction(5, 2)
