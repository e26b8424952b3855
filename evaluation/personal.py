"""What the evaluation holds about an expert; the score sheets stay, under the id alone."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.addresses import addresses_of
from accounts.models import User
from accounts.personal import Records
from evaluation.dossier import asking as dossiers
from evaluation.models import (
    Assignment,
    AvoidanceRequest,
    Clarification,
    Commitment,
    ConflictCheck,
    Connection,
    Dossier,
    Employment,
    Expert,
    LateConflict,
    Nomination,
    PanelMember,
    PanelRecusal,
    ScoreSheet,
    Verification,
    VerificationFile,
)
from evaluation.panel.states import NOT_OVER
from evaluation.pool.nominating import NOMINATIONS, blank
from evaluation.pool.states import LIVE, NominationStatus
from evaluation.pool.workflow import EXPERTS


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


def _connections(user: User) -> list[Any]:
    """List the own ones; who else is named in them is somebody else's."""
    rows = Connection.objects.filter(person=user.pk).order_by("recorded_at", "pk")
    names = ("kind", "organisation_name", "began_on", "ended_on", "source", "recorded_at")
    return list(rows.values(*names, "mistaken"))


def _forget_connections(user: User) -> None:
    """Blank what tells of the person; that there was a connection of this kind stays."""
    rows = Connection.objects.filter(Q(person=user.pk) | Q(other_person=user.pk))
    rows.update(organisation=None, organisation_name="", source="", forgotten=True)


def _nominations(user: User) -> list[Any]:
    names = ("status", "name", "address", "unit", "unasked", "nominated_at", "ended_at")
    decided = ("outcome", "decided_at", "proposed")
    return list(_nominations_of(user).order_by("nominated_at", "pk").values(*names, *decided))


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


def _interests(user: User) -> list[Any]:
    """List what was said of conflicts; it stays as evidence, under the id alone."""
    rows = ConflictCheck.objects.filter(assignment__expert=user.pk).order_by("answered_at", "pk")
    return list(rows.values("assignment", "answer", "text", "shown", "answered_at"))


def _promises(user: User) -> list[Any]:
    rows = Commitment.objects.filter(person=user.pk).order_by("signed_at", "pk")
    return list(rows.values("activity__code", "version", "text", "signed_at"))


def _avoidances(user: User) -> list[Any]:
    """List what the person asked; what others asked about them is the others'."""
    rows = AvoidanceRequest.objects.filter(asked_by=user.pk).order_by("asked_at", "pk")
    names = ("status", "named", "unit", "reason", "evidence", "asked_at", "answer")
    return list(rows.values("declaration__number", *names))


def _forget_avoidances(user: User) -> None:
    """Blank who was not to judge; that an applicant asked it, and what became of it, stays."""
    AvoidanceRequest.objects.filter(person=user.pk).update(
        named="–", unit="", reason="", evidence=""
    )


def _sheets(user: User) -> list[Any]:
    rows = ScoreSheet.objects.filter(assignment__expert=user.pk).order_by("assignment")
    return [
        {
            "assignment": str(sheet.pk),
            "status": sheet.status,
            "comment": sheet.comment,
            "recommendation": sheet.recommendation,
            "remark": sheet.remark,
            "reopened": sheet.reopened,
            "submitted_at": sheet.submitted_at,
            "scores": [
                {
                    "indicator": score.indicator.code,
                    "value": score.value,
                    "not_applicable": score.not_applicable,
                    "comment": score.comment,
                    "evidence": score.evidence,
                }
                for score in sheet.scores.all()
            ],
        }
        for sheet in rows.prefetch_related("scores__indicator")
    ]


def _clarifications(user: User) -> list[Any]:
    """List what the person asked; the questions stay, under the id alone, as what was scored."""
    rows = Clarification.objects.filter(assignment__expert=user.pk).order_by("asked_at", "pk")
    return list(rows.values("assignment", "status", "section", "field", "question", "asked_at"))


def _dossiers(user: User) -> list[Any]:
    rows = Dossier.objects.filter(assignment__expert=user.pk).order_by("asked_at", "pk")
    return list(rows.values("assignment", "asked_at", "made_at", "language"))


def _forget_dossiers(user: User) -> None:
    """Their first page names the person."""
    dossiers.forget(Q(assignment__expert=user.pk))


def _panels(user: User) -> list[Any]:
    """List the panels the person sat on, and what they voted where the ballot was open."""
    rows = PanelMember.objects.filter(expert=user.pk).select_related("meeting__activity")
    return [
        {
            "activity": one.meeting.activity.code,
            "meeting": one.meeting.title,
            "starts_at": one.meeting.starts_at,
            "seat": one.seat,
            "attendance": one.presence,
            "present_from": one.present_from,
            "left_at": one.left_at,
            "voted": sorted([str(vote.item_id), vote.choice] for vote in one.votes.all()),
        }
        for one in rows.prefetch_related("votes").order_by("meeting__starts_at", "pk")
    ]


def _panel_open(user: User) -> Iterator[str]:
    if PanelMember.objects.filter(expert=user.pk, meeting__status__in=NOT_OVER).exists():
        yield _("You sit on a panel whose meeting is not over.")


def _recusals(user: User) -> list[Any]:
    """List the items the person took no part in, and why; it stays as evidence."""
    rows = PanelRecusal.objects.filter(member__expert=user.pk).order_by("recorded_at", "pk")
    return list(rows.values("item", "reason", "recorded_at"))


def _appointments(user: User) -> list[Any]:
    """List where the person takes part, or answered for the organisation; it stays, by id alone."""
    mine = Q(experts=user.pk) | Q(officers=user.pk) | Q(answered_by=user.pk)
    rows = Verification.objects.filter(mine).distinct().order_by("held_at", "pk")
    return list(rows.values("id", "kind", "status", "held_at", "place"))


def _report_files(user: User) -> list[Any]:
    """List what the person laid beside reports; it stays, sealed with them, under the id alone."""
    rows = VerificationFile.objects.filter(added_by=user.pk).order_by("added_at", "pk")
    return list(rows.values("verification", "file_name", "sha256", "added_at"))


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


def _late_conflicts(user: User) -> list[Any]:
    """List what was found of the person after the sheet was in, by whoever found it."""
    rows = LateConflict.objects.filter(sheet__assignment__expert=user.pk).order_by("recorded_at")
    return list(rows.values("sheet", "reason", "evidence", "recorded_at"))


RECORDS = (
    Records("expert_profile", _profile, holds=_open_work, erase=_blank),
    Records("expert_history", _history),
    Records("connections", _connections, erase=_forget_connections),
    Records("expert_nominations", _nominations, erase=_forget_nominations),
    Records("assignments", _assignments),
    Records("avoidance_requests", _avoidances, erase=_forget_avoidances),
    Records("conflict_checks", _interests),
    Records("late_conflicts", _late_conflicts),
    Records("confidentiality", _promises),
    Records("score_sheets", _sheets),
    Records("clarifications", _clarifications),
    Records("panels", _panels, holds=_panel_open),
    Records("panel_recusals", _recusals),
    Records("appointments", _appointments),
    Records("report_files", _report_files),
    Records("declarations_as_one_file", _dossiers, erase=_forget_dossiers),
)
