"""Loads on a database that really commits: ``load_demo --wait``, and two at once.

In a file of its own: the demonstration the other tests share is an open transaction.
"""

import pytest
from django.core.management import call_command

from accounts.models import User
from catalog.models import Delivery
from core.models import OutboxMessage
from demo import accounts
from demo.counts import counts
from demo.loader import load
from submissions.models import Declaration
from tests.builders.core import at_once
from tests.demo.small import small_plan


@pytest.mark.django_db(transaction=True)
def test_complete_load_waits_until_everything_is_delivered(capsys):
    load(small_plan())

    call_command("load_demo", wait=True)

    assert capsys.readouterr().out.splitlines() == [
        "delivering mails and events",
        *(f"{what}, {state}: {number}" for what, state, number in counts()),
    ]
    assert set(Delivery.objects.values_list("state", flat=True)) == {"done"}
    assert not OutboxMessage.objects.filter(delivered_at=None).exists()
    with pytest.raises(SystemExit) as verdict:
        call_command("lake_verify")
    assert verdict.value.code == 0


@pytest.mark.django_db(transaction=True)
def test_two_loads_at_once_are_one():
    plan = small_plan().only("in-phytorid", "jp-takakura")

    results = at_once(lambda: load(plan), lambda: load(plan), accounts.logins)

    assert results == [None, None, None]
    assert User.objects.count() == 22
    assert {d.title: d.status for d in Declaration.objects.all()} == {
        "Phytorid subsurface-flow constructed wetland": "submitted",
        "Takakura home composting method": "accepted",
    }
