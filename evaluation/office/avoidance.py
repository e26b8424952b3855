"""The officers' desk of avoidance requests."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core import acts
from core.admin import StepsAdmin
from core.beside import Link, beside
from evaluation.conflicts.avoidance_forms import AdmitForm, RefuseForm
from evaluation.conflicts.avoiding import AVOIDANCES
from evaluation.models import AvoidanceRequest, Case
from submissions.models import Declaration

acts.name({"avoidance request.asked": _("Asked that a person does not judge")})


class AvoidanceAdmin(StepsAdmin[AvoidanceRequest]):
    workflow = AVOIDANCES
    step_forms = {"admit": AdmitForm, "refuse": RefuseForm}
    list_display = ("named", "unit", "declaration", "status", "asked_at", "decided_at")
    list_filter = ("status",)
    list_select_related = ("declaration",)
    search_fields = ("named", "declaration__number")
    fields = (
        "declaration",
        "named",
        "unit",
        "reason",
        "evidence",
        "status",
        "asked_by",
        "asked_at",
        "person",
        "decided_by",
        "decided_at",
        "answer",
    )
    readonly_fields = fields


def _to_request(row: AvoidanceRequest) -> Link:
    url = reverse("admin:evaluation_avoidancerequest_change", args=[row.pk])
    return Link(_("Avoidance request"), f"{row.named} – {row.get_status_display()}", url)


@beside(Declaration)
def requests_of(declaration: Declaration, person: Any) -> Iterator[Link]:
    rows = AvoidanceRequest.objects.visible_to(person).filter(declaration=declaration)
    yield from map(_to_request, rows)


@beside(Case)
def requests_about(case: Case, person: Any) -> Iterator[Link]:
    rows = AvoidanceRequest.objects.visible_to(person).filter(declaration=case.declaration_id)
    yield from map(_to_request, rows)


PAGES: dict[Any, Any] = {AvoidanceRequest: AvoidanceAdmin}
