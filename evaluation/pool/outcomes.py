"""What became of a nomination: the first decision on the application, and no later one."""

from core.workflow import Act
from evaluation.models import Expert, Nomination
from evaluation.pool.states import NominationOutcome

# The steps that end an application, and as what a nomination that led to it is then kept.
DECIDED = {
    "enrol": NominationOutcome.APPROVED,
    "refuse": NominationOutcome.REFUSED,
    "leave": NominationOutcome.LEFT,
}


def note(expert: Expert, act: Act) -> None:
    """Write down, once, what became of the nominations; after the steps of ``DECIDED``."""
    rows = Nomination.objects.filter(expert=expert, outcome="")
    rows.update(outcome=DECIDED[act.step.name], decided_at=act.at)
