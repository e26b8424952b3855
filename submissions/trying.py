"""A set of rules tried on a past activity: what it would have returned, beside what was returned.

A trial goes through the declarations of the activity as each was first filed, piece by piece: a
message of the outbox does one piece and owes the next. The row's lock and its place keep the
counts exact, however often a message is delivered and however many workers are at it. Only
numbers are kept.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, Max, OuterRef, QuerySet
from django.utils.translation import gettext as _

from core import audit, outbox, progress, rights
from core.clock import database_now
from core.errors import DomainError
from core.models import AuditEntry, OutboxMessage
from submissions.checks.remarks import Level, Remark
from submissions.checks.rulesets import RULES
from submissions.findings import of_version
from submissions.models import Activity, DeclarationVersion, RuleSet, RuleTrial
from submissions.sealing import is_sealed

TOPIC = "submissions.try_rules"
PIECE = 50
RETURNED = "declaration.return"  # as the audit calls the step
GRAVE = frozenset({Level.WARNING, Level.ERROR})
COUNTS = ("total", "would", "refused", "returned", "both")  # in the order of an outcome
NOTHING = {"declarations": 0, "remarks": 0, "failed": 0}


@dataclass(frozen=True, slots=True)
class OfRule:
    """What one rule of the set said in a trial."""

    name: str
    level: Level
    declarations: int
    remarks: int
    failed: int = 0  # declarations over which it could not be run


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a trial counted: declarations, those with a warning or an error, those returned.

    ``refused``: those of ``would`` that could not have been filed at all, for an error.
    """

    total: int
    would: int
    refused: int
    returned: int
    both: int
    rules: tuple[OfRule, ...]

    @property
    def failed(self) -> int:
        """How often a rule could not be run: so much may be missing."""
        return sum(one.failed for one in self.rules)

    @property
    def percent(self) -> int:
        return _percent(self.would, self.total)

    @property
    def percent_returned(self) -> int:
        return _percent(self.returned, self.total)


def _percent(part: int, whole: int) -> int:
    """Return whole per cent, halves up."""
    return (200 * part + whole) // (2 * whole) if whole else 0


def to_choose(user: Any) -> QuerySet[Activity]:
    """List the activities the officer has a say in, and in which something was filed."""
    filed = DeclarationVersion.objects.filter(declaration__activity=OuterRef("pk"))
    return Activity.objects.with_right(user, "manage").filter(Exists(filed))


def progress_name(trial: RuleTrial) -> str:
    return f"rule-trial-{trial.pk}"


@transaction.atomic
def ask_trial(rule_set: RuleSet, activity: Activity, *, actor: Any) -> RuleTrial:
    """Owe a trial; asked again while it is at work, it is the same, and goes on if it stopped."""
    if not rights.may_ever(actor, "add", RuleTrial) or not rights.can(actor, "manage", activity):
        raise PermissionDenied(f"try rules on activity {activity.pk}")
    if is_sealed(activity):
        raise DomainError(
            _("This activity is under seal: what was declared is opened by nothing and nobody "
              "before it closes."),
            field="activity",
        )  # fmt: skip
    last = _filed(activity.pk).aggregate(last=Max("pk"))["last"]
    if last is None:
        raise DomainError(_("Nothing was filed in this activity so far."), field="activity")
    trial, made = RuleTrial.objects.get_or_create(
        rule_set=rule_set,
        activity=activity,
        finished_at=None,
        defaults={"asked_by": actor, "asked_at": database_now(), "until": last},
    )
    if made:
        audit.record(
            "rule set.tried",
            audit.Subject("rule set", rule_set.pk),
            actor=actor,
            details={"activity": activity.code},
        )
    name = progress_name(trial)
    progress.begin(name, total=_filed(activity.pk).filter(pk__lte=trial.until).count())
    _advance(trial)
    outbox.enqueue(TOPIC, {"trial": str(trial.pk)})
    return trial


def run_piece(payload: dict[str, Any]) -> None:
    """Try the next declarations of a trial; called by a worker. Safe to repeat."""
    pk = UUID(payload["trial"])
    try:
        _piece(pk)
    except Exception as error:
        progress.fail(f"rule-trial-{pk}", repr(error))
        raise


@transaction.atomic
def _piece(pk: UUID) -> None:
    trial = (
        RuleTrial.objects.select_for_update(of=("self",), no_key=True)
        .select_related("rule_set", "activity__scheme")
        .filter(pk=pk, finished_at=None)
        .first()
    )
    if trial is None:
        return
    filed = _filed(trial.activity_id).filter(pk__gt=trial.after, pk__lte=trial.until)
    rows = list(filed.order_by("pk")[:PIECE])
    _count(trial, rows)
    if len(rows) < PIECE:
        trial.finished_at = database_now()
    else:
        trial.after = rows[-1].pk
        outbox.enqueue(TOPIC, {"trial": str(trial.pk)})
    trial.save(update_fields=["after", "result", "finished_at"])
    _advance(trial)
    if trial.finished_at:
        progress.finish(progress_name(trial))


def _filed(activity_id: UUID) -> QuerySet[DeclarationVersion]:
    """What each declaration of an activity said when it was first filed."""
    rows = DeclarationVersion.objects.filter(declaration__activity=activity_id, number=1)
    return rows.select_related("declaration").defer("declaration__content")


def _count(trial: RuleTrial, rows: list[DeclarationVersion]) -> None:
    """Add a piece to the counts of the trial."""
    rules = trial.rule_set.load()
    returned = _returned(rows)
    counts = _read(trial.result)
    for row in rows:
        row.declaration.activity = trial.activity  # read once, with its scheme
        remarks = of_version(row, rules)
        would = any(one.level in GRAVE and not one.failed for one in remarks)
        was = str(row.declaration_id) in returned
        counts["total"] += 1
        counts["would"] += would
        counts["refused"] += any(one.level is Level.ERROR and not one.failed for one in remarks)
        counts["returned"] += was
        counts["both"] += would and was
        _count_rules(counts["rules"], remarks)
    trial.result = counts


def _count_rules(counts: dict[str, Any], remarks: list[Remark]) -> None:
    for rule in {one.rule for one in remarks}:
        of_rule = counts[rule] = {**NOTHING, **counts.get(rule, {})}
        said = [one.failed for one in remarks if one.rule == rule]
        of_rule["declarations"] += not all(said)
        of_rule["remarks"] += said.count(False)
        of_rule["failed"] += any(said)


def _returned(rows: list[DeclarationVersion]) -> set[str]:
    """Name the declarations among these that officers returned: the audit is the history."""
    subjects = [str(row.declaration_id) for row in rows]
    acts = AuditEntry.objects.filter(
        subject_type="declaration", subject_id__in=subjects, act=RETURNED
    )
    return set(acts.values_list("subject_id", flat=True))


def _read(result: dict[str, Any]) -> dict[str, Any]:
    return {**dict.fromkeys(COUNTS, 0), "rules": {}, **result}


def is_given_up(trial: RuleTrial) -> bool:
    """Say whether it is unfinished and no worker will come to it: it failed too often."""
    owed = OutboxMessage.objects.filter(
        topic=TOPIC, payload={"trial": str(trial.pk)}, delivered_at=None, given_up_at=None
    )
    # In this order: what was carried out in between is finished, or owes its next piece.
    return not owed.exists() and RuleTrial.objects.filter(pk=trial.pk, finished_at=None).exists()


def _advance(trial: RuleTrial) -> None:
    row = progress.of(progress_name(trial))
    if row:
        # What committed late, under a number given earlier, comes on top of what was counted.
        done = min(_read(trial.result)["total"], row.total)
        progress.advance(row.name, done=done)


def outcome_of(trial: RuleTrial) -> Outcome:
    """Return what was counted so far, each rule of the set in its order.

    What is looked for only while a text is written is no part of a trial.
    """
    counts = _read(trial.result)
    rules = tuple(
        OfRule(str(RULES[one.rule].name), one.level, **counts["rules"].get(one.rule, NOTHING))
        for one in trial.rule_set.load().applied
        if not RULES[one.rule].only_live
    )
    return Outcome(**{name: counts[name] for name in COUNTS}, rules=rules)
