"""The catalogue as whole files: JSON lines, CSV and Parquet, with a manifest that proves them.

What is listed at one moment is read in one pass, by key, and handed on as it comes: memory does
not grow with the catalogue. Files are written into a folder beside, which is then given its
name; the manifest, changed last, says which folder counts. So nobody ever sees half of it.
"""

import contextlib
import csv
import datetime as dt
import gzip
import hashlib
import io
import json
import os
import re
import shutil
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from arro3.core import Array, DataType, Field, RecordBatch, RecordBatchReader, Schema
from arro3.io import write_parquet
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import connection, transaction
from django.utils import timezone

from catalog.harvest import about
from catalog.harvest.rows import COLUMNS, Row, cell, line, row
from catalog.models import Technology
from catalog.version import version_now
from core.alone import alone

BATCH = 500
MANIFEST = "manifest.json"
LINES, TABLE, PARQUET = "technologies.jsonl.gz", "technologies.csv", "technologies.parquet"
KINDS = {
    LINES: "application/gzip",
    TABLE: "text/csv; charset=utf-8",
    PARQUET: "application/vnd.apache.parquet",
}
KEPT_FOR = 600  # seconds a download of the files before may still begin
ABANDONED_AFTER = 3600  # seconds, of a folder whose writer died
GROUP = 10_000  # technologies a reader of Parquet takes into memory at a time

_TYPES = {bool: DataType.bool(), int: DataType.int64(), str: DataType.string()}
# A version and a part of a chance name, as ``_write`` gives them.
_FOLDER = re.compile(r"[0-9]{1,20}\.[0-9]{1,20}-[0-9a-f]{8}")
_SCHEMA = Schema(
    [Field(name, _TYPES[kind], nullable=kind is int) for name, kind in COLUMNS.items()]
    + [Field("record", DataType.string(), nullable=False)]
)

Manifest = dict[str, Any]


def current(folder: Path | None = None) -> Manifest | None:
    """Return the manifest of the files that count; None before there are any."""
    path = (folder or settings.BULK_DIR) / MANIFEST
    try:
        found: Manifest = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return found


def manifest_text() -> bytes:
    return (Path(settings.BULK_DIR) / MANIFEST).read_bytes()


def written_at(manifest: Manifest) -> dt.datetime:
    return dt.datetime.fromisoformat(manifest["time"])


def write_if_changed() -> bool:
    """Write the files anew when the catalogue or the terms changed; say whether they were.

    One writes at a time: another would write the same beside it, and take what it left.
    """
    with alone("catalog.write_bulk") as mine:
        return mine and _write_if_changed()


def _write_if_changed() -> bool:
    folder = Path(settings.BULK_DIR)
    folder.mkdir(parents=True, exist_ok=True)
    known = current(folder)
    fresh = known is None or (
        (known["version"], known["terms"]) != (str(version_now()), about.terms())
    )
    if fresh:
        _write(folder)
    _prune(folder)
    return fresh


def _write(folder: Path) -> None:
    beside = folder / f".{uuid.uuid4().hex}"
    beside.mkdir()
    with _one_moment():
        version, at = str(version_now()), timezone.now()
        number = _write_files(beside)
    # Terms may change while the catalogue does not: a name of its own each time.
    name = f"{version}-{beside.name[1:9]}"
    manifest = _manifest(beside, name, number) | {
        "version": version,
        "time": at.isoformat(timespec="seconds"),
    }
    beside.rename(folder / name)
    draft = folder / f"{beside.name}.json"
    draft.write_text(json.dumps(manifest, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    _note_the_end(folder)
    draft.replace(folder / MANIFEST)


def _note_the_end(folder: Path) -> None:
    """Let the folder that counts until now say by its time when it ceased to."""
    if known := current(folder):
        with contextlib.suppress(FileNotFoundError):
            os.utime(folder / known["folder"])


@contextlib.contextmanager
def _one_moment() -> Iterator[None]:
    """Read the catalogue as it stands now, however long it takes."""
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


class _Open(NamedTuple):
    """The files that take a technology at a time; Parquet takes batches."""

    lines: gzip.GzipFile
    table: Any  # a writer of csv

    def take(self, told: Row, record: bytes) -> None:
        self.lines.write(record + b"\n")
        self.table.writerow([cell(told[name]) for name in COLUMNS])


def _write_files(folder: Path) -> int:
    """Write all three in one pass; return how many technologies they hold."""
    with (
        (folder / LINES).open("wb") as raw,
        # Without the time in it: the same catalogue gives the same bytes.
        gzip.GzipFile(fileobj=raw, mode="wb", compresslevel=6, mtime=0, filename="") as lines,
        (folder / TABLE).open("w", encoding="utf-8-sig", newline="") as text,
    ):
        writer = csv.writer(text)
        writer.writerow(COLUMNS)
        pulled = _Counted(_Open(lines, writer))
        reader = RecordBatchReader.from_batches(_SCHEMA, pulled.batches())
        write_parquet(reader, folder / PARQUET, compression="zstd(3)", max_row_group_size=GROUP)
    return pulled.number


class _Counted:
    """Hands batches to whoever pulls them, and writes the other files on the way."""

    def __init__(self, others: _Open) -> None:
        self.others, self.number = others, 0

    def batches(self) -> Iterator[RecordBatch]:
        for technologies in _by_key():
            told = [row(one) for one in technologies]
            records = [line(one.content) for one in technologies]
            for one, record in zip(told, records, strict=True):
                self.others.take(one, record)
            self.number += len(told)
            columns = [
                Array([one[name] for one in told], _TYPES[kind]) for name, kind in COLUMNS.items()
            ]
            columns.append(Array([one.decode() for one in records], DataType.string()))
            yield RecordBatch.from_arrays(columns, schema=_SCHEMA)


def _by_key() -> Iterator[list[Technology]]:
    rows = Technology.objects.visible_to(AnonymousUser()).listed().order_by("place")
    wanted = rows.only("place", "content", "content_hash")
    last = -1
    while technologies := list(wanted.filter(place__gt=last)[:BATCH]):
        yield technologies
        last = technologies[-1].place


def _manifest(folder: Path, name: str, number: int) -> Manifest:
    return {
        "title": about.NAMES["en"],
        "count": number,
        "terms": about.terms(),
        "note": "Listing in the pool is not a certification.",
        "folder": name,
        "files": [
            {
                "name": path.name,
                "address": about.address("harvest:bulk-file", name, path.name),
                "type": KINDS[path.name].partition(";")[0],
                "bytes": path.stat().st_size,
                "sha256": _sha256(path),
            }
            for path in sorted(folder.iterdir())
        ],
    }


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _prune(folder: Path) -> None:
    """Throw away what no longer counts, a while after it did, and what a dead writer left."""
    known = current(folder) or {}
    now = time.time()
    for path in folder.iterdir():
        if path.name in (MANIFEST, known.get("folder")):
            continue
        most = ABANDONED_AFTER if path.name.startswith(".") else KEPT_FOR
        if now - path.stat().st_mtime > most:
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)


def opened(folder: str, name: str) -> io.BufferedReader | None:
    """Open a file of these to be handed out; None where there is none of this name."""
    if name not in KINDS or not _FOLDER.fullmatch(folder):
        return None
    try:
        return (Path(settings.BULK_DIR) / folder / name).open("rb")
    except OSError:
        return None


def modified(file: io.BufferedReader) -> float:
    """Return when a file was written, in seconds of Unix."""
    return os.fstat(file.fileno()).st_mtime
