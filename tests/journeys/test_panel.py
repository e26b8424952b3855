"""A panel meets in Chromium: the officer runs it, the chair concludes, members vote, one is out."""

import re
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Browser
from pytest_django import Settings

from evaluation.models import PanelItem, PanelMeeting
from evaluation.panel.states import MeetingStatus
from tests.builders import accounts, connections
from tests.builders import panel as build
from tests.journeys.conftest import let_the_server_go
from tests.journeys.people import Person, at_a_browser, open_row, take

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_meeting_from_its_opening_to_a_decision(
    browser: Browser, live_server: Any, settings: Settings
) -> None:
    origin = settings.PORTAL_ORIGIN = live_server.url
    meeting = build.meeting(MeetingStatus.ANNOUNCED, cases=2, members=4)
    first, second = (build.item_of(meeting, place) for place in (1, 2))
    tied = build.people(meeting)[-1]
    connections.connection(tied.expert.user, second.case.declaration.organisation)

    with ExitStack() as room:
        desk, *members = (room.enter_context(at_a_browser(browser, origin)) for _n in range(5))
        desk.come_in(accounts.officer(name="Secretary"))
        for member, person in zip(build.people(meeting), members, strict=True):
            person.come_in(member.expert.user)
        all_come(desk, meeting)
        is_discussed_and_voted_on(desk, members, first, "Include", number=4)
        members[-1].go(f"evaluation/panels/{meeting.pk}/")
        members[-1].reads("Item 2: you are not taking part.")
        is_discussed_and_voted_on(desk, members[:-1], second, "Do not include", number=3)
        closes(desk, meeting)
        members[0].go(f"evaluation/panels/{meeting.pk}/")
        members[0].press("Read the minutes")
        members[0].reads("It is sound, says the chair.")
        decided_otherwise(desk, first)
    let_the_server_go()

    found = PanelItem.objects.order_by("place").values_list("status", "proposal")
    assert list(found) == [("voted", "include"), ("voted", "not_include")]


def all_come(desk: Person, meeting: PanelMeeting) -> None:
    desk.go(f"admin/evaluation/panelmeeting/{meeting.pk}/change/")
    desk.press("Members and attendance")
    for member in build.people(meeting):
        row = desk.page.get_by_role("row").filter(has_text=re.compile(rf"{member}\b"))
        row.get_by_role("button", name="Present").click()
    desk.reads("There is a quorum.")
    desk.go(f"admin/evaluation/panelmeeting/{meeting.pk}/change/")
    take(desk, "Open the meeting")
    desk.reads("in session")


def is_discussed_and_voted_on(
    desk: Person, members: list[Person], item: PanelItem, choice: str, *, number: int
) -> None:
    """Let the chair, who leads the item, conclude; then everybody votes, and the count is shown."""
    page = f"evaluation/panels/{item.meeting_id}/items/{item.pk}/"
    chair = members[0]
    chair.go(page)
    chair.page.get_by_label("Notes of the discussion").fill("The log of a year was read.")
    chair.page.get_by_label("Conclusion of the lead reviewer").fill("It is sound, says the chair.")
    chair.press("Save")
    chair.reads("The log of a year was read.")
    desk.go(f"admin/evaluation/panelmeeting/{item.meeting_id}/items/{item.pk}/")
    desk.press("Open the vote")
    for member in members:
        member.go(page)
        member.page.get_by_label(choice, exact=True).check()
        member.press("Vote")
        member.reads("You have voted.")
    desk.page.reload()
    desk.reads(f"{number} have voted.")
    desk.press("Close the vote")
    chair.page.reload()
    chair.reads("Outcome")


def closes(desk: Person, meeting: PanelMeeting) -> None:
    desk.go(f"admin/evaluation/panelmeeting/{meeting.pk}/change/")
    take(desk, "Close the meeting and seal the minutes")
    desk.press("Minutes")
    desk.reads("It is sound, says the chair.")


def decided_otherwise(desk: Person, item: PanelItem) -> None:
    """The panel proposes to include; deciding otherwise asks for a reason."""
    open_row(desk, "evaluation/case", item.case.declaration.number or "")
    given = {"outcome": "not_included", "statement": "Not shown in the field."}
    take(desk, "Decide", given)
    desk.reads("reason")
    desk.fill({"reason": "A licence was withdrawn since."})
    desk.page.locator(".submit-row input[type=submit]").click()
    desk.reads("decided")
