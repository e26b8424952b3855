"""What arrives in the lake, read back by a stranger through Arrow."""

import json
from typing import Any

import duckdb
import pytest
from deltalake import DeltaTable, QueryBuilder, write_deltalake
from django.core.management import call_command

from catalog.models import Batch, Delivery, Destination
from catalog.sync import manifest
from catalog.sync.drain import drain_all, lake_of
from catalog.sync.lake import COLUMNS, CURRENT, EVENTS, select
from core.canonical import content_hash
from tests.builders import catalog

pytestmark = pytest.mark.django_db


def stranger(table: str, query: str) -> list[tuple[Any, ...]]:
    """Ask DuckDB, which knows nothing of the portal, about a table of the lake."""
    folder = lake_of(catalog.platform()).folder / table
    found = QueryBuilder().register("t", DeltaTable(str(folder))).execute("SELECT * FROM t")
    with duckdb.connect() as asked:
        asked.register("lake", found.read_all())
        rows: list[tuple[Any, ...]] = asked.sql(query).fetchall()
    return rows


def verified() -> int:
    with pytest.raises(SystemExit) as ended:
        call_command("lake_verify")
    return int(ended.value.code or 0)


def test_a_listed_technology_arrives_whole():
    technology = catalog.technology(title="Membrane bioreactor", announced=True)

    delivered = drain_all()

    assert delivered == 1
    [(record, *row)] = stranger(
        CURRENT, "SELECT record, id, number, state, epoch, seq, content_hash FROM lake"
    )
    assert row == [
        str(technology.pk),
        technology.number,
        "listed",
        1,
        1,
        technology.content_hash,
    ]
    assert json.loads(record) == technology.content
    assert content_hash(json.loads(record)) == technology.content_hash
    assert verified() == 0


def test_every_event_stays_in_the_log_and_the_last_one_is_current():
    technology = catalog.technology(announced=True)
    catalog.take(technology, "suspend")
    catalog.take(technology, "resume")
    catalog.take(technology, "withdraw")

    drain_all()

    assert stranger(EVENTS, "SELECT type, seq FROM lake ORDER BY seq") == [
        ("technology.listed", 1),
        ("technology.suspended", 2),
        ("technology.resumed", 3),
        ("technology.withdrawn", 4),
    ]
    [(state, record)] = stranger(CURRENT, "SELECT state, record FROM lake")
    assert state == "withdrawn"
    assert set(json.loads(record)) == {
        "schema",
        "id",
        "number",
        "state",
        "withdrawn_at",
        "demonstration",
        "note",
        "notice",
    }
    assert verified() == 0


def test_batches_follow_each_other_until_nothing_is_owed():
    Destination.objects.update(batch_size=2)
    for technology in catalog.technologies(5, announced=True):
        catalog.take(technology, "suspend")

    assert drain_all() == 10

    numbers = Batch.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers) == [1, 2, 3, 4, 5]
    assert set(Delivery.objects.values_list("state", flat=True)) == {Delivery.State.DONE}
    assert stranger(EVENTS, "SELECT count(*), count(DISTINCT id) FROM lake") == [(10, 10)]
    assert stranger(CURRENT, "SELECT state, count(*) FROM lake GROUP BY 1") == [("suspended", 5)]
    assert drain_all() == 0
    assert verified() == 0


def test_every_row_says_that_it_is_a_demonstration():
    catalog.technology(announced=True)

    drain_all()

    assert stranger(EVENTS, "SELECT demonstration FROM lake") == [(True,)]
    [(demonstration, record)] = stranger(CURRENT, "SELECT demonstration, record FROM lake")
    assert demonstration
    assert "not a listing by FECO" in json.loads(record)["notice"]
    told = manifest.load(lake_of(catalog.platform()))
    assert told
    assert told["demonstration"] is True
    assert "not a listing by FECO" in told["notice"]


def test_an_older_event_does_not_undo_a_newer_one():
    technology = catalog.technology(announced=True)
    catalog.take(technology, "withdraw")
    first, second = Delivery.objects.order_by("id").values_list("payload", flat=True)
    lake = lake_of(catalog.platform())

    lake.append(1, [second])
    lake.apply(1, [second])
    lake.append(2, [first])
    lake.apply(2, [first])

    assert stranger(CURRENT, "SELECT state, seq, batch FROM lake") == [("withdrawn", 2, 1)]
    assert stranger(EVENTS, "SELECT count(*) FROM lake") == [(2,)]


def test_a_higher_epoch_goes_before_a_higher_seq():
    technology = catalog.technology(announced=True)
    catalog.take(technology, "suspend")
    first, second = Delivery.objects.order_by("id").values_list("payload", flat=True)
    first |= {"epoch": 2}
    lake = lake_of(catalog.platform())

    for number, event in ((1, second), (2, first)):
        lake.append(number, [event])
        lake.apply(number, [event])

    assert stranger(CURRENT, "SELECT epoch, seq, state FROM lake") == [(2, 1, "listed")]


def test_a_batch_that_is_there_is_not_written_again():
    catalog.technology(announced=True)
    events = list(Delivery.objects.values_list("payload", flat=True))
    lake = lake_of(catalog.platform())
    lake.append(1, events)
    lake.apply(1, events)
    versions = [lake.open(name).version() for name in (EVENTS, CURRENT)]

    lake.append(1, events)
    lake.apply(1, events)

    assert [lake.open(name).version() for name in (EVENTS, CURRENT)] == versions


def test_another_batch_of_the_same_number_is_refused_and_told():
    catalog.technologies(2, announced=True)
    first = Delivery.objects.order_by("id").values_list("payload", flat=True)[0]
    lake_of(catalog.platform()).append(1, [first])

    assert drain_all() == 0

    batch = Batch.objects.get()
    assert batch.done_at is None
    assert batch.attempts == 1
    assert "with other events" in batch.last_error


def arrow_schema(table: DeltaTable) -> Any:
    """Return what the newest file of a table says about its types, as it was written."""
    [file] = table.file_uris()
    return duckdb.sql(
        "SELECT value FROM parquet_kv_metadata($file) WHERE key = 'ARROW:schema'",
        params={"file": file},
    ).fetchall()


def test_strings_stay_plain_when_the_snapshot_is_rewritten():
    """The reader hands out views of strings; some engines refuse files made of them."""
    catalog.technologies(2, announced=True)
    Destination.objects.update(batch_size=1)
    lake = lake_of(catalog.platform())
    batches = iter(Delivery.objects.order_by("id").values_list("payload", flat=True))
    lake.apply(1, [next(batches)])
    as_written = arrow_schema(lake.open(CURRENT))

    lake.apply(2, [next(batches)])

    table = lake.open(CURRENT)
    assert table.count() == 2
    assert arrow_schema(table) == as_written
    # The trap is there: what was read and is written as it came has other types.
    write_deltalake(table, select(table, COLUMNS[CURRENT]), mode="overwrite")
    assert arrow_schema(table) != as_written


def test_the_manifest_tells_what_is_there():
    technology = catalog.technology(announced=True)

    drain_all()

    lake = lake_of(catalog.platform())
    told = manifest.load(lake)
    assert told == manifest.describe(lake)
    assert told["rows"] == {"events": 1, "current": 1}
    assert told["batch"] == 1
    assert sorted(told["buckets"]) == manifest.BUCKETS
    assert told["buckets"][str(technology.pk)[:2]]["count"] == 1
    for part in told["tables"].values():
        for file in part["files"]:
            assert manifest.sha256_of(lake.folder / file["path"]) == file["sha256"]


def test_a_manifest_that_is_out_of_date_is_written_anew():
    catalog.technology(announced=True)
    drain_all()
    lake = lake_of(catalog.platform())
    good = (lake.folder / manifest.NAME).read_text()
    stale = {**json.loads(good), "tables": {}}
    (lake.folder / manifest.NAME).write_text(json.dumps(stale))

    assert drain_all() == 0

    assert (lake.folder / manifest.NAME).read_text() == good


def test_tidying_keeps_what_is_current():
    catalog.technologies(3, announced=True)
    Destination.objects.update(batch_size=1)
    drain_all()
    lake = lake_of(catalog.platform())

    lake.tidy(50)
    drain_all()

    assert stranger(CURRENT, "SELECT count(*) FROM lake") == [(3,)]
    assert verified() == 0


def last_event_told() -> str:
    told = manifest.load(lake_of(catalog.platform()))
    assert told
    return str(told["last_event_id"])


def test_the_manifest_names_the_event_that_happened_last():
    """Not the one of the greatest id: ids begin with those of technologies, which are random."""
    technologies = [catalog.technology(announced=True) for _number in range(3)]
    drain_all()
    told = []

    # The technology of the smallest id last, then the others: one of the orders tells them apart.
    for technology in sorted(technologies, key=lambda one: str(one.pk), reverse=True):
        catalog.take(technology, "suspend")
        catalog.take(technology, "resume")
    drain_all()
    told.append(last_event_told())
    catalog.take(max(technologies, key=lambda one: str(one.pk)), "suspend")
    drain_all()
    told.append(last_event_told())

    smallest = min(str(one.pk) for one in technologies)
    greatest = max(str(one.pk) for one in technologies)
    in_order = list(Delivery.objects.order_by("id").values_list("event_id", flat=True))
    assert told == [in_order[-2], in_order[-1]]
    assert [event.split(":")[:3] for event in told] == [[smallest, "1", "3"], [greatest, "1", "4"]]
