"""A list of before the portal: one officer reads it in and proposes it, another releases it.

Its technologies and facts are those of ``technologies.jsonl``; they are declared in no activity.
"""

from collections.abc import Iterator
from typing import Any

from catalog.earlier import keeping
from catalog.earlier.states import EarlierStatus
from catalog.earlier.workflow import EARLIER_LISTS
from catalog.models import EarlierList
from core.errors import DomainError
from demo import accounts, people, records
from demo.records import Record

NAME = "earlier list"


def release() -> None:
    """Go on where an earlier load stopped; what a visitor did meanwhile is theirs."""
    try:
        _release()
    except DomainError:
        return  # a visitor was quicker


def _release() -> None:
    officer = accounts.account(people.OFFICER)
    found = EarlierList.objects.filter(code=records.earlier_list()["code"]).first()
    one = found or keeping.begin(actor=officer, entries=list(_entries()), **_stated())
    if one.status == EarlierStatus.DRAFT and not one.returned_because:
        one = EARLIER_LISTS.perform("propose", one.pk, actor=officer)
    if one.status == EarlierStatus.PROPOSED and one.proposed_by == officer:
        second = accounts.account(people.SECOND_OFFICER)
        EARLIER_LISTS.perform("release", one.pk, actor=second)


def _stated() -> Record:
    return {key: value for key, value in records.earlier_list().items() if key != "technologies"}


def _entries() -> Iterator[Record]:
    numbers = records.earlier_list()["technologies"]
    for place, (key, number) in enumerate(numbers.items(), 1):
        yield {"place": place, "number": number, **_entry(key)}


def _entry(key: str) -> Record:
    """Return what the source of a technology says of it, as a sheet would give it."""
    record = records.technology(key)
    enterprise, source = record["enterprise"], record["source"]
    return {
        "title_en": record["name_en"],
        "title_zh": record["name_zh"] or "",
        "holder_en": enterprise["name"],
        "holder_zh": enterprise["name_zh"] or "",
        "country": enterprise["country"],
        "subcategory": records.subcategories()[key],
        "website": enterprise["website"] or "",
        "summary_en": record["summary"],
        "maturity": record["maturity"]["level"],
        "evidence_grade": record["evidence_grade"],
        "cases": [_told(row, ("name", "country", "year", "scale"))
                  for row in record["demonstrations"]],
        "indicators": [_indicator(row) for row in record["indicators"]],
        "source_title": source["title"],
        "source_url": source["url"],
        "source_year": source["year"],
    }  # fmt: skip


def _indicator(row: Record) -> Record:
    stated = {"as_stated": str(row["value"]), "unit_other": row["unit"]}
    return _told({**row, **stated}, ("name", "as_stated", "unit_other", "condition"))


def _told(row: Record, keys: tuple[str, ...]) -> dict[str, Any]:
    return {key: row[key] for key in keys if row[key]}
