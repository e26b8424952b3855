"""A conflict that came up when a sheet was in: while it counts, nothing is decided or released."""

from django.utils.translation import gettext as _

from core.errors import DomainError
from core.workflow import Act
from evaluation.conflicts.finding import Conflict, conflicts_of
from evaluation.models import Case, Expert
from evaluation.results import counted
from evaluation.states import SHEET


def found_in(case: Case) -> list[tuple[Expert, Conflict]]:
    """Return each conflict of who wrote a sheet that counts, as known today; two queries."""
    rows = Expert.objects.filter(assignments__sheet__in=counted(case))
    experts = list(rows.select_related("user").order_by("pk"))
    found = conflicts_of(experts, case.declaration) if experts else {}
    return [(expert, one) for expert in experts for one in found[expert.pk]]


def no_counted_sheet_has_one(case: Case, _act: Act) -> None:
    """Asked when an expert is assigned, and again: a tie may have come up since."""
    for expert, conflict in found_in(case):
        said = _(
            "The score sheet of %(expert)s counts, and there is a conflict. %(reason)s "
            "Take the step “%(step)s” on the sheet first."
        )
        step = SHEET.step("exclude").label
        raise DomainError(said % {"expert": expert, "reason": conflict.reason, "step": step})
