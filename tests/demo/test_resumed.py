"""A load that goes on later: after its rounds ran out of time, or after a failure."""

import datetime as dt

import pytest

from core.clock import database_now
from demo import accounts, activities, people
from demo.loader import load
from demo.plan import Item, Plan
from demo.progress import current
from submissions.models import Activity, Declaration
from tests.demo.small import item, small_plan

TINY = small_plan().only("in-phytorid", "jp-takakura")


@pytest.mark.django_db
@pytest.mark.parametrize("was_open", [True, False])
def test_round_whose_time_ran_out_is_prolonged(was_open):
    accounts.logins()
    officer = accounts.account(people.OFFICER)
    activities.opened("DEMO-3", officer=officer, experts_wanted=3)
    if not was_open:
        activity = activities._prepare("DEMO-1", officer)
    else:
        activity = activities.opened("DEMO-1", officer=officer, experts_wanted=3)
    soon = database_now() + dt.timedelta(seconds=1)
    Activity.objects.filter(pk=activity.pk).update(closes_at=soon)

    activity = activities.opened("DEMO-1", officer=officer, experts_wanted=3)

    assert activity.status == "open"
    assert activity.closes_at > soon + dt.timedelta(minutes=10)


@pytest.mark.django_db
def test_round_that_was_closed_stays_closed():
    accounts.logins()
    officer = accounts.account(people.OFFICER)
    activity = activities.opened("DEMO-1", officer=officer, experts_wanted=3)
    activities.closed(activity, officer=officer)

    assert activities.opened("DEMO-1", officer=officer, experts_wanted=3).status == "closed"


@pytest.mark.django_db
def test_load_that_fails_says_so_and_the_next_one_goes_on():
    astray = Plan((Item("in-phytorid", "DEMO-9", item("in-phytorid").destiny),))

    with pytest.raises(Activity.DoesNotExist):
        load(astray)
    assert (current().failed, current().finished) == (True, False)

    load(TINY)
    assert (current().failed, current().finished) == (False, True)
    assert Declaration.objects.count() == 2


@pytest.mark.django_db
def test_load_tells_each_step():
    told = []

    load(TINY, tell=lambda done, total, note: told.append((done, total, note)))

    assert [done for done, _total, _note in told] == list(range(36))
    assert {total for _done, total, _note in told} == {36}
    assert told[0][2] == "Du Heping (demo)"
    notes = [note for _done, _total, note in told]
    assert notes.index("Phytorid subsurface-flow constructed wetland") < notes.index("objections")
