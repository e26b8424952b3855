"""The sets of rules the portal comes with: files beside this one, each a version of one set."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from core.canonical import content_hash
from submissions.checks.rulesets import Rules, read

FILES = tuple(Path(__file__).with_name(f"rules-{version}.json") for version in (1, 2))


@dataclass(frozen=True, slots=True)
class ShippedSet:
    """A set as its file says it; named as a row of the database names one."""

    code: str
    version: int
    names: dict[str, str]
    document: dict[str, Any]
    content_hash: str

    def load(self) -> Rules:
        return _read(self.version)


@cache
def shipped_sets() -> tuple[ShippedSet, ...]:
    """Return all of them, the newest last."""
    return tuple(_set(json.loads(file.read_text(encoding="utf-8"))) for file in FILES)


def newest() -> ShippedSet:
    """Return the set that applies where an activity names none."""
    return shipped_sets()[-1]


def shipped() -> Rules:
    """Return the newest, read."""
    return newest().load()


def _set(file: dict[str, Any]) -> ShippedSet:
    document = document_of(file)
    return ShippedSet(
        file["code"], file["version"], file["names"], document, content_hash(document)
    )


def document_of(source: dict[str, Any]) -> dict[str, Any]:
    """Return the part of a set that its checksum is taken over."""
    return {"rules": source["rules"], "manual": source.get("manual", [])}


@cache
def _read(version: int) -> Rules:
    return read(next(one.document for one in shipped_sets() if one.version == version))
