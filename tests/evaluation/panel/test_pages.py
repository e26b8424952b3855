"""The pages of a panel: what a member sees and does, what an officer runs, what is minuted."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.moments import written
from evaluation.models import PanelItem, PanelRecusal
from evaluation.panel import preparing, running
from evaluation.panel.workflow import perform_item
from tests.builders import accounts
from tests.builders import evaluation as build
from tests.builders import panel as panels
from tests.reading import text

pytestmark = pytest.mark.django_db

HIDDEN = "Item 1: you are not taking part."


@pytest.fixture
def officer():
    return accounts.officer()


def browser(item, place=0):
    return accounts.signed_in(panels.people(item.meeting)[place].expert.user)


def at(name, *args):
    return reverse(f"evaluation:{name}", args=args)


def of(item, name="panel-item"):
    return at(name, item.meeting_id, item.pk)


# Members ---------------------------------------------------------------------------------


def test_a_member_finds_the_meeting_on_the_own_page_and_in_the_list():
    item = panels.item_of(panels.meeting("announced"))
    client = browser(item)

    assert "Panel meeting: First meeting" in text(client.get(reverse("workplace")))
    begins = written(item.meeting.starts_at)
    listed, page = (
        text(client.get(at(*one))) for one in (["panel-list"], ["panel", item.meeting_id])
    )
    assert "1. First meeting" in listed
    for shown in (text(client.get(reverse("workplace"))), listed, page):
        assert begins in shown
    assert panels.number_of(item) in page
    assert "0 present; 2 make the quorum." in page


def test_the_papers_open_after_the_promise(officer):
    meeting = panels.meeting()
    newcomer = build.expert()
    preparing.add_member(meeting.pk, newcomer.pk, actor=officer)
    panels.brought(meeting, "announced", officer)
    item = panels.item_of(meeting)
    client = accounts.signed_in(newcomer.user)

    page = text(client.get(at("panel", meeting.pk)))
    closed = client.get(of(item)).status_code
    client.post(at("panel-promise", meeting.pk))

    assert "Before the papers open" in page
    assert panels.number_of(item) not in page
    assert (closed, client.get(of(item)).status_code) == (404, 200)


def test_a_member_reads_declaration_figures_and_opinions_and_no_experts_name():
    item = panels.item_of(panels.meeting("announced"))
    scorer = build.an_assignment(item.case).expert

    page = text(browser(item).get(of(item)))

    assert item.case.declaration.title in page
    assert "Expert 1" in page
    assert "80.00" in page
    assert "A sound technology." in page
    assert str(scorer) not in page


def test_of_an_item_with_a_conflict_only_the_number_is_seen():
    item = panels.item_of(panels.meeting("in_session"))
    member = panels.people(item.meeting)[1]
    build.involve(member.expert.user, item.case)
    client = accounts.signed_in(member.expert.user)

    page = text(client.get(at("panel", item.meeting_id)))

    assert HIDDEN in page
    assert panels.number_of(item) not in page
    assert item.case.declaration.title not in page
    assert client.get(of(item)).status_code == 404
    for name in ("panel-vote", "panel-note", "panel-recuse"):
        assert client.post(of(item, name), {"choice": "include"}).status_code == 404


def test_who_declares_a_conflict_sees_the_item_no_more():
    item = panels.item_of(panels.meeting("announced"))
    client = browser(item, 1)

    empty = text(client.post(of(item, "panel-recuse"), {"reason": " "}))
    client.post(of(item, "panel-recuse"), {"reason": "Shares."})

    assert "Please give a reason." in empty
    assert PanelRecusal.objects.get().reason == "Shares."
    assert HIDDEN in text(client.get(at("panel", item.meeting_id)))


def test_a_member_votes_in_the_browser_once_and_reads_no_count_before_the_end(officer):
    item = panels.voting_item()
    client = browser(item)

    nothing = text(client.post(of(item, "panel-vote"), {}))
    client.post(of(item, "panel-vote"), {"choice": "include"})
    after = text(client.get(of(item)))
    again = text(client.post(of(item, "panel-vote"), {"choice": "defer"}))
    perform_item("repeat_vote", item.pk, actor=officer, reason="Again.")
    panels.voted(panels.item_of(item.meeting), officer=officer)
    counted = text(client.get(of(item)))

    assert "Choose one of the answers." in nothing
    assert "The count is shown when the vote is closed." in after
    assert "Outcome" not in after
    assert "You have voted on this item already." in again
    assert "Proposal of the panel: <strong>Include</strong>" in counted


def test_the_chair_notes_and_the_lead_concludes_in_the_browser(officer):
    item = panels.item_of(panels.meeting("in_session"))
    second = panels.people(item.meeting)[1]
    preparing.set_lead(item.meeting_id, item.pk, second.pk, actor=officer)
    chair, lead, other = (browser(item, place) for place in range(3))

    chair.post(of(item, "panel-note"), {"notes": "Long.", "conclusion": "Mine."})
    lead.post(of(item, "panel-note"), {"notes": "No.", "conclusion": "Sound."})

    stored = PanelItem.objects.get()
    assert (stored.notes, stored.conclusion) == ("Long.", "Sound.")
    assert 'name="notes"' not in text(other.get(of(item)))
    assert "Sound." in text(other.get(of(item)))


def test_what_is_too_long_comes_back_with_all_that_was_typed():
    item = panels.item_of(panels.meeting("in_session"))
    typed = "x" * 8001

    page = text(
        browser(item).post(of(item, "panel-note"), {"notes": typed, "conclusion": "Sound."})
    )

    assert typed in page
    assert PanelItem.objects.get().notes == ""


def test_items_lead_to_each_other_past_those_that_are_hidden():
    meeting = panels.meeting("announced", cases=3)
    first, second, third = (panels.item_of(meeting, place) for place in (1, 2, 3))
    member = panels.people(meeting)[1]
    running.recuse(second.pk, member.pk, actor=member.expert.user, reason="Shares.")

    page = text(accounts.signed_in(member.expert.user).get(of(first)))

    assert f'rel="next" href="{of(third)}"' in page
    assert 'rel="prev"' not in page


@pytest.mark.parametrize("who", ["stranger", "owner", "other expert"])
def test_nobody_else_finds_a_meeting(who):
    item = panels.item_of(panels.meeting("closed"))
    person = {
        "stranger": accounts.user,
        "owner": lambda: accounts.owner_of(item.case.declaration.organisation),
        "other expert": accounts.expert_user,
    }[who]()
    client = accounts.signed_in(person)

    for name in ("panel", "panel-minutes", "panel-minutes-file"):
        assert client.get(at(name, item.meeting_id)).status_code == 404
    assert client.get(of(item)).status_code == 404
    assert "First meeting" not in text(client.get(reverse("workplace")))


def test_pages_ask_the_database_as_often_for_one_item_as_for_many():
    one, many = panels.meeting("announced"), panels.meeting("announced", cases=4)
    asked = []
    for meeting in (one, many):
        client = browser(panels.item_of(meeting))
        for address in (at("panel", meeting.pk), of(panels.item_of(meeting))):
            client.get(address)
            with CaptureQueriesContext(connection) as queries:
                client.get(address)
            asked.append(len(queries))

    assert asked[:2] == asked[2:]


def test_nobodys_notes_are_written_over_unread(officer):
    item = panels.item_of(panels.meeting("in_session"))
    chair, desk = browser(item), accounts.signed_in(officer)
    run = reverse("admin:evaluation_panelmeeting_item", args=[item.meeting_id, item.pk])
    seen = running.seen_of(item)
    desk.post(run, {"do": "note", "notes": "The officer’s.", "conclusion": "", "seen": seen})

    refused = chair.post(of(item, "panel-note"), {"notes": "The chair’s.", "seen": seen})
    stored = PanelItem.objects.get().notes
    again = refused.context["note_form"]["seen"].value()
    chair.post(of(item, "panel-note"), {"notes": "Both.", "seen": again, "conclusion": ""})

    assert "Stored meanwhile: The officer’s." in text(refused)
    assert "The chair’s." in text(refused)
    assert stored == "The officer’s."
    assert PanelItem.objects.get().notes == "Both."


# Nothing typed is lost -------------------------------------------------------------------


def test_notes_typed_beside_the_vote_are_kept_and_the_vote_counts():
    item = panels.voting_item()
    client, page = browser(item), of(item)
    sent = {"choice": "include", "notes": "Typed.", "seen": running.seen_of(item), **CONCLUDED}

    answer = client.post(of(item, "panel-vote"), sent)

    assert (answer.status_code, answer.url) == (302, page)
    assert PanelItem.objects.get().notes == "Typed."
    assert item.voters.count() == 1
    assert (
        text(client.get(page)).count("<form")
        == text(client.get(at("panel-list"))).count("<form") + 1
    )


CONCLUDED = {"conclusion": panels.OFFICERS_WORDS["conclusion"]}


def test_notes_that_cannot_be_kept_come_back_and_nobody_has_voted(officer):
    item = panels.voting_item()
    seen = running.seen_of(item)
    running.note(item.pk, actor=officer, notes="Theirs.")
    sent = {"choice": "defer", "notes": "Mine.", "reason": "Half a", "seen": seen, **CONCLUDED}

    page = text(browser(item).post(of(item, "panel-vote"), sent))

    assert "Stored meanwhile: Theirs." in page
    assert ">Mine." in page.replace(">\n", ">")
    assert ">Half a<" in page.replace(">\n", ">")
    (chosen,) = re.findall(r"<input[^>]*checked[^>]*>", page)
    assert 'value="defer"' in chosen
    assert item.voters.count() == 0


def test_who_typed_nothing_votes_though_the_notes_went_on_meanwhile(officer):
    """A browser sends every text of the page, with line ends of its own."""
    item = panels.voting_item()
    running.note(item.pk, actor=officer, notes="One.\nTwo.")
    seen = running.seen_of(PanelItem.objects.get())
    running.note(item.pk, actor=officer, notes="Three.")
    sent = {"choice": "include", "notes": "One.\r\nTwo.", "seen": seen, **CONCLUDED}

    browser(item).post(of(item, "panel-vote"), sent)

    assert PanelItem.objects.get().notes == "Three."
    assert item.voters.count() == 1


def test_a_reason_typed_beside_save_is_shown_again_once():
    meeting = panels.meeting("in_session", cases=2)
    item, other = panels.item_of(meeting), panels.item_of(meeting, 2)
    client, page = browser(item), of(item)
    sent = {"notes": "Typed.", "reason": "Half a", "seen": running.seen_of(item)}

    answer = client.post(of(item, "panel-note"), sent)
    client.head(page)
    elsewhere = text(client.get(of(other)))
    shown = [text(client.get(page)).replace(">\n", ">") for _n in range(2)]

    assert (answer.status_code, answer.url) == (302, page)
    assert "Half a" not in elsewhere
    assert [">Half a<" in one for one in shown] == [True, False]
    assert PanelItem.objects.get(pk=item.pk).notes == "Typed."
    assert not PanelRecusal.objects.exists()


def test_a_choice_beside_save_waits_nowhere_and_the_page_says_so():
    item = panels.voting_item()
    client, page = browser(item), of(item)
    sent = {"notes": "Typed.", "choice": "defer", "seen": running.seen_of(item), **CONCLUDED}

    answer = client.post(of(item, "panel-note"), sent)
    left = "panel_typed" in client.session
    shown = text(client.get(page))

    assert (answer.status_code, answer.url, left) == (302, page, False)
    for said in ("Saved.", "You have not voted yet: choose again and press “Vote”."):
        assert said in shown
    assert "checked" not in shown
    assert item.voters.count() == 0


def test_what_an_officer_typed_is_kept_by_every_button(officer):
    item = panels.item_of(panels.meeting("in_session"))
    desk = accounts.signed_in(officer)
    run = reverse("admin:evaluation_panelmeeting_item", args=[item.meeting_id, item.pk])
    member = panels.people(item.meeting)[1]
    typed = {"seen": running.seen_of(item), "recuse-member": member.pk, "recuse-reason": "Half a"}

    answer = desk.post(run, {"do": "open_vote", **panels.OFFICERS_WORDS, **typed})
    opened, later = desk.get(run), desk.get(run)

    assert (answer.status_code, answer["Location"]) == (302, run)
    assert ("Half a" in text(later), "Saved." in text(opened)) == (False, True)
    stored = PanelItem.objects.get()
    assert (stored.status, stored.notes, stored.conclusion) == (
        "voting", *panels.OFFICERS_WORDS.values()
    )  # fmt: skip
    page = text(opened).replace(">\n", ">")
    assert ">Half a<" in page
    assert f'<option value="{member.pk}" selected>' in page
    assert not PanelRecusal.objects.exists()
    again = {**panels.OFFICERS_WORDS, "seen": running.seen_of(stored), "reason": "Not yet"}
    noted = desk.post(run, {"do": "note", **again})
    assert (noted.status_code, noted["Location"]) == (302, run)
    assert 'value="Not yet"' in text(desk.get(run))
    assert PanelItem.objects.get().status == "voting"
