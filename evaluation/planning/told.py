"""What is told of the draw: officers on the pages of a plan, enterprises with the outcome.

That it can be checked, and where it was changed by hand; to enterprises no names.
"""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
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


def seed_in_words(plan: AssignmentPlan) -> str:
    """Return the seed, and whether drawing with it once more gives another plan; two queries."""
    if plan.origin != AssignmentPlan.Origin.BY_HAND:
        return plan.seed
    plans = AssignmentPlan.objects.filter(activity=plan.activity_id, seed=plan.seed)
    drawn = plans.filter(origin=AssignmentPlan.Origin.DRAWN).first()
    if drawn is None:
        return _("%(seed)s – edited by hand since") % {"seed": plan.seed}
    same = PlanSeat.objects.filter(plan=drawn, case=OuterRef("case"), expert=OuterRef("expert"))
    number = plan.seats.exclude(Exists(same)).count()
    sentence = ngettext(
        "%(seed)s – edited by hand since: %(number)d seat is not as drawn in “%(plan)s”",
        "%(seed)s – edited by hand since: %(number)d seats are not as drawn in “%(plan)s”",
        number,
    )
    return sentence % {"seed": plan.seed, "number": number, "plan": drawn}
