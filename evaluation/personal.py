"""What the evaluation holds about an expert; the score sheets stay, under the id alone."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.addresses import addresses_of
from accounts.models import User
from accounts.personal import Records
from evaluation.expert_workflow import EXPERTS
from evaluation.models import Assignment, Employment, Expert, Nomination, ScoreSheet
from evaluation.nominating import NOMINATIONS, blank
from evaluation.pool_states import LIVE, NominationStatus


def _profile(user: User) -> dict[str, Any] | None:
    expert = Expert.objects.filter(user=user).first()
    if expert is None:
        return None
    return {
        "status": expert.status,
        "status_since": expert.status_since,
        "status_reason": expert.status_reason,
        "title": expert.title,
        "employer": expert.employer_name,
        "fields": sorted(expert.fields.values_list("code", flat=True)),
        "subcategories": sorted(expert.subcategories.values_list("code", flat=True)),
        "languages": expert.languages,
        "keywords": expert.keywords,
        "works_since": expert.works_since,
        "economics": expert.economics,
        "about": expert.biography,
        "most_assignments": expert.cap,
        "statement": expert.statement,
        "applied_at": expert.applied_at,
        "confirmed_at": expert.confirmed_at,
        "renewed_until": expert.renewed_until,
        "away": list(expert.absences.values("from_on", "until_on")),
    }


def _history(user: User) -> list[Any]:
    rows = Employment.objects.filter(expert=user.pk)
    names = ("kind", "name", "since", "until", "source", "recorded_at", "mistaken")
    return list(rows.values(*names))


def _nominations(user: User) -> list[Any]:
    names = ("status", "name", "address", "unit", "nominated_at", "ended_at", "proposed")
    return list(_nominations_of(user).order_by("nominated_at", "pk").values(*names))


def _nominations_of(user: User) -> QuerySet[Nomination]:
    """Return what was proposed about a person: consented to, or sent to an address of theirs."""
    return Nomination.objects.filter(Q(expert=user.pk) | Q(address__in=addresses_of(user)))


def _forget_nominations(user: User) -> None:
    for one in _nominations_of(user).order_by("pk"):
        if one.status == NominationStatus.INVITED:
            NOMINATIONS.perform("withdraw", one.pk, actor=None)
            one.refresh_from_db()
        blank(one)


def _assignments(user: User) -> list[Any]:
    rows = Assignment.objects.filter(expert=user.pk).order_by("invited_at", "pk")
    names = ("id", "status", "invited_at", "answered_at", "committed_at", "due_at", "reason")
    return list(rows.values(*names, "case__declaration__number"))


def _sheets(user: User) -> list[Any]:
    rows = ScoreSheet.objects.filter(assignment__expert=user.pk).order_by("assignment")
    return [
        {
            "assignment": str(sheet.pk),
            "status": sheet.status,
            "comment": sheet.comment,
            "submitted_at": sheet.submitted_at,
            "scores": [
                {
                    "indicator": score.indicator.code,
                    "value": score.value,
                    "not_applicable": score.not_applicable,
                    "comment": score.comment,
                }
                for score in sheet.scores.all()
            ],
        }
        for sheet in rows.prefetch_related("scores__indicator")
    ]


def _open_work(user: User) -> Iterator[str]:
    if Assignment.objects.unfinished().filter(expert=user.pk).exists():
        yield _("You are asked to score a declaration. Submit the score sheet or decline first.")


def _blank(user: User) -> None:
    """Take the expert out of the pool, and what tells who it was; what was scored stays."""
    expert = Expert.objects.filter(user=user).first()
    if expert is None:
        return
    if expert.status in LIVE:
        EXPERTS.perform("leave", expert.pk, actor=None)
    expert.absences.all().delete()
    expert.employments.update(name="", organisation=None)
    Expert.objects.filter(user=user).update(
        title="",
        employer=None,
        employer_name="",
        languages=[],
        keywords=[],
        works_since=None,
        economics=False,
        biography="",
        cap=None,
        statement="",
        status_reason="",
    )


RECORDS = (
    Records("expert_profile", _profile, holds=_open_work, erase=_blank),
    Records("expert_history", _history),
    Records("expert_nominations", _nominations, erase=_forget_nominations),
    Records("assignments", _assignments),
    Records("score_sheets", _sheets),
)
