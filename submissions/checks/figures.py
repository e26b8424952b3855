"""Rules about figures: units, shares, removal against inlet and outlet, sums. Pure."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from submissions.checks.papers import Found, Papers
from submissions.scheme.contradictions import number

HUNDRED = Decimal(100)
CLAIM = ("minimum", "typical", "maximum")
COSTS = (
    "operating_power",
    "operating_chemicals",
    "operating_labour",
    "operating_maintenance",
    "operating_disposal",
)


def unit_of_indicator(papers: Papers, params: dict[str, Any]) -> Iterator[Found]:
    """A unit in which the indicator is not usually given."""
    for at, row in enumerate(papers.rows("performance", "indicators")):
        usual = papers.units_of(str(row.get("indicator", "")))
        if usual and row.get("unit") and row["unit"] not in usual:
            message = _("Indicator %(row)d: the unit is not one in which it is usually given.")
            yield "performance", f"indicators.{at}.unit", message % {"row": at + 1}


def share_within_bounds(papers: Papers, params: dict[str, Any]) -> Iterator[Found]:
    """A share of more than a hundred per cent, or of less than nothing."""
    for at, row in enumerate(papers.rows("performance", "indicators")):
        if row.get("unit") != "%":
            continue
        for key in CLAIM:
            value = number(row.get(key))
            if value is not None and not 0 <= value <= HUNDRED:
                message = _("Indicator %(row)d: %(value)s %% is no share of a whole.")
                place = f"indicators.{at}.{key}"
                yield "performance", place, message % {"row": at + 1, "value": row[key]}


def removal_fits_inlet_and_outlet(papers: Papers, params: dict[str, Any]) -> Iterator[Found]:
    """A removal rate that inlet and outlet, stated beside it, do not give.

    removal = (inlet - outlet) / inlet * 100, in per cent; ``tolerance`` in percentage points.
    Several inlets, or two units, belong to several conditions: nobody says which to which.
    """
    tolerance = Decimal(str(params.get("tolerance", "2")))
    rows = papers.rows("performance", "indicators")
    for at, row in enumerate(rows):
        kind, middle, rest = str(row.get("indicator", "")).partition("-removal-")
        stated = number(row.get("typical"))
        inlet, outlet = _both(rows, f"{kind}-inlet-{rest}", f"{kind}-outlet-{rest}")
        if not middle or stated is None or not inlet or outlet is None:
            continue
        computed = (inlet - outlet) / inlet * HUNDRED
        if abs(computed - stated) > tolerance:
            message = _(
                "Indicator %(row)d: %(stated)s %% is stated, but inlet and outlet give "
                "%(computed)s %%."
            )
            said = {"row": at + 1, "stated": row["typical"], "computed": f"{computed:.1f}"}
            yield "performance", f"indicators.{at}.typical", message % said


def _both(
    rows: list[dict[str, Any]], inlet: str, outlet: str
) -> tuple[Decimal | None, Decimal | None]:
    """Return what goes in and what comes out, if each is stated once and in the same unit."""
    found = [row for row in rows if row.get("indicator") in (inlet, outlet)]
    named = {row["indicator"]: row for row in found}
    units = {(row.get("unit"), row.get("unit_other")) for row in found}
    if len(found) != 2 or len(named) != 2 or len(units) != 1:
        return None, None
    return number(named[inlet].get("typical")), number(named[outlet].get("typical"))


def outlet_below_inlet(papers: Papers, params: dict[str, Any]) -> Iterator[Found]:
    """A measurement in which more comes out than went in."""
    for at, row in enumerate(papers.rows("cases", "measurements")):
        for stage in ("design", "measured"):
            inlet, outlet = number(row.get(f"{stage}_inlet")), number(row.get(f"{stage}_outlet"))
            if inlet is not None and outlet is not None and outlet > inlet:
                message = _("Measurement %(row)d: the outlet (%(outlet)s) is above the inlet.")
                said = {"row": at + 1, "outlet": row[f"{stage}_outlet"]}
                yield "cases", f"measurements.{at}.{stage}_outlet", message % said


def case_of_measurement(papers: Papers, params: dict[str, Any]) -> Iterator[Found]:
    """A measurement or photograph of a case that is not in the table of cases."""
    cases = len(papers.rows("cases", "cases"))
    for table in ("measurements", "photos"):
        for at, row in enumerate(papers.rows("cases", table)):
            named = row.get("case")
            if isinstance(named, int) and not 1 <= named <= cases:
                message = _("There is no case %(case)d; the cases are numbered from 1.")
                yield "cases", f"{table}.{at}.case", message % {"case": named}


def sum_of_operating_cost(papers: Papers, params: dict[str, Any]) -> Iterator[Found]:
    """Parts of the operating cost that come to more than its total."""
    values = papers.values("economics")
    total = number(values.get("operating_total"))
    parts = [one for key in COSTS if (one := number(values.get(key))) is not None]
    if total is not None and parts and sum(parts) > total * Decimal("1.01"):
        message = _("The parts of the operating cost come to %(sum)s, above the total %(total)s.")
        said = {"sum": f"{sum(parts):f}", "total": values["operating_total"]}
        yield "economics", "operating_total", message % said


def unit_investment_fits(papers: Papers, params: dict[str, Any]) -> Iterator[Found]:
    """A unit investment far from investment over scale; ``factor``: how far (2: twice or half)."""
    factor = Decimal(str(params.get("factor", "2")))
    values = papers.values("economics")
    stated = number(values.get("unit_investment"))
    total, scale = number(values.get("investment")), number(values.get("scale"))
    same_unit = values.get("scale_unit") and values["scale_unit"] == values.get(
        "unit_investment_per"
    )
    if not (stated and total and scale and same_unit):
        return
    computed = total / scale
    if not stated / factor <= computed <= stated * factor:
        message = _("Investment over scale gives %(computed)s; %(stated)s is stated.")
        said = {"computed": f"{computed:.2f}", "stated": values["unit_investment"]}
        yield "economics", "unit_investment", message % said


def operation_since_start(papers: Papers, params: dict[str, Any]) -> Iterator[Found]:
    """More months of stable operation than have passed since the start."""
    for at, row in enumerate(papers.rows("cases", "cases")):
        months, year = row.get("months_stable"), row.get("year")
        if not isinstance(months, int) or not isinstance(year, int):
            continue
        possible = (papers.today.year - year) * 12 + papers.today.month
        if months > possible:
            message = _("Case %(row)d: %(months)d months of operation do not fit since %(year)d.")
            said = {"row": at + 1, "months": months, "year": year}
            yield "cases", f"cases.{at}.months_stable", message % said
