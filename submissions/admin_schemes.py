"""The officers' pages of declaration schemes: read, and made into the next version."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse  # noqa: TID251 -- what Django admin passes
from django.urls import path

from core import rights
from core.admin import ReadOnlyAdmin
from submissions.models import DeclarationScheme
from submissions.views.scheme_versions import prepare, prepare_url


@admin.register(DeclarationScheme)
class DeclarationSchemeAdmin(ReadOnlyAdmin[DeclarationScheme]):
    list_display = ("code", "version", "created_at")
    fields = ("code", "version", "created_at", "content_hash")
    change_form_template = "admin/submissions/scheme.html"

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(prepare)
        name = "submissions_declarationscheme_prepare"
        return [path("<int:scheme_id>/prepare/", view, name=name), *super().get_urls()]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        scheme: DeclarationScheme = kwargs["obj"]
        context["sections"] = scheme.load().sections
        if rights.may_ever(request.user, "add", DeclarationScheme):
            context["prepare_url"] = prepare_url(scheme)
        return super().render_change_form(request, context, *args, **kwargs)
