"""``lake_verify``: what is missing, what is wrong, and what is only on its way."""

import json
import uuid
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from catalog.models import Delivery, Technology
from catalog.sync import manifest, verification
from catalog.sync.drain import drain_all, lake_of
from catalog.sync.lake import CURRENT, EVENTS, arrow, read
from catalog.sync.payloads import current_row
from core.canonical import canonical_json
from tests.builders import catalog
from tests.catalog.test_drain import full_disk, make_due

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_pause(monkeypatch):
    monkeypatch.setattr(verification, "PAUSE", 0)


def verify(*codes: str) -> tuple[int, str]:
    said = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("lake_verify", *codes, stdout=said)
    return int(ended.value.code or 0), said.getvalue()


def test_an_empty_lake_of_an_empty_catalogue_is_in_order():
    assert verify() == (
        0,
        "big-data-platform: 0 of 0 technologies, 0 events, 0 pending, 0 different\n",
    )


def test_what_has_not_arrived_yet_is_pending():
    catalog.technology(announced=True)

    status, said = verify()

    assert status == 3
    assert "0 of 1 technologies, 0 events, 2 pending, 0 different" in said


def test_a_change_on_its_way_is_pending():
    technology = catalog.technology(announced=True)
    drain_all()
    catalog.take(technology, "suspend")

    status, said = verify()

    assert status == 3
    assert f"pending: {technology.pk}: behind" in said
    drain_all()
    assert verify()[0] == 0


def test_a_batch_that_failed_half_way_is_pending():
    first, second = catalog.technologies(2, announced=True)
    drain_all(full_disk)
    events = list(Delivery.objects.order_by("id").values_list("payload", flat=True))
    lake_of(catalog.platform()).append(1, events)
    lake_of(catalog.platform()).open(CURRENT)

    assert verify()[0] == 3
    make_due()
    drain_all()
    assert verify()[0] == 0
    assert Technology.objects.count() == len({first.pk, second.pk})


def spoil_current(change: Callable[[dict[str, Any]], None]) -> None:
    """Rewrite the snapshot by hand, as somebody with access to the folder might."""
    lake = lake_of(catalog.platform())
    table = lake.open(CURRENT)
    rows = read(table, tuple(current_row_columns()))
    for row in rows:
        change(row)
    lake._commit(table, arrow(CURRENT, rows), lake.last_batch(table), "overwrite")
    manifest.write(lake)


def current_row_columns() -> list[str]:
    payload = Delivery.objects.values_list("payload", flat=True)[0]
    return list(current_row(payload, "", 0))


FAULTS: list[tuple[Callable[[dict[str, Any]], None], str]] = [
    (lambda row: row.update(id=str(uuid.uuid4())), "unknown here"),
    (lambda row: row.update(id=str(uuid.uuid4())), "missing"),
    (lambda row: row.update(seq=0), "behind"),
    (lambda row: row.update(seq=9), "ahead of the catalogue"),
    (lambda row: row.update(epoch=2), "ahead of the catalogue"),
    (lambda row: row.update(content_hash="0" * 64), "another content"),
    (lambda row: row.update(state="revoked"), "another state"),
    (lambda row: row.update(demonstration=False), "demonstration and real mixed up"),
    (lambda row: row.update(record=row["record"] + " "), "a record not of its hash"),
]


@pytest.mark.parametrize(("change", "told"), FAULTS, ids=[told for _c, told in FAULTS])
def test_a_row_that_was_changed_at_the_platform_is_different(change, told):
    catalog.technology(announced=True)
    drain_all()
    spoil_current(change)

    status, said = verify()

    assert status == 1
    assert told in said


def test_a_technology_that_was_never_announced_is_different():
    catalog.technology()

    status, said = verify()

    assert status == 1
    assert "missing" in said


def test_an_event_twice_in_the_log_is_different():
    catalog.technology(announced=True)
    drain_all()
    lake = lake_of(catalog.platform())
    payload = Delivery.objects.get().payload
    lake.append(2, [payload])
    manifest.write(lake)

    status, said = verify()

    assert status == 1
    assert f"{payload['id']}: twice in the log" in said


def test_an_event_the_portal_never_sent_is_different():
    catalog.technology(announced=True)
    drain_all()
    lake = lake_of(catalog.platform())
    payload = Delivery.objects.get().payload
    lake.append(2, [{**payload, "id": "somebody:1:1:0"}])
    manifest.write(lake)

    assert verify()[0] == 1
    assert "somebody:1:1:0: an event unknown here" in verify()[1]


def test_an_event_that_was_delivered_and_is_not_there_is_different():
    catalog.technology(announced=True)
    drain_all()
    delivery = Delivery.objects.get()
    Delivery.objects.filter(pk=delivery.pk).update(event_id="lost:1:1:0")

    status, said = verify()

    assert status == 1
    assert "lost:1:1:0: not in the log" in said


def test_a_manifest_that_lies_is_different():
    catalog.technology(announced=True)
    drain_all()
    path = lake_of(catalog.platform()).folder / manifest.NAME
    path.write_text(json.dumps({**json.loads(path.read_text()), "rows": {"events": 7}}))

    assert verify()[0] == 1
    assert "manifest.json: not of these tables" in verify()[1]


def test_a_data_file_that_was_changed_is_different():
    catalog.technology(announced=True)
    drain_all()
    lake = lake_of(catalog.platform())
    told = manifest.load(lake)
    assert told
    told["tables"][EVENTS]["files"][0]["sha256"] = "0" * 64
    (lake.folder / manifest.NAME).write_text(json.dumps(told))

    assert verify()[0] == 1


def test_a_folder_that_was_lost_is_different():
    catalog.technology(announced=True)
    drain_all()
    lake = lake_of(catalog.platform())
    lake.folder.rename(lake.folder.with_name("lost"))

    assert verify()[0] == 1


def test_only_the_destination_that_is_named_is_looked_at():
    catalog.technology()

    assert verify("big-data-platform")[0] == 1
    assert verify("another")[0] == 0


def test_a_long_report_is_cut():
    catalog.technologies(25)

    said = verify()[1]

    assert said.count("missing") == 20
    assert "different: and 5 more" in said


def test_the_record_in_the_log_is_checked_too():
    technology = catalog.technology(announced=True)
    payload = Delivery.objects.get().payload
    payload["data"]["titles"] = {"en": "Something else"}
    Delivery.objects.update(payload=payload)
    drain_all()

    assert canonical_json(payload["data"]) != canonical_json(technology.content)
    assert verify()[0] == 1
    assert "a record not of its hash" in verify()[1]
