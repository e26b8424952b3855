"""Leases, batches that fail and are tried again, destinations that are paused."""

import datetime as dt
from typing import Any

import pytest
from celery import current_app
from django.db import transaction
from django.utils import timezone

from catalog.models import Batch, Delivery, Destination
from catalog.sync import batches, deliveries, leases
from catalog.sync.drain import drain, drain_all, lake_of
from catalog.sync.lake import Lake
from catalog.wiring import restore_platform
from catalog.workflow import DESTINATIONS
from core.errors import TransitionError
from core.models import AuditEntry
from tests.builders import accounts, catalog

pytestmark = pytest.mark.django_db


class FullDisk(Lake):
    """A lake on a disk with no room."""

    def append(self, batch: int, events: Any) -> None:
        raise OSError(28, "No space left on device")


def full_disk(destination: Destination) -> Lake:
    return FullDisk(lake_of(destination).folder, app="test")


def make_due() -> None:
    Batch.objects.update(next_at=timezone.now() - dt.timedelta(seconds=1))


def test_a_batch_that_failed_stays_open_and_says_why_on_every_row():
    catalog.technologies(2, announced=True)

    assert drain_all(full_disk) == 0

    batch = Batch.objects.get()
    assert (batch.number, batch.attempts, batch.done_at) == (1, 1, None)
    assert batch.last_error == "OSError(28, 'No space left on device')"
    for delivery in Delivery.objects.all():
        assert (delivery.state, delivery.attempts) == (Delivery.State.INFLIGHT, 1)
        assert delivery.last_error == batch.last_error


def test_a_batch_that_failed_is_not_tried_before_its_time_and_then_arrives():
    catalog.technology(announced=True)
    drain_all(full_disk)
    Batch.objects.update(next_at=timezone.now() + dt.timedelta(seconds=30))

    assert drain_all() == 0
    make_due()
    assert drain_all() == 1

    batch = Batch.objects.get()
    assert batch.done_at
    assert batch.last_error == ""
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.attempts, delivery.last_error) == ("done", 2, "")


@pytest.mark.parametrize(("attempts", "longest"), [(0, 2), (3, 16), (20, 900)])
def test_the_wait_grows_to_a_quarter_of_an_hour(attempts, longest):
    catalog.technology(announced=True)
    drain_all(full_disk)
    waits = []
    for _time in range(20):
        Batch.objects.update(attempts=attempts)
        make_due()
        before = timezone.now()
        drain_all(full_disk)
        waits.append((Batch.objects.get().next_at - before).total_seconds())

    assert max(waits) <= longest + 1
    assert len({round(wait, 4) for wait in waits}) > 10


def test_new_events_wait_behind_a_batch_that_failed():
    catalog.technology(announced=True)
    drain_all(full_disk)
    catalog.technology(announced=True)

    assert drain_all(full_disk) == 0
    assert Batch.objects.count() == 1
    make_due()
    assert drain_all() == 2
    assert deliveries.outstanding() == 0


def test_events_are_kept_for_a_paused_destination_and_arrive_when_it_goes_on():
    administrator = accounts.system_administrator()
    DESTINATIONS.perform("pause", "big-data-platform", actor=administrator, reason="Repairs.")
    catalog.technology(announced=True)

    assert drain_all() == 0
    assert deliveries.outstanding() == 1

    DESTINATIONS.perform("resume", "big-data-platform", actor=administrator)
    assert drain_all() == 1
    assert list(AuditEntry.objects.filter(subject_type="destination").values_list("act")) == [
        ("destination.resume",),
        ("destination.pause",),
    ]
    with pytest.raises(TransitionError):
        DESTINATIONS.perform("resume", "big-data-platform", actor=administrator)


def test_every_destination_gets_every_event_and_one_that_fails_stops_no_other():
    Destination.objects.create(code="archive", name="Archive", kind="lake", location="archive")
    catalog.technology(announced=True)

    def one_is_full(destination: Destination) -> Lake:
        return full_disk(destination) if destination.pk == "archive" else lake_of(destination)

    assert drain_all(one_is_full) == 1

    states = dict(Delivery.objects.values_list("destination", "state"))
    assert states == {"archive": "inflight", "big-data-platform": "done"}


def test_a_destination_that_cannot_be_opened_stops_no_other():
    Destination.objects.create(code="archive", name="Archive", kind="lake", location="archive")
    catalog.technology(announced=True)

    def one_is_shut(destination: Destination) -> Lake:
        if destination.pk == "archive":
            raise PermissionError(13, "Permission denied")
        return lake_of(destination)

    assert drain_all(one_is_shut) == 1
    assert deliveries.outstanding() == 1


def test_a_destination_has_one_servant_at_a_time():
    first = leases.take(catalog.platform())

    assert first is not None
    assert leases.take(catalog.platform()) is None
    first.release()
    assert leases.take(catalog.platform()) is not None


def test_a_lease_that_ran_out_is_taken_and_the_first_holder_can_do_nothing_more():
    catalog.technology(announced=True)
    first = leases.take(catalog.platform())
    assert first is not None
    batch = batches.next_batch(first)
    assert batch is not None
    Destination.objects.update(lease_until=timezone.now() - dt.timedelta(seconds=1))

    second = leases.take(catalog.platform())

    assert second is not None
    with pytest.raises(leases.LeaseLostError):
        first.renew()
    with pytest.raises(leases.LeaseLostError):
        batches.finish(batch, first)
    with pytest.raises(leases.LeaseLostError):
        batches.put_back(batch, first, OSError())
    first.release()
    second.renew()
    assert Batch.objects.get().attempts == 0
    assert batches.next_batch(second) == batch


def test_the_lease_of_a_connection_that_ended_is_free_at_once():
    lease = leases.take(catalog.platform())
    assert lease is not None
    Destination.objects.update(lease_backend=2_000_000_000)  # no process has this id

    assert leases.take(catalog.platform()) is not None


def test_a_paused_destination_is_not_served():
    DESTINATIONS.perform(
        "pause",
        "big-data-platform",
        actor=accounts.system_administrator(),
        reason="Repairs.",
    )

    assert leases.take(catalog.platform()) is None
    assert drain(catalog.platform()) == 0


def test_an_event_is_owed_only_if_its_change_is_made():
    technology = catalog.technology()

    with pytest.raises(RuntimeError, match="undone"), transaction.atomic():
        catalog.take(technology, "suspend")
        raise RuntimeError("undone")

    assert not Delivery.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_event_cannot_be_announced_outside_the_change():
    with pytest.raises(RuntimeError, match="transaction"):
        deliveries.announce(catalog.technology(), "technology.listed", at=timezone.now())


@pytest.mark.django_db(transaction=True)
def test_a_lease_is_held_within_a_transaction_only():
    lease = leases.take(catalog.platform())
    assert lease is not None

    with pytest.raises(RuntimeError, match="transaction"):
        lease.hold()


def test_the_platform_is_a_destination_from_the_first_migration_on():
    platform = catalog.platform()
    assert (platform.kind, platform.location) == ("lake", "platform")
    Destination.objects.filter(pk=platform.pk).update(location="elsewhere")

    restore_platform(using="default")

    assert catalog.platform().location == "elsewhere"


def test_a_destination_paused_in_the_middle_ends_with_the_batch_at_hand():
    Destination.objects.update(batch_size=1)
    catalog.technologies(3, announced=True)
    administrator = accounts.system_administrator()

    class PausedMeanwhile(Lake):
        def append(self, batch: int, events: Any) -> None:
            super().append(batch, events)
            DESTINATIONS.perform(
                "pause",
                "big-data-platform",
                actor=administrator,
                reason="Repairs.",
            )

    def pausing(destination: Destination) -> Lake:
        return PausedMeanwhile(lake_of(destination).folder, app=lake_of(destination).app)

    assert drain_all(pausing) == 1
    assert deliveries.outstanding() == 2


def test_the_oldest_wait_is_counted_from_the_oldest_event_that_has_not_arrived():
    assert deliveries.oldest_wait() == 0
    catalog.technologies(2, announced=True)
    Delivery.objects.filter(pk=Delivery.objects.order_by("id")[0].pk).update(
        created_at=timezone.now() - dt.timedelta(minutes=5)
    )

    assert 300 <= deliveries.oldest_wait() < 330
    drain_all()
    assert deliveries.oldest_wait() == 0


def test_the_clock_finds_its_tasks_under_their_names():
    catalog.technology(announced=True)
    current_app.loader.import_default_modules()

    assert current_app.tasks["catalog.sync.drain"].run() == 1
    assert current_app.tasks["catalog.expire_listings"].run() == 0
