"""The officers' page of joint applicants: who confirmed, and waived where one does not answer."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest  # noqa: TID251 -- what Django admin passes
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Organisation
from core.admin import StepsAdmin
from core.beside import Link, beside
from submissions.joint import CONFIRMATIONS
from submissions.models import Declaration, JointConfirmation


class JointConfirmationAdmin(StepsAdmin[JointConfirmation]):
    workflow = CONFIRMATIONS
    list_display = ("number", "name", "version_number", "status", "asked_at", "answered_at")
    list_display_links = ("number", "name")
    list_select_related = ("declaration", "version")
    list_filter = ("status", "declaration__activity")
    search_fields = ("declaration__number", "name")
    fields = (
        "number", "name", "version_number", "status", "contact", "address", "asked_at",
        "answered_at", "remark", "signatory",
    )  # fmt: skip
    readonly_fields = ("number", "version_number")

    def get_queryset(self, request: HttpRequest) -> QuerySet[JointConfirmation]:
        # Here one is an officer, not a member: what is one's own organisation's is not here.
        mine = Organisation.objects.of_member(request.user)
        rows = super().get_queryset(request)
        return rows.exclude(declaration__organisation__in=mine.values("pk")).defer(
            "version__content", "declaration__content"
        )

    @admin.display(description=gettext_lazy("number"), ordering="declaration__number")
    def number(self, one: JointConfirmation) -> str:
        return one.declaration.number or ""

    @admin.display(description=gettext_lazy("version"), ordering="version__number")
    def version_number(self, one: JointConfirmation) -> int:
        return one.version.number

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(
        self, request: HttpRequest, obj: JointConfirmation | None = None
    ) -> bool:
        return False


@beside(Declaration)
def confirmations_of(declaration: Declaration, person: Any) -> Iterator[Link]:
    rows = JointConfirmation.objects.visible_to(person).filter(
        declaration=declaration, version=declaration.version_id
    )
    for one in rows.order_by("place"):
        url = reverse("admin:submissions_jointconfirmation_change", args=[one.pk])
        yield Link(_("Joint applicant"), f"{one.name} ({one.get_status_display()})", url)
