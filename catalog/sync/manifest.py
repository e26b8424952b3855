"""``manifest.json``: what is in the lake, so that a reader can tell that it has all of it.

It is a function of the two tables as they are: whoever writes it writes the same. It names the
table versions it describes; the next drain writes it anew when they are no longer the present
ones (a worker that was stopped in the middle of writing it can leave an old one behind).
"""

import hashlib
import json
import os
import uuid
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from deltalake import DeltaTable

from catalog.record import NOTE, NOTICE
from catalog.sync.lake import CURRENT, EVENTS, Lake, read
from catalog.sync.payloads import SCHEMA_VERSION

NAME = "manifest.json"
FORMAT = "technology-pool-lake/1"
BUCKETS = [f"{number:02x}" for number in range(256)]

Document = dict[str, Any]


def load(lake: Lake) -> Document | None:
    """Return the manifest that is there; None when there is none, or none that can be read."""
    try:
        found: Document = json.loads((lake.folder / NAME).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return None
    return found


def is_present(lake: Lake) -> bool:
    """Say whether the manifest describes the tables as they are now."""
    if not lake.exists():
        return True
    manifest = load(lake) or {"tables": {}}
    versions = {name: part["version"] for name, part in manifest["tables"].items()}
    return versions == {name: lake.open(name).version() for name in (EVENTS, CURRENT)}


def write(lake: Lake) -> Document:
    """Describe the lake as it is and put the manifest in place in one step."""
    manifest = describe(lake, known=load(lake))
    path = lake.folder / NAME
    draft = path.with_name(f"{NAME}.{uuid.uuid4().hex}.part")
    with draft.open("w", encoding="utf-8") as file:
        json.dump(manifest, file, ensure_ascii=False, indent=1, sort_keys=True)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    return manifest


def describe(lake: Lake, *, known: Document | None = None) -> Document:
    """Return the manifest of the lake; ``known`` spares hashing files that are listed there.

    Data files are never changed once written, so a hash holds as long as the name does.
    """
    events, current = lake.open(EVENTS), lake.open(CURRENT)
    rows = read(current, ("id", "epoch", "seq", "content_hash", "state", "demonstration"))
    demonstration = any(row["demonstration"] for row in rows)
    last = lake.last_batch(events)
    described: Document = {
        "format": FORMAT,
        "schema_version": SCHEMA_VERSION,
        "demonstration": demonstration,
        "note": NOTE,
        "batch": last,
        "last_event_id": _last_event(events, last),
        "rows": {"events": events.count(), "current": len(rows)},
        "buckets": buckets(rows),
        "tables": {
            name: {"version": table.version(), "files": files(lake, name, table, known)}
            for name, table in ((EVENTS, events), (CURRENT, current))
        },
    }
    return {**described, "notice": NOTICE} if demonstration else described


def _last_event(events: DeltaTable, batch: int) -> str:
    """Return the event of the last batch that happened last.

    Of one technology that is the one of the greatest ``seq``: its events and their times are
    made under the lock of its row. Batches follow each other, so it is the last of the log.
    """
    rows = read(events, ("id", "time", "epoch", "seq"), f"batch = {batch:d}")
    last = max(
        rows, key=lambda row: (row["time"], row["epoch"], row["seq"], row["id"]), default=None
    )
    return str(last["id"]) if last else ""


def buckets(rows: Iterable[Document]) -> Document:
    """Return count and hash of each bucket: the first two digits of the id name it."""
    lines: dict[str, list[str]] = {name: [] for name in BUCKETS}
    for row in rows:
        line = f"{row['id']}:{row['epoch']}:{row['seq']}:{row['content_hash']}"
        lines[row["id"][:2]].append(line)
    return {
        name: {
            "count": len(found),
            "hash": hashlib.sha256("\n".join(sorted(found)).encode()).hexdigest(),
        }
        for name, found in lines.items()
    }


def files(lake: Lake, name: str, table: DeltaTable, known: Document | None) -> list[Document]:
    """Return path, size and SHA-256 of each data file of a table."""
    hashes = _known_hashes(known)
    found = table.get_add_actions()
    listed = zip(
        found.column("path").to_pylist(), found.column("size_bytes").to_pylist(), strict=True
    )
    return [
        {
            "path": f"{name}/{path}",
            "size": size,
            "sha256": hashes.get((f"{name}/{path}", size)) or sha256_of(lake.folder / name / path),
        }
        for path, size in sorted(listed)
    ]


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _known_hashes(known: Document | None) -> dict[tuple[str, int], str]:
    tables = (known or {}).get("tables", {})
    return {
        (file["path"], file["size"]): file["sha256"]
        for part in tables.values()
        for file in part["files"]
    }
