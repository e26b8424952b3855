"""The desk of the formal check: what is typed there, and what it shows beside the checklist."""

import pytest

from submissions.models import CheckMark
from submissions.states import Status
from submissions.translations import save_translation
from tests.builders import accounts
from tests.builders import submissions as build
from tests.reading import text
from tests.submissions.test_checklist import SHARE, desk, in_check, line

pytestmark = pytest.mark.django_db


def test_a_note_without_a_finding_is_not_thrown_away_in_silence():
    officer = accounts.officer()
    declaration = in_check(officer)
    client = accounts.signed_in(officer)
    sent = {"action": "save", "reason_files_legible": "Page 3 is missing."}

    page = client.post(desk(declaration), sent)

    assert "Choose what you found; a note alone is not kept." in text(page)
    assert 'value="Page 3 is missing."' in text(page)
    client.post(desk(declaration), {**sent, "verdict_files_legible": "not_met"})
    mark = line(declaration, "files_legible").mark
    assert mark
    assert (mark.verdict, mark.reason) == ("not_met", "Page 3 is missing.")


def test_what_may_stand_can_be_taken_back_and_both_are_kept():
    officer = accounts.officer()
    declaration = in_check(officer)
    client = accounts.signed_in(officer)
    assert f'name="verdict_{SHARE}"' not in text(client.get(desk(declaration)))
    client.post(desk(declaration), {"action": "save", f"reason_{SHARE}": "Measured twice."})
    assert line(declaration, SHARE).holds
    sent = {f"reason_{SHARE}": "Measured twice.", f"verdict_{SHARE}": "does_not_stand"}

    client.post(desk(declaration), {"action": "save", **sent})
    page = client.get(desk(declaration))

    assert line(declaration, SHARE).is_open
    marks = CheckMark.objects.filter(item=SHARE).values_list("verdict", "reason")
    assert list(marks) == [("stands", "Measured twice."), ("does_not_stand", "")]
    assert "may not stand" in text(page)
    assert f'name="verdict_{SHARE}"' not in text(page)


def test_a_reason_that_is_wiped_out_is_asked_about():
    officer = accounts.officer()
    declaration = in_check(officer)
    client = accounts.signed_in(officer)
    client.post(desk(declaration), {"action": "save", f"reason_{SHARE}": "Measured twice."})
    sent = {f"reason_{SHARE}": "", f"verdict_{SHARE}": "stands"}

    page = client.post(desk(declaration), {"action": "save", **sent})

    assert "Say why it may stand." in text(page)
    assert line(declaration, SHARE).holds


def test_translations_the_applicant_confirmed_are_on_the_desk():
    officer, draft = accounts.officer(), build.draft()
    owner = accounts.owner_of(draft.organisation)
    save_translation(
        draft.pk, "zh-hans", {"technology.title": "膜生物反应器"}, actor=owner, confirm=True
    )
    build.take(draft, "submit", owner)
    build.take(draft, "begin_check", officer)

    page = text(accounts.signed_in(officer).get(desk(draft)))

    assert "confirmed by the applicant" in page
    assert "膜生物反应器" in page


def test_with_the_applicant_the_desk_shows_what_was_asked_of_this_version():
    officer = accounts.officer()
    declaration = build.declaration(Status.RETURNED, officer=officer)

    page = text(accounts.signed_in(officer).get(desk(declaration)))

    assert "Asked for when it was returned" in page
    assert "Say what is treated." in page


def test_what_ends_the_check_stands_at_one_place_after_the_checklist():
    officer = accounts.officer()
    declaration = in_check(officer)

    page = text(accounts.signed_in(officer).get(desk(declaration)))

    places = [
        page.index(one)
        for one in (
            'href="#decide"',
            '<table class="checklist">',
            'id="decide"',
            'value="accept"',
            "/steps/return/",
            "/steps/reject/",
        )
    ]
    assert places == sorted(places)
    assert (page.count("/steps/reject/"), page.count('value="accept"')) == (1, 1)


def test_what_begins_the_check_stands_at_the_top():
    officer = accounts.officer()
    declaration = build.declaration(Status.SUBMITTED)

    page = text(accounts.signed_in(officer).get(desk(declaration)))

    assert page.index("/steps/begin_check/") < page.index('id="checklist"')
    assert 'href="#decide"' not in page
