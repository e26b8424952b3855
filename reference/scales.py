"""Units of one kind brought to one of them, so that figures can be compared. Exact, no Django.

Only what is the same whatever is measured: 1 m³/h is 24 m³/d, but a normal cubic metre is no
cubic metre, and a ppm no mg/m³ without a temperature and a molar mass. A year has 365 days, as
where capacities are stated by the year.
"""

from decimal import Decimal
from fractions import Fraction

# unit compared in: {unit: how many of it one is}
SAME_KIND = {
    "mg/Nm3": {"ug/Nm3": "1/1000"},
    "mg/m3": {"ug/m3": "1/1000", "g/m3": "1000", "kg/m3": "1000000"},
    "mg/L": {"ug/L": "1/1000"},
    "mg/kg": {"ug/kg": "1/1000"},
    "ppm": {"ppb": "1/1000", "ppt": "1/1000000"},
    "m3/d": {"m3/h": "24", "m3/a": "1/365"},
    "t/d": {"t/h": "24", "t/a": "1/365", "kg/h": "24/1000", "kg/d": "1/1000"},
    "m": {"nm": "1/1000000000", "mm": "1/1000", "km": "1000"},
    "m2": {"ha": "10000", "km2": "1000000", "mu": "2000/3"},
    "m3": {"L": "1/1000"},
    "1000Nm3": {"Nm3": "1/1000"},
    "t": {"kg": "1/1000"},
    "h": {"s": "1/3600", "min": "1/60", "d": "24"},
    "kPa": {"Pa": "1/1000", "MPa": "1000"},
    "kW": {"W": "1/1000", "MW": "1000"},
    "MJ/kg": {"kJ/kg": "1/1000"},
    "kWh/a": {"kWh/d": "365"},
}
SCALES = {
    unit: (base, Fraction(factor))
    for base, units in SAME_KIND.items()
    for unit, factor in units.items()
}


def base_of(unit: str) -> str:
    """Return the unit in which figures in ``unit`` are compared."""
    return SCALES[unit][0] if unit in SCALES else unit


def in_base(amount: Decimal, unit: str) -> Fraction:
    """Return ``amount`` of ``unit`` in the unit it is compared in."""
    return Fraction(amount) * SCALES[unit][1] if unit in SCALES else Fraction(amount)


def per_base(price: Decimal, unit: str) -> Fraction:
    """Return what one of the unit it is compared in costs, at ``price`` for one ``unit``."""
    return Fraction(price) / SCALES[unit][1] if unit in SCALES else Fraction(price)
