"""Accepting what is green in one go: what has to be looked at stays, and what was not shown."""

import pytest
from django.urls import reverse

from accounts.roles import Level
from accounts.services import add_member
from submissions import admin_queue
from submissions.files.states import ScanStatus
from submissions.models import Attachment, Declaration
from submissions.states import Status
from tests.builders import accounts, alike
from tests.builders import submissions as build
from tests.reading import text

pytestmark = pytest.mark.django_db

LIST = reverse("admin:submissions_declaration_changelist")


@pytest.fixture
def officer():
    return accounts.officer()


@pytest.fixture
def desk(officer):
    return accounts.signed_in(officer)


def in_check(officer, seed, *, tick=True, with_file=False):
    """Return a declaration in check whose text is like no other's but those of the same seed."""
    draft = alike.draft(alike.english(seed), title=f"Technology {seed}")
    if with_file:
        build.attachment(draft)
    for step, actor in (
        ("submit", accounts.owner_of(draft.organisation)),
        ("begin_check", officer),
    ):
        build.take(draft, step, actor)
    if tick:
        build.tick(draft, officer)
    return Declaration.objects.get(pk=draft.pk)


def choose(desk, *rows, **more):
    chosen = [str(one.pk) for one in rows]
    return desk.post(LIST, {"action": "accept_green", "_selected_action": chosen, **more})


def confirm(desk, page):
    """Press the button of the page: send what a browser would."""
    sent = [str(one.declaration.pk) for one in page.context["green"]]
    shown = text(page)
    assert all(f'name="_selected_action" value="{key}"' in shown for key in sent)
    assert shown.count("_selected_action") == len(sent)
    return desk.post(
        LIST, {"action": "accept_green", "_selected_action": sent, "confirmed": "yes"}, follow=True
    )


def numbers(found):
    return [one.declaration.number for one in found]


def states(*rows):
    return [Declaration.objects.get(pk=one.pk).status for one in rows]


def test_all_of_several_pages_are_counted_and_what_is_sent_is_what_was_shown(desk, officer):
    green, red = in_check(officer, "a"), in_check(officer, "b", tick=False)
    waiting = build.declaration(Status.SUBMITTED)

    page = choose(desk, green, select_across="1")
    confirm(desk, page)

    assert "1 of 3 are in the formal check" in text(page)
    assert "1 of those chosen is not in the formal check" in text(page)
    assert (numbers(page.context["green"]), numbers(page.context["red"])) == (
        [green.number], [red.number],
    )  # fmt: skip
    assert states(green, red, waiting) == [Status.ACCEPTED, Status.IN_CHECK, Status.SUBMITTED]


def test_what_is_beyond_one_go_is_said_and_not_accepted(desk, officer, monkeypatch):
    monkeypatch.setattr(admin_queue, "MOST", 1)
    first, second = in_check(officer, "a"), in_check(officer, "b")

    page = choose(desk, first, select_across="1")
    confirm(desk, page)

    assert "1 of 2 are in the formal check" in text(page)
    assert "1 are looked at in one go; 1 more in the formal check was not." in text(page)
    assert states(first, second) == [Status.ACCEPTED, Status.IN_CHECK]


def test_what_resembles_another_is_looked_at_by_itself(desk, officer):
    alone = in_check(officer, "a")
    twins = [in_check(officer, "b"), in_check(officer, "b")]

    page = choose(desk, alone, *twins)
    # Sent all the same, as an old page would.
    answer = choose(desk, alone, *twins, confirmed="yes")

    assert numbers(page.context["green"]) == [alone.number]
    assert [one.why for one in page.context["red"]] == [("1 look-alike",)] * 2
    assert all(reverse("admin:submissions_declaration_check", args=[one.pk]) in text(page)
               for one in twins)  # fmt: skip
    assert states(alone, *twins) == [Status.ACCEPTED, Status.IN_CHECK, Status.IN_CHECK]
    assert f"{twins[0].number}: 1 look-alike" in text(desk.get(answer.url))


@pytest.mark.parametrize(
    ("address", "status", "green"),
    [
        ("/run/clamd", ScanStatus.NOT_SCANNED, False),
        ("/run/clamd", ScanStatus.WAITING, False),
        ("/run/clamd", ScanStatus.CLEAN, True),
        ("", ScanStatus.WAITING, False),
        # Where no scanner is set up none is ever green otherwise; it is told beside the number.
        ("", ScanStatus.NOT_SCANNED, True),
    ],
)
def test_a_file_nobody_scanned_is_looked_at_where_there_is_a_scanner(
    desk, officer, settings, address, status, green
):
    one = in_check(officer, "a", with_file=True)
    settings.CLAMD_ADDRESS = address
    if status != ScanStatus.NOT_SCANNED:
        Attachment.objects.filter(declaration=one).update(status=ScanStatus.WAITING)
    if status == ScanStatus.CLEAN:
        Attachment.objects.filter(declaration=one).update(status=status)

    page = choose(desk, one)

    assert numbers(page.context["green"]) == ([one.number] if green else [])
    told = "1 file without a malware scan" in text(page)
    assert told == (status != ScanStatus.CLEAN)


def test_what_is_not_this_officers_to_check_breaks_nothing(desk, officer):
    mine, own = in_check(officer, "a"), in_check(accounts.second_officer(), "b")
    add_member(own.organisation_id, officer, Level.VIEW, actor=None)

    page = choose(desk, mine, own)

    assert numbers(page.context["green"]) == [mine.number]
    assert own.number not in text(page)


def test_many_cost_one_question_for_their_marks(desk, officer, django_assert_max_num_queries):
    some = [in_check(officer, seed, tick=False) for seed in "abcd"]
    choose(desk, *some)

    with django_assert_max_num_queries(30) as asked:
        choose(desk, *some)

    marks = [one for one in asked.captured_queries if "submissions_checkmark" in one["sql"]]
    assert len(marks) == 1
