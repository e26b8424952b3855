"""The steps of a draft of a criteria set, and of a change of what an open activity is judged by."""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from core import audit, rights
from core.canonical import content_hash
from core.errors import DomainError
from core.workflow import Act, Step, Workflow
from evaluation.criteria.asking import asks_the_same
from evaluation.criteria.documents import document_of
from evaluation.criteria.drafts import newer_than, out_of_date, overtaken
from evaluation.criteria.effects import effects
from evaluation.criteria.sealing import Signatures, field_codes, seal_criteria
from evaluation.criteria.soundness import faults
from evaluation.models import (
    ActivityCriteria,
    Case,
    CriteriaChange,
    CriteriaDraft,
    CriteriaSet,
)
from evaluation.states import (
    CRITERIA_CHANGE,
    CRITERIA_DRAFT,
    CaseStatus,
    ChangeStatus,
    DraftStatus,
)
from submissions.models import Activity
from submissions.states import ActivityStatus

SPACE = 731013  # of the advisory locks of sets that are followed
UNDECIDED = (CaseStatus.AWAITING, CaseStatus.IN_REVIEW, CaseStatus.SCORED)

# Drafts ---------------------------------------------------------------------------------


def is_sound(draft: CriteriaDraft, _act: Act) -> None:
    found = faults(draft.document, fields=field_codes())
    if found:
        raise DomainError(
            ngettext(
                "%(count)d thing is wrong with this set: %(first)s",
                "%(count)d things are wrong with this set; the first: %(first)s",
                len(found),
            )
            % {"count": len(found), "first": found[0]}
        )


def says_why(draft: CriteriaDraft, _act: Act) -> None:
    if draft.based_on_id and not draft.reason:
        raise DomainError(_("Say why the criteria are changed."))


def changes_something(draft: CriteriaDraft, _act: Act) -> None:
    if draft.based_on is None:
        return
    if document_of(draft.based_on) | {"version": 0} == draft.document | {"version": 0}:
        raise DomainError(_("Nothing differs from the set this draft is based on."))


def note_proposal(draft: CriteriaDraft, act: Act) -> tuple[str, ...]:
    draft.proposed_by, draft.proposed_at = act.actor, act.at
    return "proposed_by", "proposed_at"


def nothing_newer_is_sealed(draft: CriteriaDraft, _act: Act) -> None:
    """What a signer compares is the set before this one; of two drafts of it one is sealed.

    Two officers who sign at one moment come one after the other. The row of the set cannot be
    locked for that: the portal has no right to change a set, and PostgreSQL asks for it.
    """
    if draft.based_on_id is None:
        return
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s, %s)", [SPACE, draft.based_on_id])
    newest = newer_than(CriteriaSet.objects.get(pk=draft.based_on_id))
    if newest is not None:
        raise DomainError(out_of_date(newest))


ANOTHER_SEALS = gettext_lazy(
    "A second officer seals the set: you have written in this draft or proposed it."
)


def has_written(draft: CriteriaDraft, person: Any) -> bool:
    """Say whether somebody wrote in a draft or proposed it, and therefore does not seal it."""
    return bool(draft.proposed_by_id == person.pk or draft.writers.filter(pk=person.pk).exists())


def to_seal(drafts: QuerySet[CriteriaDraft], person: Any) -> QuerySet[CriteriaDraft]:
    """Return those of the drafts that wait for the signature of a person (see ``has_written``)."""
    proposed = drafts.filter(status=DraftStatus.PROPOSED).exclude(proposed_by=person)
    written = CriteriaDraft.objects.filter(writers=person)
    return proposed.exclude(pk__in=written.values("pk")).exclude(overtaken())


def to_confirm(changes: QuerySet[CriteriaChange], person: Any) -> QuerySet[CriteriaChange]:
    """Return those of the changes that wait for the signature of a person."""
    return changes.filter(status=ChangeStatus.PROPOSED).exclude(proposed_by=person)


def signer_wrote_none_of_it(draft: CriteriaDraft, act: Act) -> None:
    if has_written(draft, act.actor):
        raise DomainError(str(ANOTHER_SEALS))


def seal_it(draft: CriteriaDraft, act: Act) -> tuple[str, ...]:
    assert draft.proposed_by  # noqa: S101 -- a constraint of the table
    signed = Signatures(draft.proposed_by, act.actor, draft.based_on, draft.reason)
    draft.sealed_as = seal_criteria(draft.document, signed=signed)
    act.details["content_hash"] = draft.sealed_as.content_hash
    return ("sealed_as",)


DRAFTS: Workflow[CriteriaDraft] = Workflow(
    CRITERIA_DRAFT,
    CriteriaDraft,
    {
        "propose": Step(
            guards=(nothing_newer_is_sealed, is_sound, says_why, changes_something),
            change=note_proposal,
        ),
        "seal": Step(
            guards=(signer_wrote_none_of_it, nothing_newer_is_sealed, is_sound), change=seal_it
        ),
    },
)

# Changes of an open activity --------------------------------------------------------------


@transaction.atomic
def propose_change(
    activity: Activity, criteria_set: CriteriaSet, *, reason: str, actor: User
) -> CriteriaChange:
    """Propose that an activity that was opened be judged by another version of its criteria."""
    locked = Activity.objects.select_for_update(no_key=True).get(pk=activity.pk)
    current = ActivityCriteria.objects.select_related("criteria_set").get(activity=locked)
    if not rights.can(actor, "change", current):
        raise PermissionDenied(f"change the criteria of activity {locked.pk}")
    if not reason.strip():
        raise DomainError(_("Please give a reason."), field="reason")
    if locked.criteria_changes.filter(status=ChangeStatus.PROPOSED).exists():
        raise DomainError(_("Another change waits for its second signature."))
    _check_versions(locked, current.criteria_set, criteria_set)
    change = CriteriaChange.objects.create(
        activity=locked,
        previous=current.criteria_set,
        criteria_set=criteria_set,
        reason=reason.strip(),
        proposed_by=actor,
    )
    audit.record(
        "criteria change.proposed",
        audit.Subject("criteria change", change.pk),
        actor=actor,
        change=("", change.status),
        reason=change.reason,
        details={"from": current.criteria_set.content_hash, "to": criteria_set.content_hash},
    )
    return change


def _check_versions(activity: Activity, current: CriteriaSet, wanted: CriteriaSet) -> None:
    if wanted.code != current.code or wanted.version <= current.version:
        raise DomainError(_("Choose a later version of the same set."), field="criteria_set")
    begun = _cases(activity).exclude(status=CaseStatus.AWAITING)
    if begun.exists() and not asks_the_same(document_of(current), document_of(wanted)):
        raise DomainError(
            _(
                "Experts are scoring already, and this version asks something else than the one "
                "they were asked by. Only weights and gates can change now."
            ),
            field="criteria_set",
        )


def _cases(activity: Activity) -> QuerySet[Case]:
    return Case.objects.filter(declaration__activity=activity)


def nothing_moves(change: CriteriaChange, _act: Act) -> None:
    """Hold what the activity is judged by, and then its undecided cases.

    Who opens a case holds the first, who assigns or decides the second: what is looked at now is
    what the change meets.
    """
    ActivityCriteria.objects.select_for_update(no_key=True).get(activity=change.activity_id)
    undecided = _cases(change.activity).filter(status__in=UNDECIDED).order_by("pk")
    list(undecided.select_for_update(of=("self",), no_key=True).values_list("pk"))


def activity_goes_on(change: CriteriaChange, _act: Act) -> None:
    if change.activity.status == ActivityStatus.CONCLUDED:
        raise DomainError(_("The activity is concluded; its criteria stay as they are."))


def versions_still_fit(change: CriteriaChange, _act: Act) -> None:
    _check_versions(change.activity, change.previous, change.criteria_set)


def officer_is_another(change: CriteriaChange, act: Act) -> None:
    if change.proposed_by_id == act.actor.pk:
        raise DomainError(_("A second officer confirms the change: you proposed it yourself."))


def sign_change(change: CriteriaChange, act: Act) -> tuple[str, ...]:
    """Sign, and keep what the change does to the results there are."""
    change.confirmed_by, change.confirmed_at = act.actor, act.at
    found = effects(_cases(change.activity), document_of(change.criteria_set))
    change.effect = [
        {
            "case": str(one.case.pk),
            "before": [one.before["total"]["mean"], one.before["verdict"]],
            "after": [one.after["total"]["mean"], one.after["verdict"]],
        }
        for one in found
        if not one.is_decided
    ]
    act.details["effect"] = content_hash(change.effect)
    act.details["flips"] = sum(one.flips and not one.is_decided for one in found)
    return "confirmed_by", "confirmed_at", "effect"


def judge_by_it(change: CriteriaChange, _act: Act) -> None:
    """Let the activity and its undecided cases go by the new version; decisions stay."""
    new = change.criteria_set
    ActivityCriteria.objects.filter(activity=change.activity_id).update(criteria_set=new)
    cases = _cases(change.activity)
    cases.filter(status=CaseStatus.AWAITING).update(criteria_set=new, weighed_by=None)
    cases.filter(status__in=UNDECIDED).exclude(criteria_set=new).update(weighed_by=new)


CHANGES: Workflow[CriteriaChange] = Workflow(
    CRITERIA_CHANGE,
    CriteriaChange,
    {
        "confirm": Step(
            guards=(officer_is_another, activity_goes_on, nothing_moves, versions_still_fit),
            change=sign_change,
            after=(judge_by_it,),
        ),
    },
)


def perform_draft(name: str, pk: UUID, *, actor: User, reason: str = "") -> CriteriaDraft:
    return DRAFTS.perform(name, pk, actor=actor, reason=reason)


def perform_change(name: str, pk: UUID, *, actor: User, reason: str = "") -> CriteriaChange:
    return CHANGES.perform(name, pk, actor=actor, reason=reason)
