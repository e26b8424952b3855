"""The figures of a record as its page prints them: codes become names, a unit what one writes."""

from typing import Any

from django.utils.translation import gettext as _

from catalog.vocabulary import Vocabulary
from reference.vocabularies import Vocabulary as Terms

Context = dict[str, Any]


def indicators(rows: list[Context], names: Vocabulary) -> list[Context]:
    """Name each indicator and its unit; without a code, in the holder's own words."""
    return [
        {
            **row,
            "name": _indicator(row, names),
            "unit": _unit(row, names),
            "own_words": [
                column
                for column, code in (("name", "indicator"), ("unit", "unit"))
                if not row.get(code)
            ],
        }
        for row in rows
    ]


def cases(rows: list[Context], names: Vocabulary) -> list[Context]:
    return [
        {
            **row,
            "country": names.country.get(row.get("country", ""), row.get("country", "")),
            "scale": row.get("scale") or _with_unit(row, "scale_value", "scale_unit", names),
            "own_words": ["scale"] if row.get("scale") else [],
        }
        for row in rows
    ]


def economics(told: Context, names: Vocabulary) -> list[Context]:
    """Return the figures of the reference plant as facts, each with its unit."""
    currency, year = told.get("currency", ""), told.get("price_year", "")
    facts = [
        (_("Design scale of the reference plant"), _with_unit(told, "scale", "scale_unit", names)),
        (_("Total investment"), _money(told, "investment", currency)),
        (
            _("Unit investment"),
            _money(told, "unit_investment", currency, _symbol(told, "unit_investment_per", names)),
        ),
        (
            _("Operating cost"),
            _money(told, "operating_total", currency, _symbol(told, "operating_per", names)),
        ),
        (_("Year of the prices"), str(year)),
        (_("Service life (years)"), told.get("service_life", "")),
        (_("Static payback period (years)"), told.get("payback", "")),
        (_("Carbon effect (t CO₂e a year)"), told.get("carbon_effect", "")),
    ]
    return [{"label": label, "value": value} for label, value in facts if value]


def profile(told: Context, names: Vocabulary) -> list[Context]:
    """Return what the holder says of its services, as facts."""
    offices = [
        ", ".join(
            part
            for part in (
                one.get("name"),
                one.get("city"),
                names.country.get(one.get("country", ""), one.get("country", "")),
            )
            if part
        )
        for one in told.get("offices", [])
    ]
    languages = names.terms(Terms.LANGUAGE)
    countries = [names.country.get(code, code) for code in told.get("countries_served", [])]
    facts = [
        (_("Qualifications"), "; ".join(one["name"] for one in told.get("qualifications", []))),
        (_("Offices and agents"), "; ".join(offices)),
        (
            _("Languages of service"),
            _listed([languages.get(code, code) for code in told.get("languages", [])]),
        ),
        (_("Countries and regions served"), _listed(countries)),
        (_("Response time (hours)"), told.get("response_hours", "")),
        (_("After-sales service"), told.get("after_sales", "")),
        (_("Spare parts"), told.get("spare_parts", "")),
        (_("Training"), told.get("training", "")),
        (_("Operation and maintenance contracts"), told.get("maintenance", "")),
    ]
    return [{"label": label, "value": value} for label, value in facts if value]


def _indicator(row: Context, names: Vocabulary) -> str:
    code = row.get("indicator", "")
    return str(names.indicator.get(code, code) if code else row.get("name", ""))


def _unit(row: Context, names: Vocabulary) -> str:
    unit = row.get("unit", "")
    return str(names.unit.get(unit, unit) if unit else row.get("unit_other", ""))


def _symbol(told: Context, key: str, names: Vocabulary) -> str:
    code = told.get(key, "")
    return str(names.unit.get(code, code)) if code else ""


def _with_unit(told: Context, figure: str, unit: str, names: Vocabulary) -> str:
    return f"{told[figure]} {_symbol(told, unit, names)}".strip() if told.get(figure) else ""


def _money(told: Context, figure: str, currency: str, per: str = "") -> str:
    if not told.get(figure):
        return ""
    return f"{told[figure]} {currency}" + (f" / {per}" if per else "")


def _listed(words: list[str]) -> str:
    # Translators: what stands between the words of a list.
    return _(", ").join(words)
