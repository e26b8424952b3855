"""The officers' desk of the expert pool: applications, profiles, histories, nominations."""

import datetime as dt
from collections.abc import Iterator
from typing import Any, cast

from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse  # noqa: TID251 -- what Django admin passes
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core import acts, rights
from core.admin import ServiceAdmin, StepsAdmin
from core.beside import Link, beside
from core.clock import database_now
from evaluation.models import Absence, Employment, Expert, Nomination
from evaluation.office import expert_import
from evaluation.office.expert_forms import (
    CorrectionForm,
    EnrolForm,
    NominationForm,
    RemoveForm,
    conditions,
    record,
)
from evaluation.pool import attendance, employments, nominating, profiles
from evaluation.pool.forms import ExpertForm
from evaluation.pool.nominating import NOMINATIONS
from evaluation.pool.states import ExpertStatus
from evaluation.pool.workflow import EXPERTS, day_of

acts.name(
    {
        "expert.applied": _("Applied to the expert pool"),
        "expert.edited": _("Profile edited"),
        "expert.away": _("Days away entered"),
        "expert.back": _("Days away taken back"),
        "expert.employment_added": _("Employment or role added"),
        "expert.employment_ended": _("Employment or role ended"),
        "expert.employment_corrected": _("Employment or role corrected"),
        "nomination.made": _("Nominated"),
    }
)
MONTH = dt.timedelta(days=31)  # ahead, in which a renewal is soon


class Availability(admin.SimpleListFilter):
    """Whom an officer could ask today."""

    title = _("availability")
    parameter_name = "available"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("can be asked today")), ("away", _("away today"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Expert]) -> QuerySet[Expert]:
        if self.value() == "yes":
            return queryset.filter(pk__in=Expert.objects.available().values("pk"))
        if self.value() == "away":
            return queryset.filter(pk__in=Expert.objects.all().away_now())
        return queryset


class Renewal(admin.SimpleListFilter):
    """Whose year is over, or soon is."""

    title = _("renewal")
    parameter_name = "renewal"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("soon", _("within a month")), ("overdue", _("overdue"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Expert]) -> QuerySet[Expert]:
        if self.value() == "overdue":
            return queryset.filter(status=ExpertStatus.LAPSED)
        if self.value() == "soon":
            soon = day_of(database_now() + MONTH)
            return queryset.filter(status=ExpertStatus.ENROLLED, renewed_until__lte=soon)
        return queryset


class Removal(admin.SimpleListFilter):
    """Whom the rule about missed score sheets names."""

    title = _("removal")
    parameter_name = "removal"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("proposed by the rule"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Expert]) -> QuerySet[Expert]:
        if self.value() != "yes":
            return queryset
        named = attendance.to_be_removed(Expert.objects.all())
        return queryset.filter(pk__in=named.values("pk"))


class _Shown(admin.TabularInline[Any, Expert]):
    """Rows that are only shown here."""

    extra = 0
    can_delete = False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return rights.may_ever(request.user, rights.READ, Expert)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class HistoryInline(_Shown):
    model = Employment
    fields = readonly_fields = (
        "name",
        "organisation",
        "kind",
        "since",
        "until",
        "source",
        "mistaken",
    )
    show_change_link = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("organisation")


class AbsenceInline(_Shown):
    model = Absence
    fields = readonly_fields = ("from_on", "until_on")


class ExpertAdmin(ServiceAdmin[Expert], StepsAdmin[Expert]):
    workflow = EXPERTS
    form = ExpertForm
    step_forms = {"enrol": EnrolForm, "remove": RemoveForm}
    list_display = ("name", "title", "employer_name", "status", "available", "renewed_until")
    list_filter = ("status", Availability, Renewal, Removal, "fields")
    list_select_related = ("user",)
    search_fields = ("user__name", "user__email", "employer_name")
    filter_horizontal = ("fields", "subcategories")
    readonly_fields = (
        "person",
        "status",
        "status_since",
        "status_reason",
        "applied_at",
        "renewed_until",
        "statement",
        "entry",
        "attended",
    )
    inlines = (HistoryInline, AbsenceInline)

    def get_fields(self, request: HttpRequest, obj: Expert | None = None) -> Any:
        return [self.readonly_fields[0], *ExpertForm.Meta.fields, *self.readonly_fields[1:]]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Expert]:
        found = Expert.objects.available().filter(pk=OuterRef("pk"))
        return super().get_queryset(request).annotate(can_be_asked=Exists(found))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # one applies oneself, or consents to a nomination

    def save_model(self, request: HttpRequest, obj: Expert, form: Any, change: bool) -> None:
        profiles.edit(obj.pk, actor=cast(User, request.user), **form.cleaned_data)

    @admin.display(description=_("expert"), ordering="user__name")
    def name(self, expert: Expert) -> str:
        return str(expert)

    @admin.display(description=_("account"))
    def person(self, expert: Expert) -> str:
        return f"{expert.user.name} ({expert.user.email})"

    @admin.display(description=_("can be asked"), boolean=True)
    def available(self, expert: Any) -> bool:
        return bool(expert.can_be_asked)

    @admin.display(description=_("conditions of entry"))
    def entry(self, expert: Expert) -> str:
        return _lines(conditions(expert))

    @admin.display(description=_("what became of what was asked"))
    def attended(self, expert: Expert) -> str:
        return _lines(record(expert))


def _lines(facts: Iterator[tuple[Any, str]]) -> str:
    return format_html_join("", "{}: {}<br>", facts)


@beside(Expert)
def histories_of(expert: Expert, person: Any) -> Iterator[Link]:
    """Lead to who nominated the expert, and to a new row of the history."""
    for one in Nomination.objects.visible_to(person).filter(expert=expert):
        url = reverse("admin:evaluation_nomination_change", args=[one.pk])
        title = _("Nominating unit") if one.unit else _("Nominated by the officer")
        yield Link(title, one.unit or str(one.nominated_by), url)
    if rights.can(person, "edit", expert):
        url = f"{reverse('admin:evaluation_employment_add')}?expert={expert.pk}"
        yield Link(_("Employments and roles"), str(_("Add to the history")), url)


@beside(Employment)
def expert_of(row: Employment, person: Any) -> Iterator[Link]:
    url = reverse("admin:evaluation_expert_change", args=[row.expert_id])
    yield Link(_("Expert"), str(row.expert), url)


class EmploymentAdmin(ServiceAdmin[Employment]):
    form = CorrectionForm
    list_display = ("expert", "name", "kind", "since", "until", "source", "mistaken")
    list_filter = ("kind", "source", "mistaken")
    list_select_related = ("expert__user", "organisation")
    search_fields = ("name", "expert__user__name")
    autocomplete_fields = ("expert", "organisation")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("expert", "source", "recorded_by", "recorded_at") if obj else ()

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        own = ("expert", "kind", "name", "organisation", "since", "until")
        return (*own, "mistaken", "reason", "source", "recorded_by", "recorded_at") if obj else own

    def acted_on(self, obj: Employment) -> Expert:
        return obj.expert

    def save_model(self, request: HttpRequest, obj: Employment, form: Any, change: bool) -> None:
        given = dict(form.cleaned_data)
        actor = cast(User, request.user)
        if change:
            employments.correct(obj.pk, actor=actor, **given)
            return
        row = employments.add(given.pop("expert").pk, actor=actor, **given)
        obj.pk = row.pk


class NominationAdmin(ServiceAdmin[Nomination], StepsAdmin[Nomination]):
    workflow = NOMINATIONS
    form = NominationForm
    list_display = ("__str__", "address", "unit", "status", "unasked", "nominated_at", "expires_at")
    list_filter = ("status", "by_organisation", "unasked")
    list_select_related = ("organisation",)
    search_fields = ("name", "address", "unit")
    autocomplete_fields = ("organisation",)
    change_list_template = "evaluation/admin/nominations.html"

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        name = "evaluation_nomination_import"
        return [
            path("import/", view(self.import_view), name=name),
            path("import/<str:kind>/", view(self.template_view), name=f"{name}_template"),
            *super().get_urls(),
        ]

    def import_view(self, request: HttpRequest) -> HttpResponse:
        return expert_import.import_page(self, request)

    def template_view(self, request: HttpRequest, kind: str) -> HttpResponse:
        if kind not in ("xlsx", "csv"):
            raise Http404
        return expert_import.template(kind)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        who = ("status", "unasked", "by_organisation", "nominated_by")
        sent = () if obj and obj.unasked else ("sent_at",)
        kept = (*who, "nominated_at", *sent, "expires_at", "ended_at", "outcome", "decided_at")
        return (*NominationForm.Meta.fields, *(kept if obj else ()))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.get_fields(request, obj) if obj else ()

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # Nothing is changed once the person was asked; a refused addition is drawn once more.
        return obj is None and super().has_change_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: Nomination, form: Any, change: bool) -> None:
        made = nominating.nominate(actor=cast(User, request.user), **form.cleaned_data)
        obj.pk = made.pk


# Where the desk lists them, the admin of the app registers them.
PAGES: dict[Any, Any] = {
    Expert: ExpertAdmin,
    Employment: EmploymentAdmin,
    Nomination: NominationAdmin,
}
