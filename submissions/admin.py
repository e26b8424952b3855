"""The officers' pages: activities, the formal check of declarations, schemes to read."""

from typing import Any

from django.contrib import admin
from django.db.models import F, QuerySet
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from core import acts
from core.admin import ReadOnlyAdmin, ServiceAdmin, StepsAdmin
from reference.forms import input_names
from submissions import services
from submissions.admin_forms import (
    SEALED_WHILE_OPEN,
    ActivityForm,
    ReturnForm,
)
from submissions.filed import read_version
from submissions.models import Activity, Correction, Declaration, DeclarationScheme
from submissions.notifications import Remark
from submissions.states import ActivityStatus
from submissions.workflow import ACTIVITIES, DECLARATIONS

acts.name(
    {
        "scheme.added": _("Laid down"),
        "activity.added": _("Prepared"),
        "declaration.started": _("Started"),
        "declaration.saved": _("Section saved"),
        "declaration.attached": _("File added"),
        "declaration.detached": _("File removed"),
        "declaration.translation_saved": _("Translation saved"),
        "declaration.translation_confirmed": _("Translation confirmed"),
    }
)


@admin.register(Activity)
class ActivityAdmin(ServiceAdmin[Activity], StepsAdmin[Activity]):
    workflow = ACTIVITIES
    form = ActivityForm
    places = {"titles": "title_en", "notices": "notice_en", "field_codes": "fields"}
    list_display = ("code", "title", "status", "opens_at", "closes_at", "scheme")
    list_select_related = ("scheme",)
    list_filter = ("status",)
    search_fields = ("code", "titles")

    def get_fieldsets(self, request: HttpRequest, obj: Activity | None = None) -> Any:
        state = ("status",) if obj else ()
        terms = ("scheme", "fields", "opens_at", "closes_at", "publicity_days", "contact")
        if obj and not self.has_change_permission(request, obj):
            return [(None, {"fields": ("code", *state, "title", "notice", *terms)})]
        return [
            (None, {"fields": ("code", *state, *terms)}),
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
        made = services.create_activity(actor=request.user, **form.values())
        obj.pk = made.pk
        obj._state.adding = False
        obj.refresh_from_db()


@admin.register(Declaration)
class DeclarationAdmin(StepsAdmin[Declaration]):
    workflow = DECLARATIONS
    step_forms = {"return": ReturnForm}
    change_form_template = "admin/submissions/declaration.html"
    list_display = ("number", "filed_title", "organisation", "activity", "status", "submitted_at")
    list_display_links = ("number", "filed_title")
    list_select_related = ("organisation", "activity")
    list_filter = ("status", "activity", "subcategory__field")
    search_fields = (
        "number",
        "version__content__sections__technology__title",
        "organisation__name_en",
        "organisation__name_zh",
    )
    ordering = ("-submitted_at", "pk")
    fields = (
        "number", "status", "organisation", "activity", "submitted_at", "checked_by", "language",
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Declaration]:
        # Here one is an officer, not a member: what is one's own organisation's is not here. The
        # title is the one that was filed; the applicant may be at work on the next version.
        mine = Organisation.objects.of_member(request.user)
        rows = super().get_queryset(request).exclude(organisation__in=mine.values("pk"))
        technology = KeyTransform("technology", KeyTransform("sections", F("version__content")))
        title = KeyTextTransform("title", technology)
        return rows.defer("content").annotate(filed=title)

    @admin.display(description=_("Technology"), ordering="filed")
    def filed_title(self, obj: Declaration) -> str:
        return getattr(obj, "filed", "") or ""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Declaration | None = None) -> bool:
        return False

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        obj: Declaration = kwargs["obj"]
        context.update(_filed(obj, request.GET.get("version", "")))
        context |= {"heading": f"{obj.number} {self.filed_title(obj)}", "subtitle": None}
        return super().render_change_form(request, context, *args, **kwargs)


def _filed(declaration: Declaration, wanted: str) -> dict[str, Any]:
    """Return what the page shows of the version asked for; the one in force when none is."""
    versions = list(declaration.versions.order_by("-number"))
    version = next((one for one in versions if str(one.number) == wanted), versions[0])
    version.declaration = declaration
    scheme = declaration.activity.scheme.load()
    asked = Correction.objects.filter(version=version)
    return {
        "versions": versions,
        "version": version,
        "remarks": [Remark(scheme, one) for one in asked],
        **read_version(version),
    }


@admin.register(DeclarationScheme)
class DeclarationSchemeAdmin(ReadOnlyAdmin[DeclarationScheme]):
    list_display = ("code", "version", "created_at")
    fields = ("code", "version", "created_at", "content_hash")
    change_form_template = "admin/submissions/scheme.html"

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        context["sections"] = kwargs["obj"].load().sections
        return super().render_change_form(request, context, *args, **kwargs)
