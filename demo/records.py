"""The files of the demonstration, read as they are."""

import json
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"

Record = dict[str, Any]


@cache
def technologies() -> dict[str, Record]:
    """Return the real technologies by id, in the order of the file."""
    return {record["id"]: record for record in _lines("technologies.jsonl")}


@cache
def invented() -> dict[str, Record]:
    """Return the invented technologies by id; each names its invented organisation."""
    return {record["id"]: record for record in _document("invented.json")["technologies"]}


@cache
def invented_organisations() -> dict[str, Record]:
    return {record["key"]: record for record in _document("invented.json")["organisations"]}


@cache
def organisations() -> dict[str, Record]:
    return {record["id"]: record for record in _lines("organisations.jsonl")}


@cache
def subcategories() -> dict[str, str]:
    """Return the sub-category of each technology, by id."""
    codes: dict[str, str] = _document("subcategory_map.json")
    return codes


@cache
def activities() -> dict[str, Record]:
    """Return the rounds by code, with titles and notices by language."""
    return {record["code"]: record for record in _document("activities.json")}


@cache
def earlier_list() -> Record:
    """Return the list of before the portal: what it is, and number in it by technology."""
    found: Record = _document("earlier.json")
    return found


def technology(key: str) -> Record:
    """Return a technology, real or invented."""
    return technologies().get(key) or invented()[key]


def _lines(name: str) -> list[Record]:
    text = (DATA / name).read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines() if line]


def _document(name: str) -> Any:
    return json.loads((DATA / name).read_text(encoding="utf-8"))
