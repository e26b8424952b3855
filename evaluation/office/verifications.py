"""The officers' desk of defences and on-site verifications."""

from collections.abc import Iterator
from typing import Any, cast
from uuid import UUID

from django.contrib import admin
from django.db.models import QuerySet
from django.http import (  # noqa: TID251 -- what Django admin passes
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
)
from django.shortcuts import get_object_or_404  # noqa: TID251 -- as above
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.cache import never_cache

from accounts.models import User
from core import acts, rights
from core.admin import StepsAdmin
from core.beside import Link, beside
from core.forms import StepForm
from core.http import attempt
from core.lifecycle import Transition
from evaluation.models import Case, Procedure, Verification, VerificationFile
from evaluation.verifications import files, verifying
from evaluation.verifications import pages as verification_pages
from evaluation.verifications.forms import CancelForm, ReportForm
from evaluation.verifications.states import VERIFICATION, Kind
from evaluation.verifications.verifying import VERIFICATIONS
from evaluation.views import verifications as pages
from submissions.views.attachments import handed_out

acts.name(
    {
        "verification.arranged": _("Arranged"),
        "verification.file_added": _("File added to the report"),
        "verification.file_removed": _("File removed from the report"),
    }
)


@beside(Verification)
def case_of(row: Verification, person: Any) -> Iterator[Link]:
    cases = Case.objects.visible_to(person).filter(pk=row.case_id)
    for case in cases.select_related("declaration"):
        yield Link(_("Case"), str(case), reverse("admin:evaluation_case_change", args=[case.pk]))


def of_case(case: Case, person: Any) -> dict[str, Any]:
    """Return what the page of a case shows of them, and the way to arrange one."""
    shown: dict[str, Any] = {"verifications": verification_pages.to_officers(case, person)}
    asked = {verifying.asked_for(case, kind) for kind in Kind} - {Procedure.Verified.NONE}
    if asked and rights.can(person, "verify", case):
        url = reverse("admin:evaluation_verification_arrange", args=[case.pk])
        shown["arrange_url"] = url
    return shown


class Report(admin.SimpleListFilter):
    """What was held and is not reported on."""

    title = _("report")
    parameter_name = "report"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("awaited", pgettext_lazy("of a report", "awaited"))]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Verification]
    ) -> QuerySet[Verification]:
        return verifying.awaiting_report(queryset) if self.value() == "awaited" else queryset


class VerificationAdmin(StepsAdmin[Verification]):
    workflow = VERIFICATIONS
    step_forms = {"report": ReportForm, "cancel": CancelForm}
    step_templates = {"report": "evaluation/admin/verification_report.html"}
    change_form_template = "evaluation/admin/verification.html"
    list_display = ("number", "kind", "held_at", "status", "answer", "arranged_by")
    list_display_links = ("number", "kind")
    list_filter = ("status", "kind", Report)
    list_select_related = ("case__declaration", "arranged_by")
    search_fields = ("case__declaration__number", "place")
    fields = (
        "case",
        "kind",
        "status",
        "held_at",
        "place",
        "prepare",
        "arranged_by",
        "arranged_at",
        "answer",
        "answer_reason",
        "answered_at",
        "reported_by",
        "reported_at",
        "content_hash",
        "reason",
    )
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Verification]:
        rows: QuerySet[Verification] = super().get_queryset(request).defer("results", "findings")
        return rows

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(pages.arrange)
        file = self.admin_site.admin_view(never_cache(self.file_view))
        own = [
            path("arrange/<uuid:case_id>/", view, name="evaluation_verification_arrange"),
            path(
                "<uuid:verification_id>/files/<uuid:file_id>/",
                file,
                name="evaluation_verification_file",
            ),
        ]
        return [*own, *super().get_urls()]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def steps_of(self, request: HttpRequest, obj: Verification) -> list[Transition]:
        """Leave the answer of the enterprise to its own page."""
        return [one for one in super().steps_of(request, obj) if one.name != "answer"]

    def step_view(self, request: HttpRequest, object_id: str, step: str) -> HttpResponse:
        """Take what comes with the report first; what is pressed beside it hands nothing in."""
        came_back = None
        if step == "report" and request.method == "POST":
            came_back = self._files_first(request, object_id)
        return came_back or super().step_view(request, object_id, step)

    def _files_first(self, request: HttpRequest, object_id: str) -> HttpResponse | None:
        """Add and remove files; return the page again unless the report is handed in."""
        row = self.get_object(request, object_id)
        if row is None:
            raise Http404
        transition = VERIFICATION.step("report")
        sent, do = request.FILES.getlist("attached"), request.POST.get("do", "")
        if not (sent or do):
            return None
        form = ReportForm(
            request.POST, request.FILES, transition=transition, obj=row, actor=request.user
        )
        form.full_clean()
        if do:  # what is missing is told when the report is handed in
            form.errors.clear()
        officer = cast("User", request.user)  # the gate let no one else in
        done = attempt(request, form, lambda: files.change(row.pk, sent, do, actor=officer))
        return None if done and not do else self.step_page(request, row, form)

    def _page(self, request: HttpRequest, obj: Verification, form: StepForm) -> dict[str, Any]:
        context = super()._page(request, obj, form)
        if form.transition.name == "report":
            context["files"] = list(obj.files.all())
        return context

    def file_view(
        self, request: HttpRequest, verification_id: UUID, file_id: UUID
    ) -> HttpResponseBase:
        seen = VerificationFile.objects.visible_to(request.user)
        return handed_out(get_object_or_404(seen, pk=file_id, verification=verification_id))

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        row: Verification | None = kwargs.get("obj")
        if row is not None:
            context["one"] = verification_pages.details(row)
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description=_("number"), ordering="case__declaration__number")
    def number(self, row: Verification) -> str:
        return row.case.declaration.number or ""


PAGES: dict[Any, Any] = {Verification: VerificationAdmin}
