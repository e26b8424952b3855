"""Accepting what is green in one go: what has to be looked at stays, and what was not shown."""

import re

import pytest
from django.urls import reverse

from accounts.roles import Level
from accounts.services import add_member
from submissions import admin_queue, checklist, looked_at
from submissions.files.states import ScanStatus
from submissions.models import Attachment, CheckMark, Declaration
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


def in_check(officer, seed, *, tick=True, with_file=False, activity=None):
    """Return a declaration in check whose text is like no other's but those of the same seed."""
    draft = alike.draft(alike.english(seed), title=f"Technology {seed}", activity=activity)
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


HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


def press(desk, page, button):
    """Press a button of the page: send what a browser would."""
    (form,) = [
        one for one in text(page).split("<form")[1:] if button in one.partition("</form>")[0]
    ]
    sent: dict[str, list[str]] = {}
    for name, value in HIDDEN.findall(form.partition("</form>")[0]):
        sent.setdefault(name, []).append(value)
    return desk.post(LIST, sent, follow=True)


def confirm(desk, page):
    return press(desk, page, "Accept them for evaluation")


def colleague_marks(row, verdict="met"):
    """Let a colleague say something of the first line that is looked at by eye."""
    mark = {"item": "stamped_commitment", "verdict": verdict, "reason": "Looked at it again."}
    checklist.mark(row.pk, [mark], actor=accounts.second_officer())


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


def test_the_next_are_looked_at_behind_those_that_are_red(desk, officer, monkeypatch):
    monkeypatch.setattr(admin_queue, "MOST", 2)
    activity = build.open_activity()  # of one activity the numbers are in the order of filing
    red = [in_check(officer, seed, tick=False, activity=activity) for seed in "ab"]
    waiting = build.declaration(Status.SUBMITTED, activity=activity)
    green = [in_check(officer, seed, activity=activity) for seed in "cde"]

    first = choose(desk, red[0], select_across="1")
    second = press(desk, first, "Look at the next 2")
    third = press(desk, second, "Look at the next one")
    confirm(desk, second)

    pages = [(numbers(one.context["green"]), numbers(one.context["red"]))
             for one in (first, second, third)]  # fmt: skip
    assert pages == [
        ([], [one.number for one in red]),
        ([one.number for one in green[:2]], []),
        ([green[2].number], []),
    ]
    assert "2 of 4 are in the formal check" in text(second)
    assert "1 of those chosen is not in the formal check" in text(second)
    assert "2 are looked at in one go; 1 more in the formal check was not." in text(second)
    assert "Look at the next" not in text(third)
    assert states(*red, waiting) == [Status.IN_CHECK, Status.IN_CHECK, Status.SUBMITTED]
    assert states(*green) == [Status.ACCEPTED, Status.ACCEPTED, Status.IN_CHECK]


def test_the_next_of_those_chosen_one_by_one_are_those_chosen(desk, officer, monkeypatch):
    monkeypatch.setattr(admin_queue, "MOST", 1)
    activity = build.open_activity()
    red, green, other = (
        in_check(officer, seed, tick=seed != "a", activity=activity) for seed in "abc"
    )

    page = press(desk, choose(desk, red, green), "Look at the next one")
    confirm(desk, page)

    assert "1 of 1 are in the formal check" in text(page)
    assert states(red, green, other) == [Status.IN_CHECK, Status.ACCEPTED, Status.IN_CHECK]


def test_what_a_colleague_marked_since_it_was_shown_is_looked_at_again(desk, officer):
    marked, other = in_check(officer, "a"), in_check(officer, "b")
    page = choose(desk, marked, other)
    # Still every line is done; what was shown is no longer what is accepted.
    colleague_marks(marked)

    answer = confirm(desk, page)

    assert states(marked, other) == [Status.IN_CHECK, Status.ACCEPTED]
    assert f"{marked.number}: Somebody filled in the checklist since" in text(answer)
    confirm(desk, choose(desk, marked))
    assert states(marked) == [Status.ACCEPTED]


def test_a_newer_version_than_the_one_shown_is_not_accepted(desk, officer):
    one = in_check(officer, "a")
    page = choose(desk, one)
    for step, actor in (
        ("return", officer),
        ("submit", accounts.owner_of(one.organisation)),
        ("begin_check", officer),
    ):
        build.take(one, step, actor)
    build.tick(one, officer)

    answer = confirm(desk, page)

    assert states(one) == [Status.IN_CHECK]
    assert f"{one.number}: A newer version was filed since this page" in text(answer)


def test_what_each_was_drawn_with_is_what_its_own_page_would_carry(desk, officer):
    never, marked, again = (in_check(officer, seed, tick=seed != "a") for seed in "abc")
    build.take(again, "return", officer)
    build.take(again, "submit", accounts.owner_of(again.organisation))
    build.take(again, "begin_check", officer)
    colleague_marks(marked)

    page = choose(desk, never, marked, again)

    shown = {one.declaration.pk: one.seen for key in ("green", "red") for one in page.context[key]}
    rows = Declaration.objects.filter(pk__in=[never.pk, marked.pk, again.pk])
    assert shown == {one.pk: looked_at.drawn_with(one) for one in rows}
    assert CheckMark.objects.latest("pk").version_id == marked.version_id


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


@pytest.mark.parametrize("address", ["", "/run/clamd"])
def test_a_file_in_which_malware_was_found_is_called_that(desk, officer, settings, address):
    one = in_check(officer, "a", with_file=True)
    settings.CLAMD_ADDRESS = address
    for status in (ScanStatus.WAITING, ScanStatus.FOUND):
        Attachment.objects.filter(declaration=one).update(status=status)

    page = choose(desk, one)

    assert [line.why for line in page.context["red"]] == [("1 file in which malware was found",)]
    assert numbers(page.context["green"]) == []


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
