"""The panel of the demonstration: one meeting that is over, and one that is announced."""

import pytest
from django.utils import timezone

from demo import panels, people
from demo.loader import load
from demo.plan import REVIEW_ROUND, Destiny, Item, Plan
from evaluation.models import Case, PanelItem, PanelMeeting
from evaluation.panel.deciding import may_be_decided
from evaluation.panel.minutes import is_whole

pytestmark = pytest.mark.django_db

ITEMS = (
    Item("mx-sistema-bio", REVIEW_ROUND, Destiny.DECIDED),
    Item("us-iptd-danang", REVIEW_ROUND, Destiny.SCORED),
    Item("inv-leak-listener", REVIEW_ROUND, Destiny.SCORED),
)


def test_a_meeting_is_over_and_another_is_announced():
    load(Plan(ITEMS, experts_wanted=2))

    held, to_come = PanelMeeting.objects.order_by("number")
    assert (held.title, held.status, is_whole(held)) == (panels.HELD, "closed", True)
    assert (to_come.title, to_come.status) == (panels.TO_COME, "announced")
    assert held.closed_at is not None
    assert held.starts_at <= held.closed_at
    assert timezone.localtime(to_come.starts_at).time() == panels.TEN
    said = PanelItem.objects.filter(meeting=held).order_by("place")
    assert [one.proposal for one in said] == ["include", "include"]
    assert to_come.members.get(seat="chair").expert.user.email == people.EXPERT.email
    cases = {
        str(one.declaration.start_key): (one.status, may_be_decided(one))
        for one in Case.objects.select_related("declaration__activity")
    }
    bio, danang, listener = (str(one.key) for one in ITEMS)
    # The visitor decides on the invented one, and runs the other meeting.
    assert cases == {
        bio: ("decided", True),
        danang: ("scored", False),
        listener: ("scored", True),
    }


def test_a_second_load_changes_nothing_of_it():
    plan = Plan(ITEMS, experts_wanted=2)
    load(plan)
    before = list(PanelMeeting.objects.order_by("pk").values("pk", "status", "minutes_hash"))

    panels.hold(plan.items)

    assert (
        list(PanelMeeting.objects.order_by("pk").values("pk", "status", "minutes_hash")) == before
    )


def test_nobody_is_spoken_of_badly():
    load(Plan(ITEMS, experts_wanted=2))

    said = PanelItem.objects.exclude(proposal="").values_list("counts", flat=True)
    assert {one["not_include"] + one["defer"] for one in said} == {0}
