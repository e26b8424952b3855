"""Loads the demonstration through the services a person uses, one item after the other.

Nothing is written past the doors. Every step looks first at what is there, so that a load that
was killed goes on where it stopped, and a complete one changes nothing.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

import structlog

from core import progress
from core.errors import DomainError
from demo import (
    accounts,
    activities,
    catalogue,
    criteria,
    earlier,
    enquiries,
    figures,
    filing,
    gathering,
    judging,
    letters,
    objections,
    panels,
    people,
    planning,
    records,
    ties,
)
from demo.alone import alone
from demo.plan import LISTED_ROUND, OPEN_ROUND, REVIEW_ROUND, Destiny, Item, Plan, full_plan
from demo.progress import NAME, current
from evaluation.models import Case
from submissions.models import Activity

logger = structlog.get_logger(__name__)

Listener = Callable[[int, int, str], None]  # how many steps are done, of how many, the next one


@dataclass(frozen=True, slots=True)
class Work:
    """One step of the load: what the page calls it, and how it is done."""

    note: str
    do: Callable[[], object]


def load(plan: Plan | None = None, *, tell: Listener | None = None) -> None:
    """Bring the demonstration to where the plan says; return at once when it is there."""
    with alone("load"):
        if not current().finished:
            _load(plan or full_plan(), tell)


def _load(plan: Plan, tell: Listener | None) -> None:
    steps = list(work(plan))
    progress.begin(NAME, total=len(steps))
    try:
        for done, step in enumerate(steps):
            progress.advance(NAME, done=done, note=step.note)
            if tell:
                tell(done, len(steps), step.note)
            step.do()
    except Exception as error:
        progress.fail(NAME, repr(error))
        raise
    progress.advance(NAME, done=len(steps))
    progress.finish(NAME)


def work(plan: Plan) -> Iterator[Work]:
    """Yield all steps in order: people, rounds, criteria, technologies, ends of two rounds."""
    yield Work(people.OWNER.name, accounts.logins)
    yield Work(people.CLERK.name, partial(accounts.person, people.CLERK))
    for profile in (*people.EXPERTS, *people.APPLICANTS):
        yield Work(profile.person.name, partial(accounts.expert, profile))
    yield Work(people.NOMINATED.name, accounts.nominated)
    yield Work(people.PUT_FORWARD.name, accounts.put_forward)
    yield Work("connections", ties.connect)
    for code, record in records.activities().items():
        yield Work(record["titles"]["en"], partial(_open, code, plan))
    yield Work("criteria", criteria.propose)
    for item in plan.items:
        yield Work(records.technology(item.technology)["name_en"], partial(_bring, item))
    yield Work(panels.NAME, partial(_meet, plan))
    yield Work("objections", objections.bring)
    yield Work(earlier.NAME, earlier.release)
    yield Work("enquiries", enquiries.bring)
    yield Work("figures", partial(_figures, LISTED_ROUND))
    yield Work(planning.NAME, planning.ask)
    for code, record in records.activities().items():
        if code != OPEN_ROUND:
            yield Work(record["titles"]["en"], partial(_close, code))
    yield Work(gathering.NAME, gathering.bring)


def _open(code: str, plan: Plan) -> None:
    # In the round that is open one sheet is enough: there is one expert a visitor can sign in as.
    wanted = 1 if code == OPEN_ROUND else plan.experts_wanted
    activities.opened(code, officer=accounts.account(people.OFFICER), experts_wanted=wanted)


def _close(code: str) -> None:
    activities.closed(Activity.objects.get(code=code), officer=accounts.account(people.OFFICER))


def _figures(code: str) -> None:
    figures.of_round(code, accounts.account(people.OFFICER))


def _meet(plan: Plan) -> None:
    """Let the panel speak, and decide what waited for it."""
    panels.hold(plan.items)
    for item in plan.items:
        if item.activity == REVIEW_ROUND and item.destiny == Destiny.DECIDED:
            _bring(item)


@contextmanager
def left_to_the_visitor(item: Item) -> Iterator[None]:
    """Go on after a step that a visitor took, or made impossible, at this very moment."""
    try:
        yield
    except DomainError as error:
        logger.warning("left to the visitor", technology=item.technology, why=str(error))


def _bring(item: Item) -> None:
    """Bring one technology as far as it shall go."""
    with left_to_the_visitor(item):
        activity = Activity.objects.get(code=item.activity)
        declaration = filing.file(item, activity, accounts.account(people.OFFICER))
        case = Case.objects.filter(declaration=declaration).first()
        if case is not None:
            judged = judging.judge(item, case)
            ties.find_late(item, judged)
            letters.visit(item, judged)
            catalogue.treat(item, case)
