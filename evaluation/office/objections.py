"""The officers' desk of objections. Who objects is on a page of its own; each look is noted."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.http import (  # noqa: TID251 -- what Django admin passes
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
)
from django.shortcuts import redirect  # noqa: TID251 -- as above
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.cache import never_cache

from core import acts, rights
from core.admin import StepsAdmin
from core.beside import Link, beside
from core.clock import database_now
from core.lifecycle import Transition
from evaluation.models import Case, Objection
from evaluation.objections import objecting, open_to
from evaluation.objections.forms import AdmitObjectionForm, RefuseObjectionForm, RulingForm
from evaluation.objections.workflow import OBJECTIONS
from submissions.views.attachments import handed_out

acts.name(
    {
        "objection.sent": _("Objection sent"),
        "objection.sent_again": _("Link of the objection sent again"),
        "objection.identity_read": _("Looked at who objects"),
        "objection.file_read": _("Opened a file of the objection"),
    }
)


class ObjectionAdmin(StepsAdmin[Objection]):
    workflow = OBJECTIONS
    step_forms = {
        "admit": AdmitObjectionForm,
        "refuse": RefuseObjectionForm,
        "dismiss": RulingForm,
        "correct": RulingForm,
        "uphold": RulingForm,
    }
    change_form_template = "evaluation/admin/objection.html"
    list_display = ("number", "entry", "status", "kind", "protected", "received_at", "due_on")
    list_filter = ("status", "kind", "proposed_kind", "protected")
    list_select_related = ("case__declaration",)
    search_fields = ("case__declaration__number",)
    fields = (
        "number",
        "entry",
        "status",
        "proposed_kind",
        "protected",
        "statement",
        "evidence",
        "received_at",
        "due_on",
        "kind",
        "admitted_at",
        "handled_by",
        "evidence_told",
        "refusal",
        "reason",
        "respond_until",
        "response",
        "responded_at",
        "ruling",
        "summary",
        "ruled_by",
        "settled_at",
        "forgotten_at",
    )
    readonly_fields = fields

    @admin.display(description=_("number"))
    def number(self, row: Objection) -> str:
        return row.number or "–"

    @admin.display(
        description=pgettext_lazy("of the publicity", "entry"), ordering="case__declaration__number"
    )
    def entry(self, row: Objection) -> str:
        return str(row.case)

    def steps_of(self, request: HttpRequest, obj: Objection) -> list[Transition]:
        """Leave out what would be refused after the ruling was typed; the page says why."""
        closed = self._closed(request, obj)
        return [one for one in super().steps_of(request, obj) if one.name not in closed]

    def why_not(self, request: HttpRequest, obj: Objection, transition: Transition) -> str:
        closed = self._closed(request, obj).get(transition.name, "")
        known = closed or open_to.no_part(obj, request.user)
        return known or super().why_not(request, obj, transition)

    def _closed(self, request: HttpRequest, obj: Objection) -> dict[str, str]:
        if not rights.can(request.user, "rule", obj):
            return {}
        return open_to.closed(obj, request.user, database_now())

    def get_urls(self) -> list[URLPattern]:
        own = [
            path(
                "<uuid:objection_id>/identity/",
                self.admin_site.admin_view(never_cache(self.identity_view)),
                name="evaluation_objection_identity",
            ),
            path(
                "<uuid:objection_id>/files/<uuid:file_id>/",
                self.admin_site.admin_view(never_cache(self.file_view)),
                name="evaluation_objection_file",
            ),
        ]
        return [*own, *super().get_urls()]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        row: Objection | None = kwargs.get("obj")
        if row is not None:
            context["identifiable"] = rights.can(request.user, "identify", row)
            context["no_part"] = open_to.no_part(row, request.user)
            context["closed"] = [
                (OBJECTIONS.lifecycle.step(name).label, why)
                for name, why in self._closed(request, row).items()
            ]
        return super().render_change_form(request, context, *args, **kwargs)

    def identity_view(self, request: HttpRequest, objection_id: UUID) -> HttpResponse:
        """Show who objects, by a press that says so: no link leads here unawares."""
        if request.method != "POST":
            return redirect("admin:evaluation_objection_change", objection_id)
        row = objecting.identity_of(objection_id, actor=request.user)
        if row is None:
            raise Http404
        context = {
            **self.admin_site.each_context(request),
            "title": _("Who objects"),
            "opts": self.opts,
            "objection": row,
            "files": list(row.files.all()),
        }
        return TemplateResponse(request, "evaluation/admin/objection_identity.html", context)

    def file_view(
        self, request: HttpRequest, objection_id: UUID, file_id: UUID
    ) -> HttpResponseBase:
        if request.method != "POST":
            return redirect("admin:evaluation_objection_change", objection_id)
        file = objecting.file_of(objection_id, file_id, actor=request.user)
        if file is None:
            raise Http404
        return handed_out(file)


@beside(Case)
def objections_to(case: Case, person: Any) -> Iterator[Link]:
    rows = Objection.objects.visible_to(person).filter(case=case).order_by("place", "pk")
    for row in rows.select_related("case__declaration"):
        url = reverse("admin:evaluation_objection_change", args=[row.pk])
        said = f"{row.number} – {row.get_status_display()}".removeprefix(" – ")
        yield Link(_("Objection"), said, url)


@beside(Objection)
def case_of(row: Objection, person: Any) -> Iterator[Link]:
    cases = Case.objects.visible_to(person).filter(pk=row.case_id)
    for case in cases.select_related("declaration"):
        yield Link(_("Case"), str(case), reverse("admin:evaluation_case_change", args=[case.pk]))


PAGES: dict[Any, Any] = {Objection: ObjectionAdmin}
