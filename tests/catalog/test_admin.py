"""The officers' pages of the catalogue and of what is owed to the platform."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from accounts.models import Membership
from accounts.roles import Level
from catalog.models import Batch, Delivery, Destination, Technology
from catalog.states import DestinationStatus, TechnologyStatus
from catalog.sync.drain import drain_all
from tests.builders import accounts, catalog
from tests.catalog.test_drain import full_disk

pytestmark = pytest.mark.django_db


def page(model: str, view: str, *arguments: object) -> str:
    with override("en"):
        return reverse(f"admin:catalog_{model}_{view}", args=arguments)


def test_an_officer_sees_record_state_and_deliveries():
    technology = catalog.technology(title="Membrane bioreactor", announced=True)
    client = accounts.signed_in(accounts.officer())

    listed = client.get(page("technology", "changelist")).content.decode()
    shown = client.get(page("technology", "change", technology.pk)).content.decode()

    assert technology.number in listed
    assert technology.content_hash in shown
    assert "Membrane bioreactor" in shown
    assert f"?q={technology.pk}" in shown


def test_no_officer_takes_a_step_of_a_technology_alone():
    technology = catalog.technology()
    client = accounts.signed_in(accounts.officer())

    for step in ("suspend", "withdraw", "revoke"):
        address = page("technology", "step", technology.pk, step)
        assert client.post(address, {"reason": "Figures in doubt."}).status_code == 404
    shown = client.get(page("technology", "change", technology.pk)).content.decode()

    assert "/steps/" not in shown
    assert f"?number={technology.number}" in shown  # a measure is proposed
    assert Technology.objects.get(pk=technology.pk).status == TechnologyStatus.LISTED


def test_nothing_of_a_technology_is_edited_added_or_deleted_here():
    technology = catalog.technology()
    client = accounts.signed_in(accounts.officer())

    assert client.post(
        page("technology", "change", technology.pk), {"number": "X"}
    ).status_code in (
        302,
        403,
    )
    assert Technology.objects.get(pk=technology.pk).number == technology.number
    assert client.get(page("technology", "add")).status_code == 403
    assert client.get(page("technology", "delete", technology.pk)).status_code == 403


def test_the_technology_of_her_own_organisation_is_not_there_for_an_officer():
    technology = catalog.technology()
    officer = accounts.officer()
    Membership.objects.create(user=officer, organisation=technology.holder, level=Level.VIEW)
    client = accounts.signed_in(officer)

    listed = client.get(page("technology", "changelist"))
    assert technology.number not in listed.content.decode()
    step = page("technology", "step", technology.pk, "suspend")
    assert client.post(step, {"reason": "Mine."}).status_code == 404
    assert client.get(page("technology", "change", technology.pk)).status_code == 302
    assert client.get(page("technology", "history", technology.pk)).status_code == 404


@pytest.mark.parametrize(
    "model", ["technology", "listingmeasure", "destination", "delivery", "batch"]
)
def test_who_is_no_officer_finds_nothing(model):
    catalog.technology(announced=True)
    for person in (accounts.user(), accounts.expert_user(), accounts.auditor()):
        client = accounts.signed_in(person)
        assert client.get(page(model, "changelist")).status_code == 404

    answer = Client().get(page(model, "changelist"))
    assert answer.status_code == 302
    assert "login" in answer["Location"]


def test_the_administrator_pauses_the_platform_and_lets_it_go_on():
    client = accounts.signed_in(accounts.system_administrator())
    platform = page("destination", "change", "big-data-platform")
    assert "Pause" in client.get(platform).content.decode()

    client.post(page("destination", "step", "big-data-platform", "pause"), {"reason": "Repairs."})
    assert Destination.objects.get().status == DestinationStatus.PAUSED
    client.post(page("destination", "step", "big-data-platform", "resume"))
    assert Destination.objects.get().status == DestinationStatus.ACTIVE


def test_an_officer_sees_the_platform_and_cannot_pause_it():
    client = accounts.signed_in(accounts.officer())

    shown = client.get(page("destination", "change", "big-data-platform"))
    assert "big-data-platform" in shown.content.decode()
    assert "/steps/pause/" not in shown.content.decode()
    client.post(page("destination", "step", "big-data-platform", "pause"), {"reason": "Repairs."})
    assert Destination.objects.get().status == DestinationStatus.ACTIVE


def test_what_failed_is_seen_with_its_reason():
    technology = catalog.technology(announced=True)
    drain_all(full_disk)
    client = accounts.signed_in(accounts.officer())

    for path in (
        page("destination", "changelist"),
        page("delivery", "changelist") + f"?q={technology.pk}",
        page("delivery", "change", Delivery.objects.get().pk),
        page("batch", "changelist"),
        page("batch", "change", Batch.objects.get().pk),
    ):
        assert "No space left on device" in client.get(path).content.decode(), path


@pytest.mark.parametrize("model", ["technology", "delivery", "batch"])
def test_the_lists_ask_the_database_as_often_for_fifty_rows_as_for_one(model):
    client = accounts.signed_in(accounts.officer())

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(page(model, "changelist")).status_code == 200
        return len(captured)

    Destination.objects.update(batch_size=1)
    catalog.technologies(2, announced=True)
    drain_all()
    few = queries()
    catalog.technologies(20, announced=True)
    drain_all()

    assert queries() == few
