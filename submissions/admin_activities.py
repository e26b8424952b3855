"""The officers' pages of collection activities; a new one may be made after another."""

from typing import Any
from uuid import UUID

from django.contrib import admin
from django.http import (  # noqa: TID251 -- what Django admin passes
    Http404,
    HttpRequest,
    HttpResponse,
)
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from core.admin import ServiceAdmin, StepsAdmin
from reference.forms import input_names
from submissions import services
from submissions.admin_forms import SEALED_WHILE_OPEN, TERMS, ActivityForm, OpenForm
from submissions.admin_seals import sealed_page
from submissions.cloning import clone_activity, comes_along, like, source_of
from submissions.models import Activity
from submissions.rule_sets import newest_rule_set
from submissions.sealing import is_sealed
from submissions.states import ActivityStatus
from submissions.workflow import ACTIVITIES


class ActivityAdmin(ServiceAdmin[Activity], StepsAdmin[Activity]):
    workflow = ACTIVITIES
    step_forms = {"open": OpenForm}
    form = ActivityForm
    change_form_template = "admin/submissions/activity.html"
    places = {"titles": "title_en", "notices": "notice_en", "field_codes": "fields"}
    list_display = ("code", "title", "status", "opens_at", "closes_at", "scheme")
    list_select_related = ("scheme",)
    list_filter = ("status",)
    search_fields = ("code", "titles")

    def get_fieldsets(self, request: HttpRequest, obj: Activity | None = None) -> Any:
        state = ("status",) if obj else ()
        if obj and not self.has_change_permission(request, obj):
            return [(None, {"fields": ("code", *state, "title", "notice", *TERMS)})]
        moved = ("closing_reason",) if obj and obj.status == ActivityStatus.OPEN else ()
        source = () if obj else ("source",)
        return [
            (None, {"fields": ("code", *state, *TERMS, *moved, *source)}),
            (_("Title"), {"fields": input_names("title")}),
            (_("Notice"), {"fields": input_names("notice")}),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Activity | None = None) -> Any:
        if obj is None:
            return ()
        sealed = SEALED_WHILE_OPEN if obj.status == ActivityStatus.OPEN else ()
        return ("status", "title", "notice", *sealed)

    def get_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        form = super().get_form(request, *args, **kwargs)
        if "fields" in form.base_fields:
            form.base_fields["fields"].widget.can_add_related = False
        return form

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.sealed_view)
        name = "submissions_activity_sealed"
        return [path("<uuid:object_id>/sealed/", view, name=name), *super().get_urls()]

    def sealed_view(self, request: HttpRequest, object_id: UUID) -> HttpResponse:
        activity = self.get_object(request, str(object_id))
        if activity is None or not is_sealed(activity):
            raise Http404
        context = {**self.admin_site.each_context(request), "opts": self.opts}
        return sealed_page(request, activity, context)

    def get_changeform_initial_data(self, request: HttpRequest) -> Any:
        newest = newest_rule_set()
        initial = {"rule_set": newest.pk} if newest else {}
        return {**initial, **like(request.user, request.GET.get("source", ""))}

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Say what comes along while an activity is made after another, also after a refusal."""
        if kwargs.get("obj") is None:
            key = str(context["adminform"].form["source"].value() or "")
            if (source := source_of(request.user, key)) is not None:
                context |= {"made_after": source, "comes_along": comes_along(source)}
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description=_("title"))
    def title(self, one: Activity) -> str:
        return one.title

    @admin.display(description=_("notice"))
    def notice(self, one: Activity) -> str:
        return one.notice

    def save_model(self, request: HttpRequest, obj: Activity, form: Any, change: bool) -> None:
        if change:
            services.edit_activity(obj.pk, actor=request.user, **form.values())
            return
        made = clone_activity(form.cleaned_data.get("source"), actor=request.user, **form.values())
        obj.pk = made.pk
        obj._state.adding = False
        obj.refresh_from_db()


PAGES = {Activity: ActivityAdmin}
