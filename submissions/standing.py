"""What the enterprise is told about where its declaration stands, in its own words.

After the formal check a declaration is "under evaluation" and nothing else: no sign of who
looks at it, how many, or when. A higher app says more once there is something to say.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.models import AuditEntry
from submissions.models import Declaration
from submissions.states import Status


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, as ``components/timeline.html`` takes it."""

    title: str | Promise
    at: dt.datetime
    text: str = ""
    tone: str = "neutral"
    lang: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """A page beside the declaration's own, of a higher app."""

    label: str | Promise
    url: str
    note: str = ""  # what waits there, in short


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a declaration stands, as ``components/status_badge.html`` takes it."""

    label: str | Promise
    tone: str
    text: str | Promise = ""  # one sentence more
    events: tuple[Event, ...] = ()
    url: str = ""  # where more is to be seen
    url_label: str = ""
    pages: tuple[Page, ...] = ()


# Asked with the accepted declarations of a page at once, so that a list costs one question.
Source = Callable[[list[Declaration]], Mapping[UUID, Standing]]
_sources: list[Source] = []

WORDS = {
    Status.DRAFT: Standing(_("Draft"), "neutral"),
    Status.SUBMITTED: Standing(_("Submitted"), "info"),
    Status.IN_CHECK: Standing(_("In formal check"), "progress"),
    Status.RETURNED: Standing(_("Returned for correction"), "warning"),
    Status.ACCEPTED: Standing(_("Under evaluation"), "progress"),
    Status.REJECTED: Standing(_("Rejected in the formal check"), "danger"),
    Status.CONTESTED: Standing(_("Rejection contested"), "progress"),
    Status.WITHDRAWN: Standing(_("Withdrawn"), "neutral"),
}
# Acts of the audit that an enterprise may read, and how they are called there. Who took them
# on the portal's side is not among it.
ACTS = {
    "declaration.submit": (_("Submitted"), "info"),
    "declaration.begin_check": (_("Formal check begun"), "progress"),
    "declaration.return": (_("Returned for correction"), "warning"),
    "declaration.give_time": (_("More time given for the corrections"), "info"),
    "declaration.accept": (_("Accepted for evaluation"), "success"),
    "declaration.reject": (_("Rejected in the formal check"), "danger"),
    "declaration.contest": (_("Rejection contested"), "info"),
    "declaration.reopen": (_("Rejection lifted; checked once more"), "success"),
    "declaration.uphold": (_("Rejection upheld"), "danger"),
    "declaration.withdraw": (_("Withdrawn"), "neutral"),
    "declaration.look_granted": (_("Opened before the closing"), "warning"),
}
WITH_REASON = frozenset(
    {
        "declaration.return",
        "declaration.give_time",
        "declaration.reject",
        "declaration.contest",
        "declaration.reopen",
        "declaration.uphold",
        "declaration.withdraw",
        "declaration.look_granted",
    }
)


def register(source: Source) -> None:
    """Let a higher app say where accepted declarations stand; called once, from its ready().

    ``source`` gets accepted declarations and returns the standing of those it has something to
    say about; the others are "under evaluation".
    """
    _sources.append(source)


def of(declarations: Iterable[Declaration]) -> dict[UUID, Standing]:
    """Say where each declaration stands; one question per source, however many there are."""
    rows = list(declarations)
    standings = {row.pk: WORDS[Status(row.status)] for row in rows}
    accepted = [row for row in rows if row.status == Status.ACCEPTED]
    # The highest app is made ready first: what it says comes last and stands, beside all events.
    for source in reversed(_sources) if accepted else ():
        for key, later in source(accepted).items():
            known = standings[key]
            standings[key] = replace(
                later,
                events=(*known.events, *later.events),
                pages=(*known.pages, *later.pages),
            )
    return standings


def timeline(declaration: Declaration, standing: Standing) -> list[Event]:
    """What happened so far, newest first, as far as it is the enterprise's to know."""
    acts = AuditEntry.objects.filter(
        subject_type="declaration", subject_id=str(declaration.pk), act__in=ACTS
    )
    events = [
        Event(
            title=ACTS[act.act][0],
            tone=ACTS[act.act][1],
            at=act.at,
            text=act.reason if act.act in WITH_REASON else "",
        )
        for act in acts
    ]
    return sorted([*events, *standing.events], key=lambda event: event.at, reverse=True)
