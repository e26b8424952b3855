"""What the enterprise is told about an accepted declaration, and what it is not.

Until the release there is nothing here to tell but the questions an officer put to the enterprise:
submissions says "under evaluation", whatever happens with experts and scores.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from core import rights
from core.models import AuditEntry
from evaluation import timetable
from evaluation.clarifications import pages as clarification_pages
from evaluation.clarifications.states import ClarificationStatus
from evaluation.models import (
    AvoidanceRequest,
    Case,
    Clarification,
    Decision,
    Objection,
    Verification,
)
from evaluation.objections.states import ObjectionStatus
from evaluation.states import CaseStatus
from evaluation.verifications import pages as verification_pages
from submissions.models import Declaration
from submissions.standing import WORDS, Event, Page, Standing
from submissions.states import Status

TONES = {
    Decision.Outcome.INCLUDED: "success",
    Decision.Outcome.NOT_INCLUDED: "danger",
    Decision.Outcome.DEFERRED: "warning",
}


def of(declarations: list[Declaration]) -> Mapping[UUID, Standing]:
    """Return the standing of accepted declarations; as many queries for one as for fifty.

    Before the release all of an activity read the same: it is under review, and the timetable.
    """
    told = timetable.by_activity(one.activity_id for one in declarations)
    words = WORDS[Status.ACCEPTED]
    under_review = {one.pk: replace(words, text=told[one.activity_id]) for one in declarations}
    released = Decision.objects.filter(
        case__declaration__in=declarations, released_at__isnull=False
    ).select_related("case")
    known = {one.case.declaration_id: _standing(one) for one in released}
    found = under_review | known
    for key, asked in clarification_pages.put_to(declarations).items():
        found[key] = _with_questions(found[key], key, asked, released=key in known)
    appointments = verification_pages.told_to(declarations)
    coming = verification_pages.coming(appointments)
    for key, arranged in appointments.items():
        found[key] = _with_appointments(found[key], key, arranged, coming[key])
    for key, put in _objections_to(declarations).items():
        found[key] = _with_objections(found[key], key, put)
    return found


def _objections_to(declarations: list[Declaration]) -> dict[UUID, list[Objection]]:
    """Return what the applicants were told of: the objections that were admitted."""
    rows = Objection.objects.filter(
        case__declaration__in=declarations, admitted_at__isnull=False
    ).select_related("case__declaration")
    found: dict[UUID, list[Objection]] = {}
    for one in rows.order_by("admitted_at", "pk"):
        found.setdefault(one.case.declaration_id, []).append(one)
    return found


def _with_objections(known: Standing, key: UUID, put: list[Objection]) -> Standing:
    url = reverse("evaluation:objection-list", args=[key])
    began = [
        Event(_("Objection admitted"), one.admitted_at, one.number, tone="warning")
        for one in put
        if one.admitted_at
    ]
    ended = [
        Event(_ended(one), one.settled_at, one.number, tone="info") for one in put if one.settled_at
    ]
    return replace(
        known,
        pages=(*known.pages, Page(_("Objections"), url, _to_answer(put))),
        events=(*known.events, *began, *ended),
    )


def _to_answer(put: list[Objection]) -> str:
    """Say how many can be answered still, and until when the first of them."""
    today = localdate()
    days = [
        one.respond_until
        for one in put
        if one.status == ObjectionStatus.ADMITTED
        and one.responded_at is None
        and one.respond_until
        and one.respond_until >= today
    ]
    if not days:
        return ""
    return _("%(count)d to answer until %(day)s") % {
        "count": len(days),
        "day": date_format(min(days), "DATE_FORMAT"),
    }


def _ended(one: Objection) -> str:
    if one.status == ObjectionStatus.WITHDRAWN:
        return _("Objection withdrawn")
    return _("Ruling: %s") % one.get_status_display()


def _with_appointments(
    standing: Standing, key: UUID, arranged: list[Verification], coming: str
) -> Standing:
    """Add the appointments; its own page says when and where."""
    url = reverse("evaluation:verification-list", args=[key])
    events = [
        Event(verification_pages.arranged(one), one.arranged_at, tone="info") for one in arranged
    ]
    return replace(
        standing,
        pages=(*standing.pages, Page(_("Appointments"), url, coming)),
        events=(*standing.events, *events),
    )


def _with_questions(
    standing: Standing, key: UUID, asked: list[Clarification], *, released: bool
) -> Standing:
    """Add the questions to what else is told; one that waits gives the state its name."""
    waiting = [one for one in asked if one.status == ClarificationStatus.PASSED_ON]
    if waiting and not released:
        standing = _asked(waiting)
    url = reverse("evaluation:clarification-list", args=[key])
    return replace(
        standing,
        pages=(*standing.pages, Page(_("Questions about the declaration"), url)),
        events=(*standing.events, *_events(asked)),
    )


def _asked(waiting: list[Clarification]) -> Standing:
    first = min(one.due_on for one in waiting if one.due_on)
    text = _("There is a question about the declaration. Its answer is due by the end of %(day)s.")
    return Standing(_("A question to answer"), "warning", text % {"day": first.isoformat()})


def _events(asked: list[Clarification]) -> list[Event]:
    put = [
        Event(_("Question asked"), one.passed_on_at, tone="info")
        for one in asked
        if one.passed_on_at
    ]
    given = [
        Event(_("Question answered"), one.answered_at, tone="success")
        for one in asked
        if one.answered_at
    ]
    return [*put, *given]


def who_shall_not_judge(declaration: Declaration, person: User) -> list[dict[str, Any]]:
    """Lead to what the applicant can ask, or asked, about who judges."""
    asked = AvoidanceRequest.objects.with_right(person, "own").filter(declaration=declaration)
    number = asked.count()
    if not number and not rights.can(person, "avoid", declaration):
        return []
    told = ngettext("%(count)d request", "%(count)d requests", number) % {"count": number}
    url = reverse("evaluation:avoidance", args=[declaration.pk])
    value = told if number else _("Ask that a person does not judge")
    return [{"label": _("Who shall not judge"), "value": value, "url": url}]


def _standing(decision: Decision) -> Standing:
    label, text = _words(decision.case, decision)
    return Standing(
        label=label,
        tone=tone_of(decision),
        text=text,
        events=(_event(decision),),
        pages=(Page(_("The decision and the feedback"), _decision_page(decision)),),
    )


def _decision_page(decision: Decision) -> str:
    return reverse("evaluation:decision-detail", args=[decision.case.declaration_id])


def tone_of(decision: Decision) -> str:
    if _in_publicity(decision.case):
        return "info"
    if was_removed(decision):
        return TONES[Decision.Outcome.NOT_INCLUDED]
    return TONES[Decision.Outcome(decision.outcome)]


def was_removed(decision: Decision) -> bool:
    """Say whether an objection took out what had been decided to be included."""
    included = decision.outcome == Decision.Outcome.INCLUDED
    return included and decision.case.status == CaseStatus.NOT_INCLUDED


def listed_at(case: Case) -> dt.datetime | None:
    """Return when a case came through the publicity and was listed."""
    if case.status != CaseStatus.CLEARED:
        return None
    acts = AuditEntry.objects.filter(act="case.clear", subject_type="case", subject_id=str(case.pk))
    return acts.values_list("at", flat=True).order_by("pk").last()


def _words(case: Case, decision: Decision) -> tuple[str, str]:
    if _in_publicity(case):
        return _("In publicity"), _("It is to be included unless an objection is upheld.")
    if was_removed(decision):
        return _("Not included"), _("An objection to the entry was upheld.")
    labels = {
        Decision.Outcome.INCLUDED: _("Included in the pool"),
        Decision.Outcome.NOT_INCLUDED: _("Not included"),
        Decision.Outcome.DEFERRED: _("Deferred"),
    }
    return labels[Decision.Outcome(decision.outcome)], ""


def _in_publicity(case: Case) -> bool:
    return case.status == CaseStatus.PUBLICITY


def _event(decision: Decision) -> Event:
    assert decision.released_at is not None  # noqa: S101 -- asked for by ``of``
    return Event(
        title=_("Decision: %s") % decision.get_outcome_display(),
        at=decision.released_at,
        text=decision.statement,
        tone=TONES[Decision.Outcome(decision.outcome)],
    )
