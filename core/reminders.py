"""Reminders: mails before and after a date, by rules that officers edit.

An app registers what has a date (``Event``, in its ready()): a function that gives what falls
due within a span, and the audiences of it. A rule (``ReminderRule``) says for which event, how
many days before or after, counted how, to whom. ``remind`` runs every hour, in as many processes
as you like: the ledger (``SentReminder``) has one row per rule, subject, due moment and reader,
written with the mail, so that nothing is sent twice and a date that was moved reminds anew.

A reader gets the nearest reminder that is due, not all that were missed: whoever comes in two
days before a closing is not told of it three times at once.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NamedTuple

import structlog
from django.db import InterfaceError, OperationalError, transaction
from django.utils.functional import Promise
from django.utils.timezone import get_default_timezone, localtime

from core import mail
from core.clock import database_now
from core.models import ReminderRule, SentReminder

logger = structlog.get_logger(__name__)

CATCH_UP = 7  # days: a reminder missed for longer, by an outage, is not sent any more
COMING = 14  # days the officers' page looks ahead

# (day, number of working days, which may be negative) -> day
Shift = Callable[[dt.date, int], dt.date]


class Subject(NamedTuple):
    """What a date belongs to, as the audit calls it."""

    type: str
    id: str


@dataclass(frozen=True, slots=True)
class Due:
    """Something falls due at a moment."""

    subject: Subject
    at: dt.datetime
    label: str  # for the officers' page; says nothing an officer may not know
    context: Mapping[str, Any] = field(default_factory=dict)  # for the mail


@dataclass(frozen=True, slots=True)
class Reader:
    """Who is reminded. ``key`` is a pseudonym: the ledger keeps no address."""

    key: str
    email: str
    language: str
    context: Mapping[str, Any] = field(default_factory=dict)  # what is this reader's own


@dataclass(frozen=True, slots=True)
class Audience:
    """Who is told. ``readers`` gives them for each of several dates at once, in their order."""

    label: str | Promise
    readers: Callable[[Sequence[Due]], Iterable[Iterable[Reader]]]


@dataclass(frozen=True, slots=True)
class Default:
    """A rule that is there from the beginning: ``days`` before when negative, after otherwise."""

    days: int
    audience: str
    working_days: bool = False


@dataclass(frozen=True, slots=True)
class Event:
    """Something with a date. ``due`` gives what falls due from the first to the second moment.

    ``seen`` says of which subjects, by id, a person may know at all.
    """

    name: str  # "activity.closes"
    label: str | Promise
    template: str  # of the mail, which also gets days_left and rule
    due: Callable[[dt.datetime, dt.datetime], Iterable[Due]]
    audiences: Mapping[str, Audience]
    seen: Callable[[Iterable[str], Any], set[str]]
    defaults: tuple[Default, ...] = ()
    after: bool = True  # False: what is past is not known any more, so none is sent after it


class NotWrittenError(Exception):
    """Some reminders were not written; each is in the log, and the others are on their way."""


_events: dict[str, Event] = {}
_counters: list[Callable[[], Shift]] = []


def register(event: Event) -> None:
    """Make an event known; called once, from an app's ready()."""
    unknown = {one.audience for one in event.defaults} - set(event.audiences)
    if unknown:
        raise LookupError(f"{event.name} has no audiences {sorted(unknown)}")
    if not event.after and any(one.days > 0 for one in event.defaults):
        raise LookupError(f"{event.name} has no reminders after the date")
    _events[event.name] = event


def events() -> dict[str, Event]:
    return dict(_events)


def count_working_days_by(counter: Callable[[], Shift]) -> None:
    """Let the app that keeps the calendar count; ``counter`` is asked once per run."""
    _counters[:] = [counter]


def remind() -> int:
    """Send what is due now; return how many mails were written.

    What cannot be planned or written stands in nobody else's way. The failure is told at the
    end, so that the task shows as failed; a database that is gone is told at once.
    """
    now = database_now()
    planned, failures = _plan(now, now)
    told = _told(planned)
    sent = 0
    left = [(one, who) for one in planned for who in one.readers if _key(one, who) not in told]
    for one, reader in left:
        try:
            sent += _send_one(one, reader, now)
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            logger.exception("reminder not written", rule=one.rule.pk, subject=one.due.subject)
            failures += 1
    if failures:
        raise NotWrittenError(f"{failures} failed, {sent} were written")
    return sent


@dataclass(frozen=True, slots=True)
class Planned:
    """A rule that applies to something due, on a day, for its readers."""

    rule: ReminderRule
    event: Event
    due: Due
    day: dt.date
    readers: tuple[Reader, ...]


def coming(now: dt.datetime, person: Any) -> list[Planned]:
    """Return what will be sent from now on, within the days the page looks ahead, by day.

    Of what the person may not see there is nothing.
    """
    until = now + dt.timedelta(days=COMING)
    today = _day(now)
    plan, _failures = _plan(now, until)
    planned = list(_seen_by(person, [one for one in plan if one.readers and one.day >= today]))
    told = _told(planned)
    left = [one for one in planned if not told >= {_key(one, reader) for reader in one.readers}]
    return sorted(left, key=lambda one: (one.day, one.due.at, one.rule.pk))


def _seen_by(person: Any, planned: list[Planned]) -> Iterator[Planned]:
    for event in {one.event.name: one.event for one in planned}.values():
        mine = [one for one in planned if one.event is event]
        seen = event.seen({one.due.subject.id for one in mine}, person)
        yield from (one for one in mine if one.due.subject.id in seen)


def _plan(now: dt.datetime, until: dt.datetime) -> tuple[list[Planned], int]:
    """Return what is to be sent on a day up to ``until``, and how many events failed."""
    rules: dict[str, list[ReminderRule]] = {}
    for rule in ReminderRule.objects.filter(enabled=True).order_by("pk"):
        rules.setdefault(rule.event, []).append(rule)
    shift = cache(_shift)  # asked for once, and only where working days are counted
    planned: list[Planned] = []
    failures = 0
    for name, event in _events.items():
        try:
            planned += _plan_event(event, rules.get(name, []), shift, (now, until))
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            logger.exception("reminders not planned", reminder_event=name)
            failures += 1
    return planned, failures


Applying = list[tuple[Due, list[tuple[ReminderRule, dt.date]]]]


def _plan_event(
    event: Event,
    rules: list[ReminderRule],
    shift: Callable[[], Shift],
    span: tuple[dt.datetime, dt.datetime],
) -> list[Planned]:
    if not rules:
        return []
    now, until = span
    back = max((_reach(one) for one in rules if not one.before), default=0) + CATCH_UP
    ahead = max((_reach(one) for one in rules if one.before), default=0) + 1
    first, last = now - dt.timedelta(days=back), until + dt.timedelta(days=ahead)
    applying: Applying = []
    for due in event.due(first, last):
        days = [(rule, _send_day(rule, due, shift)) for rule in rules]
        held = [(rule, day) for rule, day in days if _applies(rule, due, day, span)]
        applying.append((due, held))
    readers = _readers(event, applying)
    return [
        planned
        for number, (due, held) in enumerate(applying)
        for planned in _nearest(event, due, held, _day(now), readers.get(number, {}))
    ]


def _readers(event: Event, applying: Applying) -> dict[int, dict[str, tuple[Reader, ...]]]:
    """Ask each audience once for all dates; by the place of the date, and the audience."""
    found: dict[int, dict[str, tuple[Reader, ...]]] = {}
    for name, audience in event.audiences.items():
        asked = [
            (number, due)
            for number, (due, held) in enumerate(applying)
            if any(rule.audience == name for rule, _on in held)
        ]
        if not asked:
            continue
        people = audience.readers([due for _number, due in asked])
        for (number, _due), some in zip(asked, people, strict=True):
            found.setdefault(number, {})[name] = tuple(some)
    return found


def _nearest(
    event: Event,
    due: Due,
    applying: list[tuple[ReminderRule, dt.date]],
    today: dt.date,
    audiences: Mapping[str, tuple[Reader, ...]],
) -> Iterator[Planned]:
    """Of the rules whose day has come give each reader the last; the others stand for later."""
    taken: set[str] = set()
    for rule, day in sorted(applying, key=lambda one: (one[1], one[0].pk), reverse=True):
        readers = audiences.get(rule.audience, ())  # none: an app that no longer knows it
        if day <= today:
            readers = tuple(one for one in readers if one.key not in taken)
            taken |= {one.key for one in readers}
        yield Planned(rule, event, due, day, readers)


def _applies(
    rule: ReminderRule, due: Due, day: dt.date, span: tuple[dt.datetime, dt.datetime]
) -> bool:
    now, until = span
    if day > _day(until) or (_day(now) - day).days > CATCH_UP:
        return False
    # What shall be read before a date is of no use after it, and the other way round.
    return due.at >= now if rule.before else due.at < until


def _send_day(rule: ReminderRule, due: Due, shift: Callable[[], Shift]) -> dt.date:
    days = -rule.days if rule.before else rule.days
    day = _day(due.at)
    return shift()(day, days) if rule.working_days else day + dt.timedelta(days=days)


def _reach(rule: ReminderRule) -> int:
    """Return a number of calendar days in which the days of a rule surely lie."""
    return rule.days * 3 + 20 if rule.working_days else rule.days


def _day(at: dt.datetime) -> dt.date:
    return localtime(at, get_default_timezone()).date()


def _shift() -> Shift:
    if _counters:
        return _counters[0]()
    return lambda day, days: day + dt.timedelta(days=days)


@transaction.atomic
def _send_one(planned: Planned, reader: Reader, now: dt.datetime) -> bool:
    rule, due = planned.rule, planned.due
    _row, is_new = SentReminder.objects.get_or_create(
        rule=rule,
        subject_type=due.subject.type,
        subject_id=due.subject.id,
        due_at=due.at,
        recipient=reader.key,
        defaults={"sent_at": now},
    )
    if not is_new:
        return False  # another process was quicker
    days_left = (_day(due.at) - _day(now)).days
    mail.write(
        planned.event.template,
        to=reader.email,
        language=reader.language,
        context={
            **due.context,
            **reader.context,
            "due_at": due.at,
            "days_left": days_left,
            "days_over": -days_left,
            "audience": rule.audience,
        },
    )
    return True


Key = tuple[int, str, str, dt.datetime, str]


def _key(planned: Planned, reader: Reader) -> Key:
    due = planned.due
    return (planned.rule.pk, due.subject.type, due.subject.id, due.at, reader.key)


def _told(planned: list[Planned]) -> set[Key]:
    """Return the rows of the ledger about these subjects; one question."""
    subjects = {one.due.subject.id for one in planned}
    rows = SentReminder.objects.filter(
        rule__in={one.rule.pk for one in planned}, subject_id__in=subjects
    )
    columns = ("rule_id", "subject_type", "subject_id", "due_at", "recipient")
    return set(rows.values_list(*columns))


def restore_rules(using: str, model: Any) -> None:
    """Give an event that has no rule yet the rules it comes with; what officers set stays."""
    rows = model._base_manager.using(using)
    known = set(rows.values_list("event", flat=True))
    rows.bulk_create(
        model(
            event=event.name,
            days=abs(one.days),
            before=one.days < 0,
            working_days=one.working_days,
            audience=one.audience,
        )
        for event in _events.values()
        if event.name not in known
        for one in event.defaults
    )
