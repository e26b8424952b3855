"""What a technology can be found by, as short words ``facet:code``. Pure: a record to words."""

from collections.abc import Iterable, Mapping
from typing import Any

# In the order in which a reader meets them.
FACETS = (
    "field",
    "subcategory",
    "pollutant",
    "matrix",
    "form",
    "maturity",
    "country",
    "case_country",
    "corridor",
    "cooperation",
    "evidence",
    "year",
)
SEPARATOR = ":"

Corridors = Mapping[str, Iterable[str]]  # by country


def traits_of(record: Mapping[str, Any], *, year: int | None, corridors: Corridors) -> list[str]:
    """Return the traits of a listed technology, sorted; ``year`` is that of its activity.

    A technology counts to the corridors of the countries in which it was applied.
    """
    cases = {row["country"] for row in record.get("cases", []) if row.get("country")}
    codes: dict[str, Iterable[str]] = {
        "field": [record["field"]],
        "subcategory": [record["subcategory"]],
        "pollutant": record.get("pollutants") or [],
        "matrix": [record.get("matrix") or ""],
        "form": [record.get("form") or ""],
        "maturity": [record.get("maturity") or ""],
        "country": [record["holder"]["country"]],
        "case_country": cases,
        "corridor": {corridor for country in cases for corridor in corridors.get(country, ())},
        "cooperation": record.get("cooperation") or [],
        "evidence": [record.get("evidence_grade") or ""],
        "year": [str(year or "")],
    }
    return sorted(
        {f"{facet}{SEPARATOR}{code}" for facet in FACETS for code in codes[facet] if code}
    )


def parted(trait: str) -> tuple[str, str]:
    facet, _separator, code = trait.partition(SEPARATOR)
    return facet, code
