"""The embedded big data platform: a folder with two Delta tables and a manifest.

``catalog_events`` is the append-only log of what was announced, ``catalog_current`` the state
after it, one row per technology, rewritten whole. No MERGE: it writes a type of string that
some readers refuse.

Exactly once: each commit carries the number of its batch as an application transaction of the
table format, and a number that is there is not written again. A commit is tried only upon the
table version that was looked at, never again upon a newer one; so of two workers one fails,
and one that slept through another's work can do no harm.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from arro3.core import Array, DataType, Table
from deltalake import (
    CommitProperties,
    DeltaTable,
    Field,
    QueryBuilder,
    Schema,
    Transaction,
    WriterProperties,
    write_deltalake,
)
from deltalake.exceptions import DeltaError
from deltalake.schema import PrimitiveType

from catalog.sync import payloads
from core.canonical import canonical_json

EVENTS, CURRENT = "catalog_events", "catalog_current"
PARTITION = "event_date"
TIDY_EVERY = 50  # batches
_TYPES = {
    "epoch": ("long", DataType.int64()),
    "seq": ("long", DataType.int64()),
    "batch": ("long", DataType.int64()),
    "demonstration": ("boolean", DataType.bool()),
}
_TEXT = ("string", DataType.string())
_SAMPLE = payloads.envelope(payloads.SAMPLE)
COLUMNS = {
    EVENTS: tuple(payloads.log_row(_SAMPLE, "", 0)),
    CURRENT: tuple(payloads.current_row(_SAMPLE, "", 0)),
}

Row = dict[str, Any]


class LakeDisagreesError(Exception):
    """The lake holds a batch of this number with other rows: one side was restored or replaced."""


class Lake:
    """One folder; ``app`` is the name under which this portal counts its batches there."""

    def __init__(self, folder: Path, app: str) -> None:
        self.folder = folder
        self.app = app

    # Writing ------------------------------------------------------------------------------

    def append(self, batch: int, events: Sequence[Row]) -> None:
        """Put the events of a batch into the log, unless they are there."""
        table = self.open(EVENTS)
        if self.last_batch(table) >= batch:
            self._must_be_same(table, batch, events)
            return
        rows = [payloads.log_row(event, _json(event), batch) for event in events]
        self._commit(table, arrow(EVENTS, rows), batch, "append")

    def apply(self, batch: int, events: Sequence[Row]) -> None:
        """Bring the snapshot up to a batch; a row gives way only to a greater (epoch, seq)."""
        table = self.open(CURRENT)
        if self.last_batch(table) >= batch:
            return
        rows = payloads.newest(
            [payloads.current_row(event, _json(event), batch) for event in events]
        )
        keys = ", ".join(f"'{row['id']}'" for row in rows)  # UUIDs of our own
        held = {
            row["id"]: (row["epoch"], row["seq"])
            for row in read(table, ("id", "epoch", "seq"), f"id IN ({keys})")
        }
        fresh = [row for row in rows if (row["epoch"], row["seq"]) > held.get(row["id"], (0, 0))]
        replaced = ", ".join(f"'{row['id']}'" for row in fresh) or "''"
        rest = plain(CURRENT, select(table, COLUMNS[CURRENT], f"id NOT IN ({replaced})"))
        new = arrow(CURRENT, fresh)
        whole = Table.from_batches([*rest.to_batches(), *new.to_batches()], schema=new.schema)
        self._commit(table, whole, batch, "overwrite")

    def tidy(self, batch: int) -> None:
        """Now and then, drop the files of snapshots that were replaced over a week ago.

        A week is the table format's own limit: who began to read before may still be reading.
        """
        if batch % TIDY_EVERY == 0:
            self.open(CURRENT).vacuum(dry_run=False)

    def _commit(self, table: DeltaTable, rows: Table, batch: int, mode: Any) -> None:
        write_deltalake(
            table,
            rows,
            mode=mode,
            writer_properties=WriterProperties(compression="ZSTD"),
            commit_properties=CommitProperties(
                app_transactions=[Transaction(self.app, batch)], max_commit_retries=0
            ),
        )

    def _must_be_same(self, table: DeltaTable, batch: int, events: Sequence[Row]) -> None:
        there = {row["id"] for row in read(table, ("id",), f"batch = {batch:d}")}
        if there != {event["id"] for event in events}:
            raise LakeDisagreesError(f"{self.folder}: batch {batch} is there with other events")

    # Reading ------------------------------------------------------------------------------

    def exists(self) -> bool:
        return all(DeltaTable.is_deltatable(str(self.folder / name)) for name in COLUMNS)

    def open(self, name: str) -> DeltaTable:
        """Open a table as it is now; the first time, make it."""
        path = str(self.folder / name)
        if not DeltaTable.is_deltatable(path):
            self._create(name, path)
        return DeltaTable(path)

    def last_batch(self, table: DeltaTable) -> int:
        return table.transaction_version(self.app) or 0

    def _create(self, name: str, path: str) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        try:
            DeltaTable.create(
                path,
                Schema([Field(key, PrimitiveType(_type(key)[0])) for key in COLUMNS[name]]),
                partition_by=[PARTITION] if name == EVENTS else None,
            )
        except DeltaError:
            # Another worker made it in the same moment; anything else shows when it is opened.
            if not DeltaTable.is_deltatable(path):
                raise


def arrow(name: str, rows: Sequence[Row]) -> Table:
    """Return rows as Arrow, with the plain types every reader knows."""
    return Table.from_pydict(
        {key: Array([row[key] for row in rows], type=_type(key)[1]) for key in COLUMNS[name]}
    )


def plain(name: str, found: Table) -> Table:
    """Return what was read with plain types again: the reader makes string views of strings."""
    schema = arrow(name, []).schema
    columns = [found.column(key).cast(schema.field(key).type) for key in COLUMNS[name]]
    return Table.from_arrays(columns, schema=schema)


def select(table: DeltaTable, columns: Sequence[str], where: str = "true") -> Table:
    """Read columns with the table format's own reader."""
    wanted = f"SELECT {', '.join(columns)} FROM t WHERE {where}"  # noqa: S608 -- no outside input
    found: Table = QueryBuilder().register("t", table).execute(wanted).read_all()
    return found


def read(table: DeltaTable, columns: Sequence[str], where: str = "true") -> list[Row]:
    found = select(table, columns, where)
    return [row for batch in found.to_batches() for row in batch.to_struct_array().to_pylist()]


def _type(column: str) -> tuple[str, Any]:
    return _TYPES.get(column, _TEXT)


def _json(event: Row) -> str:
    return canonical_json(event["data"]).decode()
