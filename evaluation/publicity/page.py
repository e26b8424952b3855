"""What everybody reads of the publicity: days left, that an objection is examined, outcomes."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet, Value
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from evaluation.models import Case, Objection
from evaluation.objections import objecting
from evaluation.objections.states import OPEN, RULED, ObjectionStatus
from evaluation.states import CaseStatus
from submissions import translations
from submissions.paging import Page, newest_first

KEPT = dt.timedelta(days=90)  # outcomes stay to be read
CONTENT = ("version", "declaration__activity__scheme")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the public list."""

    case: Case
    label: str
    tone: str
    said: tuple[Objection, ...] = ()  # each objection that was received: number, state, summary
    open: bool = False  # objections are taken
    left: str = ""  # how many days are, where it is in publicity

    @property
    def language(self) -> str:
        return called(self.case)[0]

    @property
    def title(self) -> str:
        return called(self.case)[1]

    @property
    def is_current(self) -> bool:
        return self.case.status == CaseStatus.PUBLICITY

    @property
    def skipped(self) -> str:
        days = (dt.date.fromisoformat(one) for one in self.case.publicity_count.get("skipped", []))
        # Translators: what stands between the words of a list.
        return _(", ").join(date_format(one, "DATE_FORMAT") for one in days)

    @property
    def years_not_loaded(self) -> str:
        return ", ".join(str(one) for one in self.case.publicity_count.get("years_not_loaded", []))


@dataclass(frozen=True, slots=True)
class Listed:
    entries: list[Entry]
    next_key: str


def current(after: str, now: dt.datetime) -> Listed:
    """Return what is in publicity, as nobody in particular."""
    return _listed(newest_first(_rows("notice"), by="publicity_began_at", after=after), now)


def ended(after: str, now: dt.datetime) -> Listed:
    """Return what was in publicity and how it came out; not what was never shown."""
    return _listed(newest_first(_ended(now), by="publicity_began_at", after=after), now)


def entry_of(case_id: UUID, now: dt.datetime) -> Entry | None:
    """Return one entry, in publicity or out of it, as long as a list shows it; else None."""
    rows = (_rows("notice"), _ended(now))
    found = (some.filter(pk=case_id).select_related(*CONTENT).first() for some in rows)
    return next((_entry(case, now) for case in found if case is not None), None)


def _ended(now: dt.datetime) -> QuerySet[Case]:
    since = now - KEPT
    late = Objection.objects.filter(case=OuterRef("pk"), status__in=RULED, settled_at__gte=since)
    rows = _rows("outcome").filter(publicity_ends_at__gt=F("publicity_began_at"))
    return rows.filter(Q(publicity_ends_at__gte=since) | Q(Exists(late)))


def named(rows: QuerySet[Case]) -> QuerySet[Case]:
    """Read the title that counted as the publicity began, in the language of the reader."""
    language = get_language() or settings.LANGUAGE_CODE
    title = translations.title_in_force(language, "version", "publicity_began_at")
    return rows.annotate(title_then=title, language_then=Value(language))


def called(case: Case) -> tuple[str, str]:
    """Return language and title of a case that was read by ``named``, as the catalogue does."""
    then: Any = case
    declaration = case.declaration
    if then.title_then and then.language_then != declaration.language:
        return then.language_then, then.title_then
    return declaration.language, str(declaration)


def _rows(right: str) -> QuerySet[Case]:
    # Of who objects nothing is even read here.
    # What was withdrawn before it was confirmed counts for nothing either.
    said = Objection.objects.filter(received_at__isnull=False).order_by("place")
    shown = said.only("case_id", "status", "summary", "place")
    public = Case.objects.with_right(AnonymousUser(), right)
    return (
        named(public)
        .select_related("declaration__organisation", "declaration__activity")
        .prefetch_related(Prefetch("objections", queryset=shown, to_attr="said"))
    )


def _listed(page: Page[Case], now: dt.datetime) -> Listed:
    return Listed([_entry(case, now) for case in page.rows], page.next_key)


def _entry(case: Case, now: dt.datetime) -> Entry:
    said: list[Objection] = case.said  # type: ignore[attr-defined]  # read by _rows
    if case.status == CaseStatus.PUBLICITY:
        label, tone = _now(case, said, now)
        return Entry(case, label, tone, tuple(said), objecting.is_open(case, now), _left(case, now))
    label, tone = outcome(said)
    return Entry(case, label, tone, tuple(said))


def _now(case: Case, said: list[Objection], now: dt.datetime) -> tuple[str, str]:
    states = {one.status for one in said}
    if ObjectionStatus.RECEIVED in states and ObjectionStatus.ADMITTED not in states:
        return _("An objection was received"), "warning"
    if states & OPEN:
        return _("An objection is being examined"), "warning"
    return _left(case, now), "info"


def _left(case: Case, now: dt.datetime) -> str:
    last = case.last_day_of_publicity
    today = timezone.localtime(now, timezone.get_default_timezone()).date()
    # The day on which it begins does not count, and so today never does.
    days = (last - today).days if last else -1
    if days < 0:
        return _("The period is over")
    if days == 0:
        return _("Today is the last day")
    return ngettext("%(days)d day left", "%(days)d days left", days) % {"days": days}


def outcome(said: Iterable[Objection]) -> tuple[str, str]:
    """Return how a publicity came out, in words, and the tone of it."""
    states = {one.status for one in said}
    if ObjectionStatus.UPHELD in states:
        return _("Objection upheld: entry removed"), "danger"
    if ObjectionStatus.CORRECTED in states:
        return _("Objection upheld: entry stays"), "success"
    if ObjectionStatus.NOT_UPHELD in states:
        return _("Objection not upheld"), "success"
    return (_("No objection was admitted") if states else _("No objections")), "success"
