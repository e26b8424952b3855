"""Whole files: all of what is listed, none of what is not, and a manifest that proves them."""

import csv
import gzip
import hashlib
import io
import json
import os
import time
from pathlib import Path
from typing import Any

import duckdb
import pytest
from arro3.io import read_parquet
from django.test import Client

from catalog.harvest import files
from catalog.harvest.rows import COLUMNS
from catalog.tasks import write_bulk
from core.canonical import canonical_json
from tests.builders import catalog
from tests.builders.alone import somebody_else

pytestmark = pytest.mark.django_db(transaction=True)

ORIGIN = "https://pool.example.org"


@pytest.fixture(autouse=True)
def at_home(settings: Any) -> None:
    settings.PORTAL_ORIGIN = ORIGIN


def manifest() -> Any:
    answer = Client().get("/catalogue/bulk/manifest.json")
    assert answer.status_code == 200
    assert not answer.cookies
    return json.loads(answer.content)


def fetched(name: str) -> bytes:
    """Follow the address that stays, as whoever bookmarked it does."""
    answer = Client().get(f"/catalogue/bulk/{name}", follow=True)
    assert not answer.cookies
    return body(answer)


def body(answer: Any) -> bytes:
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def lines() -> list[Any]:
    return [json.loads(line) for line in gzip.decompress(fetched(files.LINES)).splitlines()]


def table() -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(fetched(files.TABLE).decode("utf-8-sig"))))


def parquet() -> list[dict[str, Any]]:
    found = read_parquet(io.BytesIO(fetched(files.PARQUET))).read_all()
    columns = {name: found.column(name).to_pylist() for name in found.column_names}
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def test_all_three_hold_the_same_records_in_the_order_of_listing(monkeypatch):
    monkeypatch.setattr(files, "BATCH", 2)  # several batches
    technologies = catalog.technologies(5, title_zh="膜", first_use_year="2015")

    assert write_bulk() is True

    pks = [str(one.pk) for one in technologies]
    assert [one["id"] for one in lines()] == pks
    assert [one["id"] for one in table()] == pks
    rows = parquet()
    assert [one["id"] for one in rows] == pks
    assert lines()[0] == technologies[0].content
    assert rows[0]["record"].encode() == canonical_json(technologies[0].content)
    assert (rows[0]["first_use_year"], rows[0]["demonstration"]) == (2015, True)
    assert rows[0]["title_zh"] == table()[0]["title_zh"] == "膜"
    assert list(rows[0]) == [*COLUMNS, "record"]


def test_the_manifest_says_what_is_in_them_and_proves_it(settings):
    settings.CATALOGUE_TERMS = "https://pool.example.org/terms"
    catalog.technologies(3)
    write_bulk()

    told = manifest()

    assert told["count"] == 3
    assert told["terms"] == "https://pool.example.org/terms"
    assert [one["name"] for one in told["files"]] == sorted(files.KINDS)
    for one in told["files"]:
        content = fetched(one["name"])
        assert hashlib.sha256(content).hexdigest() == one["sha256"]
        assert len(content) == one["bytes"]
        where = one["address"].removeprefix(ORIGIN)
        assert body(Client().get(where)) == content


def test_an_empty_catalogue_is_three_files_with_nothing_in_them():
    write_bulk()

    assert (lines(), table(), parquet(), manifest()["count"]) == ([], [], [], 0)


@pytest.mark.parametrize("step", ["suspend", "withdraw", "revoke"])
def test_what_is_not_listed_is_in_none_of_them(step):
    catalog.take(catalog.technology(title="Gone one"), step)
    kept = catalog.technology()
    write_bulk()

    for found in (lines(), table(), parquet()):
        assert [one["id"] for one in found] == [str(kept.pk)]


def test_they_are_written_again_only_when_something_changed(settings):
    technology = catalog.technology()

    assert [write_bulk(), write_bulk()] == [True, False]
    catalog.take(technology, "suspend")
    assert [write_bulk(), write_bulk()] == [True, False]
    settings.CATALOGUE_TERMS = "Other terms."
    assert [write_bulk(), write_bulk()] == [True, False]
    assert manifest()["terms"] == "Other terms."


def test_one_writes_at_a_time():
    catalog.technology()
    with somebody_else("catalog.write_bulk"):
        assert write_bulk() is False
    assert files.current() is None

    assert write_bulk() is True


def test_what_was_there_before_stays_a_while_and_then_goes(settings):
    technology = catalog.technology()
    write_bulk()
    told = manifest()
    before = told["files"][0]["address"].removeprefix(ORIGIN)
    catalog.take(technology, "revoke")
    write_bulk()

    assert body(Client().get(before))  # a download may have just begun
    long_ago = time.time() - files.KEPT_FOR - 1
    os.utime(settings.BULK_DIR / told["folder"], (long_ago, long_ago))
    catalog.technology()
    write_bulk()  # also where the catalogue changes all the time

    assert Client().get(before).status_code == 404
    assert fetched(files.TABLE)


def test_what_counted_for_long_stays_as_long_as_what_counted_for_a_minute(settings):
    technology = catalog.technology()
    write_bulk()
    told = manifest()
    before = told["files"][0]["address"].removeprefix(ORIGIN)
    yesterday = time.time() - 86_400
    os.utime(settings.BULK_DIR / told["folder"], (yesterday, yesterday))
    catalog.take(technology, "revoke")

    write_bulk()

    assert manifest()["folder"] != told["folder"]
    assert body(Client().get(before))


def test_what_a_dead_writer_left_is_thrown_away_and_was_never_handed_out(settings):
    catalog.technology()
    left = Path(settings.BULK_DIR) / ".dead"
    left.mkdir(parents=True)
    (left / files.TABLE).write_text("half")
    long_ago = time.time() - files.ABANDONED_AFTER - 1
    os.utime(left, (long_ago, long_ago))

    assert Client().get(f"/catalogue/bulk/.dead/{files.TABLE}").status_code == 404
    write_bulk()

    assert not left.exists()


def test_a_writer_that_dies_leaves_what_counted(monkeypatch):
    technology = catalog.technology()
    write_bulk()
    catalog.technology()

    def dies(*_arguments: Any, **_more: Any) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(files, "write_parquet", dies)
    with pytest.raises(OSError, match="No space"):
        write_bulk()

    assert [one["id"] for one in lines()] == [str(technology.pk)]


def test_before_they_were_written_they_are_to_come():
    for path in ("/catalogue/bulk/manifest.json", f"/catalogue/bulk/{files.TABLE}"):
        answer = Client().get(path)
        assert (answer.status_code, answer["Retry-After"]) == (503, "300")


@pytest.mark.parametrize(
    "path",
    [
        "/catalogue/bulk/passwords.csv",
        "/catalogue/bulk/../technologies.csv",
        "/catalogue/bulk/%2e%2e/technologies.csv",
        "/catalogue/bulk/none/technologies.csv",
        "/catalogue/bulk/x/manifest.json",
        "/catalogue/bulk/manifest.json/technologies.csv",
        "/catalogue/bulk/%00/technologies.csv",
        f"/catalogue/bulk/{'9' * 300}.1-0a1b2c3d/technologies.csv",
        f"/catalogue/bulk/{'x' * 300}/technologies.csv",
        "/catalogue/bulk/1.1-0a1b2c3d%0A/technologies.csv",
        "/catalogue/bulk/١.1-0a1b2c3d/technologies.csv",
    ],
)
def test_nothing_else_is_handed_out(path):
    catalog.technology()
    write_bulk()

    assert Client().get(path).status_code == 404


def test_who_has_a_file_is_not_sent_it_again():
    catalog.technology()
    write_bulk()
    where = manifest()["files"][0]["address"].removeprefix(ORIGIN)
    first = Client().get(where)
    assert body(first)

    by_tag = Client().get(where, headers={"if-none-match": first["ETag"]})
    by_time = Client().get(where, headers={"if-modified-since": first["Last-Modified"]})

    assert (by_tag.status_code, by_time.status_code) == (304, 304)
    assert first["Content-Disposition"] == f'attachment; filename="{files.TABLE}"'


@pytest.mark.parametrize("start", ["=", "＝"])
def test_no_cell_is_a_formula(start):
    text = f"{start}cmd|' /C calc'!A0"
    catalog.technology(title=text, summary=text)
    write_bulk()

    (row,) = table()

    assert row["title"] == row["title_en"] == row["summary"] == f"'{text}"
    assert parquet()[0]["title"] == text  # no spreadsheet opens it
    assert lines()[0]["titles"]["en"] == text


def test_a_reader_of_parquet_may_read_a_part_of_it(monkeypatch, settings):
    monkeypatch.setattr(files, "BATCH", 2)
    monkeypatch.setattr(files, "GROUP", 4)
    catalog.technologies(5)
    write_bulk()

    (path,) = Path(settings.BULK_DIR).glob(f"*/{files.PARQUET}")
    sizes = duckdb.execute(
        "SELECT DISTINCT row_group_id, row_group_num_rows FROM parquet_metadata(?) ORDER BY 1",
        [str(path)],
    ).fetchall()

    assert sizes == [(0, 4), (1, 1)]


def test_memory_does_not_grow_with_the_catalogue(monkeypatch):
    """At no time are more records in memory than a batch holds."""
    monkeypatch.setattr(files, "BATCH", 10)
    catalog.technologies(35)
    sizes = []
    by_key = files._by_key

    def watched() -> Any:
        for batch in by_key():
            sizes.append(len(batch))
            yield batch

    monkeypatch.setattr(files, "_by_key", watched)
    write_bulk()

    assert sizes == [10, 10, 10, 5]
    assert manifest()["count"] == 35
