"""The page of an activity's procedure: its steps while prepared, its dates afterwards."""

from typing import Any

from django import forms
from django.http import (  # noqa: TID251 -- what Django admin passes
    HttpRequest,
    HttpResponse,
)
from django.utils.translation import gettext_lazy as _

from accounts.holders import holders
from accounts.roles import Role
from core import acts
from core.admin.services import ServiceAdmin
from core.clock import database_now
from evaluation import procedures
from evaluation.models import Procedure
from evaluation.publicity import ending as publicity
from submissions.models import Activity
from submissions.states import ActivityStatus

acts.name(
    {
        "activity.procedure_set": _("Procedure set"),
        "activity.rescheduled": _("Announced dates moved"),
    }
)
STEPS = procedures.Steps.__slots__
DATES = procedures.Timetable.__slots__


class ProcedureForm(forms.ModelForm[Procedure]):
    """What lies between the score sheets and the listing."""

    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Asked for when dates move after the opening."),
    )

    class Meta:
        model = Procedure
        fields = ("activity", *STEPS, *DATES)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "activity" in self.fields:
            prepared = Activity.objects.filter(status=ActivityStatus.PREPARED)
            self.fields["activity"].queryset = prepared.filter(procedure=None)  # type: ignore[attr-defined]  # a model choice
        if "co_releaser" in self.fields:
            self.fields["co_releaser"].queryset = holders(Role.OFFICER)  # type: ignore[attr-defined]  # a model choice


class ProcedureAdmin(ServiceAdmin[Procedure]):
    form = ProcedureForm
    list_display = ("activity", "panel", "defence", "site_visit", "co_release", "release_at")
    list_select_related = ("activity",)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("activity", *STEPS, *DATES, *(("reason",) if _was_opened(obj) else ()))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        if obj is None:
            return ()
        return ("activity", *STEPS) if _was_opened(obj) else ("activity",)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Warn while there is time to load the calendar."""
        obj: Procedure | None = kwargs.get("obj")
        if obj is not None and request.method == "GET":
            began = max(obj.release_at or database_now(), database_now())
            if said := publicity.warning(obj.activity, began):
                self.message_user(request, said, "warning")
        return super().render_change_form(request, context, *args, **kwargs)

    def acted_on(self, obj: Procedure) -> Activity:
        return obj.activity

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        actor: Any = request.user  # the gate let no one else in
        timetable = procedures.Timetable(**{name: form.cleaned_data[name] for name in DATES})
        if _was_opened(obj):
            reason = form.cleaned_data["reason"]
            procedures.reschedule(obj.activity, timetable, reason=reason, actor=actor)
            return
        steps = procedures.Steps(**{name: form.cleaned_data[name] for name in STEPS})
        procedures.set_procedure(obj.activity, steps, timetable, actor=actor)


def _was_opened(obj: Procedure | None) -> bool:
    return obj is not None and obj.activity.status != ActivityStatus.PREPARED


PAGES: dict[Any, Any] = {Procedure: ProcedureAdmin}
