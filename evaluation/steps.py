"""Guards and effects of the steps of a case."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Count
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import audit
from core.canonical import content_hash
from core.errors import DomainError
from core.workflow import Act
from evaluation import notifications
from evaluation.conflicts.finding import conflicts_of
from evaluation.conflicts.knowing import KNOWS, who_know
from evaluation.models import (
    ActivityCriteria,
    Assignment,
    Case,
    Decision,
    Expert,
)
from evaluation.results import case_result, counted
from evaluation.states import UNDER_EVALUATION
from submissions.models import Activity, Declaration

# What evaluation adds to the steps of submissions ----------------------------------------


def criteria_are_set(activity: Activity, _act: Act) -> None:
    """No activity opens before it is fixed by what will be judged."""
    if not ActivityCriteria.objects.filter(activity=activity).exists():
        raise DomainError(_("Set the criteria of this activity before it opens."))


def nothing_is_under_evaluation(activity: Activity, _act: Act) -> None:
    """No activity is concluded before all that was accepted there is decided and released."""
    rows = Case.objects.filter(declaration__activity=activity, status__in=UNDER_EVALUATION)
    number = rows.count()
    if number:
        said = ngettext(
            "%(count)d declaration of this activity is still under evaluation.",
            "%(count)d declarations of this activity are still under evaluation.",
            number,
        )
        raise DomainError(said % {"count": number})


def open_case(declaration: Declaration, act: Act) -> None:
    """An accepted declaration is a case, on the version that was accepted."""
    # Held: a change of the criteria at this moment finds the case, or the case finds the change.
    rows = ActivityCriteria.objects.select_for_update(no_key=True)
    criteria = rows.filter(activity=declaration.activity_id).first()
    if criteria is None:
        raise DomainError(
            _("This activity has no criteria yet; nothing can be accepted for evaluation.")
        )
    case = Case.objects.create(
        declaration=declaration,
        version_id=declaration.version_id,  # type: ignore[misc]  # what is accepted was filed
        criteria_set_id=criteria.criteria_set_id,
        field_id=declaration.subcategory.field_id if declaration.subcategory else None,
        experts_wanted=criteria.experts_wanted,
    )
    audit.record(
        "case.opened",
        audit.Subject("case", case.pk),
        actor=act.actor,
        change=("", case.status),
        details={
            "declaration": str(declaration.pk),
            "criteria": criteria.criteria_set.content_hash,
            "field": case.field_id,
        },
    )


# Assigning ------------------------------------------------------------------------------


def experts_are_given(_case: Case, act: Act) -> None:
    if not act.inputs.get("experts"):
        raise DomainError(_("Choose at least one expert."), field="experts")


def experts_are_available(case: Case, act: Act) -> None:
    """Refuse who is not in the pool, away, at the own limit, or asked about the case already."""
    keys = {expert.pk for expert in act.inputs["experts"]}
    # Locked in one order: of two officers who ask at once, the second sees the load of the first.
    locked = Expert.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=keys)
    known = {one.pk: one for one in locked.select_related("user").order_by("pk")}
    available = set(Expert.objects.available().filter(pk__in=keys).values_list("pk", flat=True))
    loads = open_assignments(keys)
    asked = set(case.assignments.answered_or_open().values_list("expert", flat=True))
    know = who_know([case.pk])
    for expert in known.values():
        if (case.pk, expert.pk) in know:
            raise _not_assigned(expert, KNOWS)
        if expert.pk in asked:
            sentence = _("%s has been asked about this declaration already.")
        elif expert.pk not in available:
            sentence = _("%s is not available.")
        elif expert.cap is not None and loads.get(expert.pk, 0) >= expert.cap:
            sentence = _("%s has as many open assignments as they want at a time.")
        else:
            continue
        raise DomainError(sentence % expert, field="experts")


def open_assignments(experts: Iterable[UUID]) -> dict[UUID, int]:
    """Return how many assignments each expert has not finished, by id; none is left out."""
    rows = Assignment.objects.unfinished().filter(expert__in=experts).order_by()
    return dict(rows.values_list("expert").annotate(number=Count("pk")))


def experts_have_no_conflict(case: Case, act: Act) -> None:
    found = conflicts_of(act.inputs["experts"], case.declaration)
    for expert in act.inputs["experts"]:
        for conflict in found[expert.pk]:
            raise _not_assigned(expert, conflict.reason)


def _not_assigned(expert: Expert, reason: str | Promise) -> DomainError:
    said = _("%(expert)s cannot be assigned. %(reason)s")
    return DomainError(said % {"expert": expert, "reason": reason}, field="experts")


def due_date_lies_ahead(_case: Case, act: Act) -> None:
    due_at = act.inputs.get("due_at")
    if due_at is not None and due_at <= act.at:
        raise DomainError(_("The due date has passed already."), field="due_at")


def invite(case: Case, act: Act) -> tuple[str, ...]:
    """Ask each expert, and mail each in their language."""
    for expert in _once(act.inputs["experts"]):
        assignment = Assignment.objects.create(
            case=case, expert=expert, invited_by=act.actor, due_at=act.inputs.get("due_at")
        )
        act.details.setdefault("assignments", []).append(str(assignment.pk))
        notifications.invited(assignment)
    return ()


def _once(experts: Iterable[Expert]) -> list[Expert]:
    return list({expert.pk: expert for expert in experts}.values())


def all_sheets_are_in(case: Case, _act: Act) -> None:
    if sheets_in(case) < case.experts_wanted:
        raise DomainError(_("Not all score sheets are in."))


def sheets_in(case: Case) -> int:
    return counted(case).count()


def note_result(case: Case, act: Act) -> tuple[str, ...]:
    """Note the hash of the result in the audit, before anybody has seen it."""
    act.details["result"] = content_hash(case_result(case))
    return ()


def tell_scored(case: Case, _act: Act) -> None:
    notifications.scored(case)


# Deciding -------------------------------------------------------------------------------


def outcome_is_known(_case: Case, act: Act) -> None:
    if act.inputs.get("outcome") not in Decision.Outcome.values:
        raise DomainError(_("Choose an outcome."), field="outcome")


def statement_is_given(_case: Case, act: Act) -> None:
    if not str(act.inputs.get("statement", "")).strip():
        raise DomainError(_("Write a statement to the enterprise."), field="statement")


def write_decision(case: Case, act: Act) -> tuple[str, ...]:
    """Keep the decision with the figures it rests on and the method that made them."""
    result = case_result(case)
    decision = Decision.objects.create(
        case=case,
        outcome=act.inputs["outcome"],
        statement=act.inputs["statement"].strip(),
        total=result["total"]["mean"],
        result=result,
        decided_by=act.actor,
        decided_at=act.at,
    )
    act.details.update(decision=decision.pk, outcome=decision.outcome, result=content_hash(result))
    return ()


def officer_is_another(case: Case, act: Act) -> None:
    if standing_decision(case).decided_by_id == act.actor.pk:
        raise DomainError(_("A second officer releases the decision: you took it yourself."))


def mark_sent_back(case: Case, act: Act) -> tuple[str, ...]:
    decision = standing_decision(case)
    decision.sent_back_at = act.at
    decision.save(update_fields=["sent_back_at"])
    act.details["decision"] = decision.pk
    return _go_by_present_criteria(case, act)


def _go_by_present_criteria(case: Case, act: Act) -> tuple[str, ...]:
    """Let what is decided anew count as everything that is not decided counts by now.

    A change passed over the case while its decision stood. It asks the same as the set the case
    was scored by: otherwise it would have been refused.
    """
    rows = ActivityCriteria.objects.select_for_update(of=("self",), no_key=True)
    present = rows.get(activity=case.declaration.activity_id).criteria_set
    if present == case.weights:
        return ()
    case.weighed_by = None if present == case.criteria_set else present
    act.details["criteria"] = present.content_hash
    return ("weighed_by",)


def tell_released(case: Case, _act: Act) -> None:
    notifications.released(standing_decision(case))


def standing_decision(case: Case) -> Decision:
    return Decision.objects.standing().select_related("decided_by").get(case=case)


# Publicity ------------------------------------------------------------------------------


def is_included(case: Case, _act: Act) -> None:
    if standing_decision(case).outcome != Decision.Outcome.INCLUDED:
        raise DomainError(_("Only what is to be included is made public for objection."))


def is_not_included(case: Case, _act: Act) -> None:
    if standing_decision(case).outcome == Decision.Outcome.INCLUDED:
        raise DomainError(_("What is to be included goes through the publicity."))
