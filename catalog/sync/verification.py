"""Does the platform have all of it? The lake is read anew and compared with the catalogue.

What is still owed is *pending*, not wrong. *Different* is what no waiting mends: a row that is
missing, behind with nothing owed, ahead of the catalogue, unknown to it, or not what its hash
says; an event twice in the log, or delivered and not there; a manifest that lies.
"""

import hashlib
import time
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from catalog.models import Delivery, Destination, Technology
from catalog.sync import manifest
from catalog.sync.drain import lake_of
from catalog.sync.lake import CURRENT, EVENTS, Lake, read

TRIES = 3  # a worker may deliver between our reading of the one and of the other
PAUSE = 0.5  # seconds
COMPARED = ("id", "state", "epoch", "seq", "content_hash", "demonstration", "record")

Row = dict[str, Any]


@dataclass(slots=True)
class Report:
    """What one destination holds, next to what it should."""

    destination: str
    technologies: int = 0
    current: int = 0
    events: int = 0
    pending: list[str] = field(default_factory=list)
    different: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Side:
    """The catalogue at one moment: every technology, every event, and what is still owed."""

    technologies: dict[str, Row]
    events: dict[str, str]  # event id -> state of its delivery
    owed: frozenset[str]  # technologies with an event on its way


def verify(destination: Destination) -> Report:
    """Compare, and when something differs look again: both sides may be moving."""
    for attempt in range(TRIES):
        report = _compare(destination)
        if not report.different or attempt == TRIES - 1:
            break
        time.sleep(PAUSE)
    return report


def _compare(destination: Destination) -> Report:
    report = Report(destination.pk)
    lake = lake_of(destination)
    current, log, told = _read(lake)
    side = _catalogue(destination)
    report.technologies = len(side.technologies)
    report.current, report.events = len(current), len(log)
    _compare_rows(report, side, {row["id"]: row for row in current})
    _compare_log(report, side, log)
    _compare_manifest(report, lake, told, busy=bool(side.owed))
    if len(current) != len({row["id"] for row in current}):
        report.different.append("catalog_current holds a technology twice")
    return report


def _read(lake: Lake) -> tuple[list[Row], list[Row], Row | None]:
    if not lake.exists():
        return [], [], None
    told = manifest.load(lake)
    current = read(lake.open(CURRENT), COMPARED)
    return current, read(lake.open(EVENTS), ("id", "data", "content_hash")), told


@transaction.atomic
def _catalogue(destination: Destination) -> _Side:
    deliveries = Delivery.objects.filter(destination=destination)
    # What is owed first: a row delivered in between then shows as owed, not as wrong.
    owed = deliveries.filter(state__in=Delivery.OUTSTANDING)
    waiting = frozenset(str(pk) for pk in owed.values_list("aggregateid", flat=True))
    return _Side(
        technologies={
            str(row["id"]): dict(row)
            for row in Technology.objects.values(
                "id", "status", "epoch", "seq", "content_hash", "demonstration"
            )
        },
        events=dict(deliveries.values_list("event_id", "state")),
        owed=waiting,
    )


def _compare_rows(report: Report, side: _Side, current: dict[str, Row]) -> None:
    for pk, wanted in side.technologies.items():
        fault = _fault(wanted, current.get(pk))
        if fault is None:
            continue
        mends_itself = pk in side.owed and fault in {"missing", "behind"}
        (report.pending if mends_itself else report.different).append(f"{pk}: {fault}")
    report.different += [f"{pk}: unknown here" for pk in current.keys() - side.technologies.keys()]


def _fault(wanted: Row, found: Row | None) -> str | None:  # noqa: PLR0911 -- one line per fault
    if found is None:
        return "missing"
    here, there = (wanted["epoch"], wanted["seq"]), (found["epoch"], found["seq"])
    if there != here:
        return "behind" if there < here else "ahead of the catalogue"
    if found["content_hash"] != wanted["content_hash"]:
        return "another content"
    if found["state"] != wanted["status"]:
        return "another state"
    if found["demonstration"] != wanted["demonstration"]:
        return "demonstration and real mixed up"
    return None if _true(found["record"], found["content_hash"]) else "a record not of its hash"


def _true(record: str, content_hash: str) -> bool:
    """Say whether a record is what its hash was taken of; it is kept as canonical JSON."""
    return hashlib.sha256(record.encode()).hexdigest() == content_hash


def _compare_log(report: Report, side: _Side, log: list[Row]) -> None:
    there = [row["id"] for row in log]
    known = set(there)
    if len(known) != len(there):
        twice = sorted(key for key in known if there.count(key) > 1)
        report.different += [f"{key}: twice in the log" for key in twice]
    for key, state in side.events.items():
        if key not in known:
            done = state == Delivery.State.DONE
            (report.different if done else report.pending).append(f"{key}: not in the log")
    report.different += [f"{key}: an event unknown here" for key in known - side.events.keys()]
    report.different += [
        f"{row['id']}: a record not of its hash"
        for row in log
        if not _true(row["data"], row["content_hash"])
    ]


def _compare_manifest(report: Report, lake: Lake, told: Row | None, *, busy: bool) -> None:
    if not lake.exists():
        return
    # Without the hashes of the old manifest: every file is read again.
    if told == manifest.describe(lake):
        return
    # Between two steps of a batch the tables are ahead of the manifest.
    (report.pending if busy else report.different).append("manifest.json: not of these tables")
