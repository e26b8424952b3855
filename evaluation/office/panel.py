"""The officers' desk of panel meetings: prepared, announced, run, closed."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse  # noqa: TID251 -- what Django admin passes
from django.urls import path
from django.utils.translation import gettext_lazy as _

from core import acts
from core.admin import ServiceAdmin, StepsAdmin
from evaluation.models import Case, PanelItem, PanelMeeting, Procedure
from evaluation.office import panel_steps
from evaluation.panel import pages, preparing, rooms
from evaluation.panel.forms import MeetingForm
from evaluation.panel.minutes import is_whole
from evaluation.panel.states import MeetingStatus
from evaluation.panel.workflow import MEETINGS
from evaluation.views import panel_desk as views
from submissions.models import Activity

acts.name(
    {
        "panel meeting.prepared": _("Panel meeting prepared"),
        "panel meeting.changed": _("Panel meeting changed"),
        "panel meeting.member added": _("Member of the panel added"),
        "panel meeting.member removed": _("Member of the panel removed"),
        "panel meeting.chair given": _("Chair given"),
        "panel meeting.items added": _("Items put on the agenda"),
        "panel meeting.item removed": _("Item taken off the agenda"),
        "panel meeting.item moved": _("Item moved"),
        "panel meeting.lead named": _("Lead reviewer named"),
        "panel meeting.attendance noted": _("Attendance noted"),
        "panel item.noted": _("Discussion noted"),
        "panel item.recused": _("A member takes no part"),
        "panel item.voted": _("Voted"),
    }
)


def of_case(case: Case, person: Any) -> dict[str, Any]:
    """Return on which agendas a case stands or stood, for its page."""
    return {"panels": pages.of_case(case, PanelItem.objects.visible_to(person))}


class PanelMeetingAdmin(StepsAdmin[PanelMeeting], ServiceAdmin[PanelMeeting]):
    workflow = MEETINGS
    step_forms = panel_steps.STEPS
    form = MeetingForm
    change_form_template = "evaluation/admin/panel_meeting.html"
    list_display = ("number", "title", "activity", "starts_at", "status", "closed_at")
    list_display_links = ("number", "title")
    list_filter = ("status", "activity")
    list_select_related = ("activity",)
    search_fields = ("title",)
    kept = ("status", "prepared_by", "announced_at", "opened_at", "closed_at", "reason",
            "minutes_hash")  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[PanelMeeting]:
        return super().get_queryset(request).defer("minutes", "activity__notices")

    def get_urls(self) -> list[Any]:
        view, name = self.admin_site.admin_view, "evaluation_panelmeeting"
        at = "<uuid:meeting_id>/"
        return [
            path(f"{at}members/", view(views.members), name=f"{name}_members"),
            path(f"{at}agenda/", view(views.agenda), name=f"{name}_agenda"),
            path(f"{at}items/<uuid:item_id>/", view(views.item), name=f"{name}_item"),
            path(f"{at}minutes/", view(views.minutes), name=f"{name}_minutes"),
            path(f"{at}minutes/pdf/", view(views.minutes_pdf), name=f"{name}_minutes_pdf"),
            *super().get_urls(),
        ]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return (*MeetingForm.Meta.fields, *(self.kept if obj else ()))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("activity", *self.kept) if obj else ()

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "activity":
            panels = Procedure.objects.filter(panel=True).values("activity")
            activities = Activity.objects.with_right(request.user, "manage")
            kwargs["queryset"] = activities.filter(pk__in=panels)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: PanelMeeting, form: Any, change: bool) -> None:
        given = dict(form.cleaned_data)
        actor: Any = request.user  # the gate let no one else in
        if change:
            preparing.edit(obj.pk, actor=actor, **given)
        else:
            made = preparing.prepare(given.pop("activity"), actor=actor, **given)
            obj.pk = made.pk
            obj.refresh_from_db()

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        meeting: PanelMeeting | None = kwargs.get("obj")
        if meeting is not None:
            mine = PanelItem.objects.visible_to(request.user)
            entries = rooms.beside(pages.agenda(meeting, mine), meeting)
            closed = meeting.status == MeetingStatus.CLOSED
            context |= {
                "entries": entries,
                "first": next((one.item for one in entries if one.item), None),
                "closed": closed,
                "whole": closed and is_whole(meeting),
                **pages.attendance(meeting),
            }
        return super().render_change_form(request, context, *args, **kwargs)


PAGES: dict[Any, Any] = {PanelMeeting: PanelMeetingAdmin}
