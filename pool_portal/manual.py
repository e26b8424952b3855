"""The pages of the manual that are printed from tables: lives and rights."""

from collections.abc import Iterable, Iterator

from django.utils import translation

from accounts.roles import Role
from accounts.workflow import ORGANISATIONS
from catalog.collecting.workflow import COLLECTIONS
from catalog.earlier.workflow import EARLIER_LISTS
from catalog.enquiries.workflow import ENQUIRIES
from catalog.measures import MEASURES
from catalog.workflow import DESTINATIONS, TECHNOLOGIES, TOKENS
from core import rights
from core.rights import Address, ObjectRights
from core.workflow import Workflow
from evaluation.clarifications.clarifying import CLARIFICATIONS
from evaluation.conflicts.avoiding import AVOIDANCES
from evaluation.criteria.workflow import CHANGES, DRAFTS
from evaluation.figures.asking import RUNS
from evaluation.letters.writing import LETTERS
from evaluation.objections.workflow import OBJECTIONS
from evaluation.panel.workflow import ITEMS, MEETINGS
from evaluation.planning.workflow import PLANS
from evaluation.pool.nominating import NOMINATIONS
from evaluation.pool.workflow import EXPERTS
from evaluation.verifications.verifying import VERIFICATIONS
from evaluation.workflow import ASSIGNMENTS, CASES, SHEETS
from submissions.files.scanning import ATTACHMENTS
from submissions.joint import CONFIRMATIONS
from submissions.recommending import RECOMMENDATIONS
from submissions.workflow import ACTIVITIES, DECLARATIONS

WORKFLOWS: tuple[Workflow, ...] = (  # type: ignore[type-arg]  # of different models
    ORGANISATIONS,
    ACTIVITIES,
    DECLARATIONS,
    RECOMMENDATIONS,
    CONFIRMATIONS,
    ATTACHMENTS,
    DRAFTS,
    CHANGES,
    AVOIDANCES,
    CASES,
    ASSIGNMENTS,
    SHEETS,
    CLARIFICATIONS,
    OBJECTIONS,
    LETTERS,
    VERIFICATIONS,
    RUNS,
    PLANS,
    MEETINGS,
    ITEMS,
    EXPERTS,
    NOMINATIONS,
    TECHNOLOGIES,
    MEASURES,
    EARLIER_LISTS,
    ENQUIRIES,
    COLLECTIONS,
    DESTINATIONS,
    TOKENS,
)
PRINTED = (
    "<!-- Printed by `python3 run.py manage print_manual` from the tables in the code; "
    "a test fails when it is stale. -->"
)


def workflow_page() -> str:
    """Return ``docs/workflow.md``: every life, every step, who may take it."""
    with translation.override("en"):
        parts = ["# Workflow", "", PRINTED, "", *_intro()]
        for workflow in WORKFLOWS:
            parts += ["", *_life(workflow)]
    return "\n".join(parts) + "\n"


def _intro() -> Iterator[str]:
    yield "A state changes only in `core.workflow.Workflow.perform`: lock, right, state, guards,"
    yield "change, save, audit, mails and events, in one transaction. PostgreSQL refuses any other"
    yield "change of a state, by triggers made from the same tables."


def _life(workflow: Workflow) -> Iterator[str]:  # type: ignore[type-arg]  # of different models
    life = workflow.lifecycle
    yield f"## {life.object.capitalize()}"
    yield ""
    yield "```mermaid"
    yield "stateDiagram-v2"
    yield f"    [*] --> {life.initial}"
    for step in life.transitions:
        for source in sorted(step.sources):
            yield f"    {source} --> {step.target}: {step.name}"
    yield "```"
    yield ""
    yield "| step | from | to | right | who | reason | by the clock |"
    yield "|---|---|---|---|---|---|---|"
    for step in life.transitions:
        who = ", ".join(_holders(workflow.model, step.right))
        yield (
            f"| {step.label} (`{step.name}`) | {', '.join(sorted(step.sources))} | {step.target} "
            f"| {step.right} | {who} | {_yes(step.needs_reason)} | {_yes(step.automatic)} |"
        )


def _holders(model: type, right: str) -> list[str]:
    entry = next(e for e in rights.table() if e.model is model)
    roles = {one.role for one in entry.rules if right in one.rights}
    return sorted(roles | ({Role.PORTAL} if not roles else set()))


def _yes(value: bool) -> str:
    return "yes" if value else ""


def rights_page() -> str:
    """Return ``docs/rights.md``: role x object x state -> right, and every address."""
    with translation.override("en"):
        parts = ["# Rights", "", PRINTED, "", "What no row grants does not exist for that role."]
        parts += ["", "## Roles", "", "| role | is |", "|---|---|"]
        parts += [f"| {role.value} | {role.label} |" for role in Role]
        for entry in rights.table():
            parts += ["", *_object(entry)]
        parts += ["", "## Parts", "", "Seen by whoever sees what they belong to.", ""]
        parts += ["| part | of |", "|---|---|", *_parts()]
        parts += ["", "## Addresses", "", "| address | who may knock |", "|---|---|"]
        parts += [f"| `{name}` | {_audience(a)} |" for name, a in rights.addresses().items()]
    return "\n".join(parts) + "\n"


def _object(entry: ObjectRights) -> Iterator[str]:
    yield f"## {entry.name.capitalize()}"
    yield ""
    yield "| role | rights | in |"
    yield "|---|---|---|"
    for one in entry.rules:
        states = "every state" if one.states is None else ", ".join(sorted(one.states))
        yield f"| {one.role} | {', '.join(sorted(one.rights))} | {states} |"
    for bar in entry.bars:
        taken = "none" if bar.rights is None else f"not {', '.join(sorted(bar.rights))}"
        if bar.leaves:
            taken += f" but {', '.join(sorted(bar.leaves))}"
        yield f"| {', '.join(sorted(bar.roles))} | {taken} | {bar.where} |"


def _parts() -> list[str]:
    named = {
        str(part._meta.verbose_name): str(whole._meta.verbose_name)
        for part, whole in rights.parts().items()
    }
    return [f"| {part} | {whole} |" for part, whole in sorted(named.items())]


def _audience(address: Address) -> str:
    if address.roles:
        return _words(address.roles)
    return "anyone signed in" if address.signed_in else "everyone"


def _words(roles: Iterable[str]) -> str:
    return ", ".join(sorted(roles))
