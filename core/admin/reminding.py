"""The officers' pages of reminders: the rules, what will be sent, what was."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from core import reminders
from core.admin.pages import ReadOnlyAdmin, RightsAdmin
from core.clock import database_now
from core.models import ReminderRule, SentReminder


def _events() -> list[Any]:
    return [(one.name, one.label) for one in reminders.events().values()]


def _audiences() -> list[Any]:
    return [
        (one.label, [(key, audience.label) for key, audience in one.audiences.items()])
        for one in reminders.events().values()
    ]


class RuleForm(forms.ModelForm[ReminderRule]):
    """When one of the dates the portal knows is called to mind, and to whom."""

    event = forms.ChoiceField(label=_("Event"), choices=_events)
    audience = forms.ChoiceField(label=_("Audience"), choices=_audiences)

    class Meta:
        model = ReminderRule
        fields = ("event", "audience", "days", "before", "working_days", "enabled")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        event = reminders.events().get(cleaned.get("event", ""))
        if event and cleaned.get("audience") not in event.audiences:
            self.add_error("audience", _("This event has no such audience."))
        if event and not event.after and not cleaned.get("before"):
            self.add_error("before", _("Reminders of this event go out before the date only."))
        return cleaned


@admin.register(ReminderRule)
class ReminderRuleAdmin(RightsAdmin[ReminderRule]):
    form = RuleForm
    change_list_template = "admin/core/reminder_rules.html"
    list_display = ("what", "days", "before", "working_days", "whom", "enabled")
    list_filter = ("enabled", "event")
    fields = ("event", "audience", "days", "before", "working_days", "enabled")

    def get_readonly_fields(self, request: HttpRequest, obj: ReminderRule | None = None) -> Any:
        """Let what was sent stay what it says: by the rule the ledger knows what was sent."""
        if obj is None or not obj.sent.exists():
            return ()
        return tuple(name for name in self.fields if name != "enabled")

    def get_fieldsets(self, request: HttpRequest, obj: ReminderRule | None = None) -> Any:
        said = {}
        if self.get_readonly_fields(request, obj):
            said["description"] = _(
                "Reminders were sent by this rule: it can be switched off and on. "
                "Another timing is a new rule."
            )
        return [(None, {"fields": self.fields, **said})]

    @admin.display(description=_("event"), ordering="event")
    def what(self, rule: ReminderRule) -> str:
        event = reminders.events().get(rule.event)
        return str(event.label if event else rule.event)

    @admin.display(description=_("audience"), ordering="audience")
    def whom(self, rule: ReminderRule) -> str:
        event = reminders.events().get(rule.event)
        audience = event.audiences.get(rule.audience) if event else None
        return str(audience.label if audience else rule.audience)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.coming_view)
        return [path("coming/", view, name="core_reminderrule_coming"), *super().get_urls()]

    def coming_view(self, request: HttpRequest) -> HttpResponse:
        """Show what will be sent in the next days: when, about what, to how many."""
        rows = [
            {
                "day": one.day,
                "event": one.event.label,
                "label": one.due.label,
                "at": one.due.at,
                "audience": one.event.audiences[one.rule.audience].label,
                "readers": len(one.readers),
            }
            for one in reminders.coming(database_now(), request.user)
        ]
        context = {
            **self.admin_site.each_context(request),
            "title": _("Reminders of the next %(count)d days") % {"count": reminders.COMING},
            "opts": self.opts,
            "rows": rows,
        }
        return TemplateResponse(request, "admin/core/reminders_coming.html", context)


@admin.register(SentReminder)
class SentReminderAdmin(ReadOnlyAdmin[SentReminder]):
    list_display = ("sent_at", "rule", "subject_type", "subject_id", "due_at")
    list_select_related = ("rule",)
    search_fields = ("subject_id",)
    fields = ("sent_at", "rule", "subject_type", "subject_id", "due_at", "recipient")
