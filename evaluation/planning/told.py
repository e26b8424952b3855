"""What is told of the draw: officers on the pages of a plan, enterprises with the outcome.

That it can be checked, and where it was changed by hand; to enterprises no names.
"""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import ngettext

from evaluation.models import AssignmentPlan, Case, PlanSeat
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
    """Return the draws by which experts of a case were asked, the first first."""
    plans = AssignmentPlan.objects.filter(asked__assignment__case=case).distinct()
    return [
        Draw(
            seed=drawn_from(one).seed,
            content_hash=one.inputs.content_hash,
            by_hand=one.origin == AssignmentPlan.Origin.BY_HAND,
        )
        for one in plans.select_related("inputs", "base__base").order_by("published_at", "pk")
    ]


def drawn_from(plan: AssignmentPlan) -> AssignmentPlan:
    """Return the plan that was drawn, of one that was edited by hand, perhaps more than once."""
    one = plan
    while one.origin == AssignmentPlan.Origin.BY_HAND and one.base is not None:
        one = one.base
    return one


def seats_by_hand(plan: AssignmentPlan) -> QuerySet[PlanSeat]:
    """Return the seats that are not as they were drawn."""
    same = PlanSeat.objects.filter(
        plan=drawn_from(plan), case=OuterRef("case"), expert=OuterRef("expert")
    )
    return plan.seats.exclude(Exists(same))


def seed_in_words(plan: AssignmentPlan) -> str:
    """Return the seed, and whether drawing with it once more gives another plan."""
    drawn = drawn_from(plan)
    if drawn == plan:
        return plan.seed
    number = seats_by_hand(plan).count()
    sentence = ngettext(
        "%(seed)s – edited by hand since: %(number)d seat is not as drawn in “%(plan)s”",
        "%(seed)s – edited by hand since: %(number)d seats are not as drawn in “%(plan)s”",
        number,
    )
    return sentence % {"seed": drawn.seed, "number": number, "plan": drawn}
