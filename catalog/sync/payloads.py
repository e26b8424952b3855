"""From a public record to what travels: a CloudEvents 1.0 envelope, and the rows of the lake.

Pure: documents in, documents out. The record is carried as it is; nothing is added to it.
"""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

SOURCE = "urn:technology-pool:catalogue"
DATA_SCHEMA = "urn:technology-pool:record:1"
SCHEMA_VERSION = "1"

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Event:
    """One change of one technology, with the whole public record as it is afterwards."""

    type: str  # "technology.listed", "technology.withdrawn", ...
    technology: uuid.UUID
    at: dt.datetime
    epoch: int
    seq: int
    content_hash: str
    record: Document

    @property
    def id(self) -> str:
        """The key by which a receiver knows an event it has had already."""
        return f"{self.technology}:{self.epoch}:{self.seq}:{self.content_hash[:12]}"


def envelope(event: Event) -> Document:
    """Return the event as CloudEvents 1.0 in JSON; the portal's own attributes come last."""
    return {
        "specversion": "1.0",
        "id": event.id,
        "source": SOURCE,
        "type": event.type,
        "subject": str(event.technology),
        "time": event.at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
        "datacontenttype": "application/json",
        "dataschema": DATA_SCHEMA,
        "data": event.record,
        "epoch": event.epoch,
        "seq": event.seq,
        "contenthash": event.content_hash,
        "demonstration": event.record["demonstration"],
    }


def log_row(event: Document, data: str, batch: int) -> Document:
    """Return the row of the event log; ``data`` is the record as canonical JSON."""
    return {
        "id": event["id"],
        "source": event["source"],
        "specversion": event["specversion"],
        "type": event["type"],
        "subject": event["subject"],
        "time": event["time"],
        "datacontenttype": event["datacontenttype"],
        "dataschema": event["dataschema"],
        "data": data,
        "epoch": event["epoch"],
        "seq": event["seq"],
        "content_hash": event["contenthash"],
        "demonstration": event["demonstration"],
        "batch": batch,
        "event_date": event["time"][:10],
    }


def current_row(event: Document, data: str, batch: int) -> Document:
    """Return the row of the snapshot: one per technology, as it is after this event."""
    record = event["data"]
    titles = record.get("titles", {})
    return {
        "id": record["id"],
        "number": record["number"],
        "state": record["state"],
        "epoch": event["epoch"],
        "seq": event["seq"],
        "content_hash": event["contenthash"],
        "title_en": titles.get("en", ""),
        "title_zh": titles.get("zh-hans", ""),
        "language": record.get("language", ""),
        "field": record.get("field", ""),
        "subcategory": record.get("subcategory", ""),
        "country": record.get("holder", {}).get("country", ""),
        "maturity": record.get("maturity", ""),
        "evidence_grade": record.get("evidence_grade", ""),
        "listed_on": record.get("listed_on", ""),
        "valid_until": record.get("valid_until", ""),
        "demonstration": record["demonstration"],
        "record": data,
        "event_id": event["id"],
        "event_type": event["type"],
        "event_time": event["time"],
        "batch": batch,
    }


def newest(rows: list[Document]) -> list[Document]:
    """Keep the last row of each technology, by epoch and then seq."""
    last: dict[str, Document] = {}
    for row in rows:
        held = last.get(row["id"])
        if held is None or (row["epoch"], row["seq"]) > (held["epoch"], held["seq"]):
            last[row["id"]] = row
    return list(last.values())


# For whoever needs to know the columns: the shape of an event, with nothing in it.
SAMPLE = Event(
    type="technology.listed",
    technology=uuid.UUID(int=0),
    at=dt.datetime(2000, 1, 1, tzinfo=dt.UTC),
    epoch=0,
    seq=0,
    content_hash="",
    record={"id": "", "number": "", "state": "", "demonstration": False},
)
