"""What the enterprise is told of the draw, with the outcome: that it can be checked, no names."""

from dataclasses import dataclass

from evaluation.models import AssignmentPlan, Case
from evaluation.results import counted


@dataclass(frozen=True, slots=True)
class Draw:
    """A plan by which experts were asked: its seed, and the hash of what it was drawn from."""

    seed: str
    content_hash: str
    by_hand: bool


def further_by_hand(case: Case) -> bool:
    """Say whether a sheet counts whose expert an officer asked beside the draws."""
    return counted(case).filter(assignment__planned=None).exists()


def draws_of(case: Case) -> list[Draw]:
    """Return the draws by which experts of a case were asked, the first first; one query."""
    plans = AssignmentPlan.objects.filter(asked__assignment__case=case).distinct()
    return [
        Draw(
            seed=one.seed,
            content_hash=one.inputs.content_hash,
            by_hand=one.origin == AssignmentPlan.Origin.BY_HAND,
        )
        for one in plans.select_related("inputs").order_by("published_at", "pk")
    ]
