"""What a step of a case would be refused for, said before its page is filled in."""

from collections.abc import Callable, Iterable
from typing import Any

from django.utils.translation import gettext as _

from core.clock import database_now
from core.errors import DomainError
from core.forms import StepForm
from core.workflow import Act
from evaluation import releasing, steps
from evaluation.conflicts import in_sheets, interests
from evaluation.letters import writing as letter_writing
from evaluation.models import Case
from evaluation.panel import deciding
from evaluation.verifications import verifying

# Of the guards of each step (``evaluation.workflow``) those that ask for nothing that is typed.
# A page is read outside of a transaction: none of them may hold a row.
GUARDS: dict[str, tuple[Callable[[Case, Act], None], ...]] = {
    "decide": (
        releasing.officer_signs_not_for_caepi,
        deciding.panel_has_spoken,
        interests.something_counts,
        in_sheets.no_counted_sheet_has_one,
        verifying.nothing_is_open,
    ),
    "release": (
        steps.officer_is_another,
        releasing.officer_signs_not_for_caepi,
        in_sheets.no_counted_sheet_has_one,
        deciding.panel_still_has_spoken,
        letter_writing.seems_ready,
    ),
    "co_release": (
        releasing.signs_for_caepi,
        releasing.signer_is_a_third,
        in_sheets.no_counted_sheet_has_one,
        deciding.panel_still_has_spoken,
    ),
}


def facts(form: StepForm) -> list[tuple[Any, Any]]:
    """Return the refusals as a fact of the page of a step; none where it would be taken."""
    now = database_now()
    act = Act(form.transition, form.actor, now, now, "", {})
    found = list(_refusals(form.obj, act, GUARDS.get(form.transition.name, ())))
    return [(_("Still missing"), "\n".join(found))] if found else []


def _refusals(case: Case, act: Act, guards: Iterable[Callable[[Case, Act], None]]) -> Iterable[str]:
    for guard in guards:
        try:
            guard(case, act)
        except DomainError as refusal:
            yield str(refusal)
