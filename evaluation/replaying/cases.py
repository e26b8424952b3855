"""The life of one case, walked through by the audit, with the results it came to on the way."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from core.canonical import content_hash
from evaluation.criteria.asking import yardstick
from evaluation.criteria.documents import Document
from evaluation.models import Case, Decision
from evaluation.replaying.findings import Findings, differing
from evaluation.replaying.records import Records, Said
from evaluation.results import Values, measured, source
from evaluation.scoring import METHOD
from evaluation.states import CaseStatus

UNDECIDED = frozenset({CaseStatus.AWAITING, CaseStatus.IN_REVIEW, CaseStatus.SCORED})
WITHOUT_FIGURES = frozenset({CaseStatus.AWAITING, CaseStatus.IN_REVIEW})
CHANGED = "criteria change.confirm"
TAKEN_BACK = frozenset({"case.send_back", "case.unsettle"})
OLDER = "results whose record is older: only by the scores they rest on"


@dataclass(slots=True)
class Life:
    """Where a case stands while its acts are walked through."""

    case: Case
    criteria: str = ""  # hash of the set by whose weights it counts
    field_code: str | None = None
    state: str = ""
    decision: dict[str, Any] | None = None  # the result of the decision that stands
    seen: set[int] = field(default_factory=set)  # decisions there were


@dataclass(frozen=True, slots=True)
class Replay:
    """What the walk of every case of an activity needs."""

    documents: dict[str, Document]
    records: Records
    sheets: dict[str, list[str]]
    values: dict[str, Values]
    decisions: dict[str, dict[int, Decision]]
    found: Findings

    def walk(self, case: Case) -> dict[str, Any] | None:
        """Rebuild all results of a case; return the one that counts, if there is one."""
        key = str(case.pk)
        life = Life(case, field_code=case.field_id)
        acts = [*self.records.cases.get(key, []), *self.records.criteria]
        for one in sorted(acts, key=lambda said: said.number):
            self._act(life, one)
        self._compare(life)
        if life.decision is not None or life.state in WITHOUT_FIGURES:
            return life.decision
        return self._result(life, self._counted(life))

    def _act(self, life: Life, one: Said) -> None:
        if one.act in CRITERIA:
            CRITERIA[one.act](life, one)
            return
        life.state = one.after
        if one.act == "case.opened" and "criteria" in one.details:
            self._opened(life, one)
        elif one.act == "case.complete_review":
            self._told(life, one, self._result(life, self._counted(life, one)))
        elif one.act == "case.decide":
            self._decided(life, one)
        elif one.act in TAKEN_BACK:
            life.decision = None
            life.criteria = one.details.get("criteria", life.criteria)

    def _opened(self, life: Life, one: Said) -> None:
        if one.details["criteria"] != life.criteria:
            self.found.fault(life.case, "was opened by other criteria than its activity had")
        if one.details["field"] != life.case.field_id:
            self.found.fault(
                life.case,
                f"field_id: stored {life.case.field_id}, opened with {one.details['field']}",
            )
        life.field_code = one.details["field"]

    def _counted(self, life: Life, one: Said | None = None) -> list[str]:
        """Return the sheets that count, or that did when an act was done."""
        mine = self.sheets.get(str(life.case.pk), [])
        until = one.number if one else None
        return [key for key in mine if self.records.counts(key, until)]

    def _result(self, life: Life, sheets: list[str], method: str = METHOD) -> dict[str, Any] | None:
        document = self.documents.get(life.criteria)
        if document is None:
            return None
        by = yardstick(document, life.field_code)
        values = {key: self.values.get(key, {}) for key in sheets}
        found = measured(values, by, method=method)
        return found | source(document["code"], document["version"], life.criteria)

    def _decided(self, life: Life, one: Said) -> None:
        number = one.details["decision"]
        life.seen.add(number)
        decision = self.decisions.get(str(life.case.pk), {}).get(number)
        if decision is None:
            self.found.fault(f"{Decision._meta.label} {number}", "was taken and is missing")
            return
        if decision.outcome != one.details["outcome"]:
            self.found.fault(
                decision, f"outcome: stored {decision.outcome}, recorded {one.details['outcome']}"
            )
        rebuilt = self._result(
            life, self._counted(life, one), decision.result.get("method", METHOD)
        )
        life.decision = rebuilt
        self.found.counts["decisions"] += 1
        if rebuilt is None:
            return  # its criteria are reported
        for line in differing(decision.result, rebuilt, "result"):
            self.found.fault(decision, line)
        for line in differing(str(decision.total), rebuilt["total"]["mean"], "total"):
            self.found.fault(decision, line)
        self._told(life, one, rebuilt)

    def _told(self, life: Life, one: Said, rebuilt: dict[str, Any] | None) -> None:
        """Compare a result with the hash the audit kept of it."""
        if "result" not in one.details:
            self.found.unchecked[OLDER] += 1
            return
        self.found.counts["results"] += 1
        if rebuilt is not None and content_hash(rebuilt) != one.details["result"]:
            self.found.fault(life.case, f"{one.act}: the result comes out otherwise than recorded")

    def _compare(self, life: Life) -> None:
        case = life.case
        if case.status != life.state:
            self.found.fault(case, f"status: stored {case.status}, recorded {life.state}")
        if case.weights.content_hash != life.criteria:
            self.found.fault(case, "weighed by other criteria than the audit says")
        extra = self.decisions.get(str(case.pk), {}).keys() - life.seen
        for number in sorted(extra):
            self.found.fault(
                self.decisions[str(case.pk)][number], "the audit knows of no such decision"
            )


def _chosen(life: Life, one: Said) -> None:
    if not life.state:
        life.criteria = one.details["criteria"]


def _changed(life: Life, one: Said) -> None:
    # Before it was opened, too: it then goes by what the activity had at that moment.
    if not life.state or life.state in UNDECIDED:
        life.criteria = one.details["criteria"]


CRITERIA: dict[str, Callable[[Life, Said], None]] = {
    "activity.criteria_set": _chosen,
    CHANGED: _changed,
}


def judged_by(records: Records, case: str, until: int) -> str:
    """Return the hash of the set by whose weights a case counted when an act was done."""
    state, criteria = "", ""
    acts = [*records.cases.get(case, []), *records.criteria]
    for one in sorted(acts, key=lambda said: said.number):
        if one.number > until:
            break
        if one.act not in CRITERIA:
            state = one.after
            criteria = one.details.get("criteria", criteria) if one.act in TAKEN_BACK else criteria
        elif not state or (one.act == CHANGED and state in UNDECIDED):
            criteria = one.details["criteria"]
    return criteria
