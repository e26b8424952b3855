"""Who knows the scores of a case before a sheet of their own: nobody asks them for one.

One rule for who assigns by hand, for plans, and for who takes a seat that became free.
"""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from evaluation.models import Expert, PanelMember, Verification
from evaluation.verifications.states import VerificationStatus

KNOWS = _("The expert reads the scores on the panel, or takes part in a defence or visit.")


def who_know(cases: Iterable[UUID]) -> set[tuple[UUID, UUID]]:
    """Return the pairs of case and expert: read scores or hear findings of it; two queries."""
    keys = list(cases)
    # Whoever was once invited had the papers, though the meeting was cancelled after.
    seated = PanelMember.objects.filter(
        meeting__announced_at__isnull=False, meeting__items__case__in=keys
    )
    held = Verification.objects.exclude(status=VerificationStatus.CANCELLED)
    heard = Expert.objects.filter(verifications__case__in=keys, verifications__in=held)
    return {
        *seated.values_list("meeting__items__case", "expert"),
        *heard.values_list("verifications__case", "pk"),
    }


def knowing(case: UUID) -> Q:
    """Name the experts who know the scores of one case."""
    return Q(pk__in={expert for _case, expert in who_know([case])})
