"""Four windows on one score sheet, 500 saves each: nothing the portal called saved is lost."""

import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Barrier

import pytest
from django.db import connection

from evaluation.desk.saving import Begun, Given, mark_of, save_scores, stored_entries
from evaluation.models import Indicator
from evaluation.states import CaseStatus
from tests.builders import evaluation as build

pytestmark = pytest.mark.django_db(transaction=True)

WINDOWS, SAVES = 4, 500


@dataclass
class Window:
    """A page of the sheet: what it holds each entry for, and what the portal told it."""

    name: str
    marks: dict[str, str]
    told_saved: list[tuple[str, str, str]] = field(default_factory=list)  # entry, from, to
    laid_aside: int = 0

    def type_and_save(self, number, sheet, expert):
        dice = random.Random(f"{self.name}/{number}")
        entry = dice.choice(sorted(self.marks))
        given = Given(dice.randint(0, 100), f"Save {number} of {self.name}.")
        while True:  # what was laid aside is saved again, in the sight of both
            begun = dict(self.marks)
            saved = save_scores(
                sheet, {int(entry): given}, actor=expert, begun=Begun(begun, self.name)
            )
            self.marks.update(saved.marks)
            if not saved.aside:
                break
            self.laid_aside += 1
        self.told_saved.append((entry, begun[entry], mark_of(given)))


def all_at_once(windows, sheet, expert):
    start = Barrier(len(windows))

    def run(window):
        try:
            connection.ensure_connection()
            start.wait(timeout=10)
            for number in range(SAVES):
                window.type_and_save(number, sheet, expert)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(windows)) as pool:
        list(pool.map(run, windows))


def test_four_windows_save_500_times_each_and_lose_none():
    sheet = build.accept(build.an_assignment(build.case(CaseStatus.IN_REVIEW)))
    keys = map(str, Indicator.objects.values_list("pk", flat=True))
    empty = dict.fromkeys(keys, mark_of(Given()))
    windows = [Window(f"window {number}", dict(empty)) for number in range(WINDOWS)]

    all_at_once(windows, sheet.pk, sheet.assignment.expert.user)

    sheet.refresh_from_db()
    stored = {name: mark_of(one) for name, one in stored_entries(sheet).items()}
    steps = [step for window in windows for step in window.told_saved]
    assert len(steps) == sheet.revision == WINDOWS * SAVES
    assert sum(window.laid_aside for window in windows) > 0  # they did meet
    for entry, began in empty.items():
        # One chain from nothing to what is stored: each save began from the one before it.
        after = {mark: to for one, mark, to in steps if one == entry}
        taken = sum(one == entry for one, _from, _to in steps)
        mark, walked = began, 0
        while mark in after:
            mark, walked = after.pop(mark), walked + 1
        assert (mark, walked) == (stored.get(entry, began), taken)
