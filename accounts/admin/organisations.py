"""Organisations and their members: verified, corrected and merged by officers."""

from collections.abc import Iterator
from typing import Any, cast

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import services
from accounts.forms import OrganisationForm
from accounts.likeness import MOST, like, with_likeness
from accounts.models import Membership, Organisation, User
from accounts.step_forms import MergeForm, VerificationForm
from accounts.workflow import ORGANISATIONS, merge_organisations
from core import rights
from core.admin import ReadOnlyAdmin, ServiceAdmin, StepsAdmin
from core.beside import Link, beside
from core.forms import StepForm
from core.lifecycle import Transition


class MembersInline(admin.TabularInline[Membership, Organisation]):
    model = Membership
    fields = readonly_fields = ("user", "level", "since")
    extra = 0
    can_delete = False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return rights.may_ever(request.user, rights.READ, Membership)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        rows = rights.visible(super().get_queryset(request), request.user)
        return rows.select_related("user", "organisation").order_by("since")


class LikenessFilter(admin.SimpleListFilter):
    """Those that look as if they had been entered twice."""

    title = _("likeness")
    parameter_name = "alike"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("looks like another one"))]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Organisation]
    ) -> QuerySet[Organisation]:
        if self.value() != "yes":
            return queryset
        return queryset.filter(pk__in=with_likeness().values("pk"))


@admin.register(Organisation)
class OrganisationAdmin(ServiceAdmin[Organisation], StepsAdmin[Organisation]):
    workflow = ORGANISATIONS
    form = OrganisationForm
    step_forms = {"merge": MergeForm, "verify": VerificationForm, "refuse": VerificationForm}
    list_display = ("__str__", "name_en", "name_zh", "country", "kind", "status", "created_at")
    list_filter = ("status", LikenessFilter, "kind")
    list_select_related = ("country",)
    search_fields = ("name_en", "name_zh", "registration_number")
    ordering = ("name_en", "name_zh")
    inlines = (MembersInline,)
    readonly_fields = ("status", "verified_at", "status_reason", "merged_into")

    def get_fields(self, request: HttpRequest, obj: Organisation | None = None) -> Any:
        return [*OrganisationForm.Meta.fields, *self.readonly_fields]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Organisation, form: Any, change: bool) -> None:
        actor = cast(User, request.user)
        services.edit_organisation(obj.pk, actor=actor, **form.changes())

    def _perform(
        self, request: HttpRequest, obj: Organisation, transition: Transition, form: StepForm
    ) -> None:
        if transition.name != "merge":
            super()._perform(request, obj, transition, form)
            return
        merge_organisations(obj, actor=cast(User, request.user), **form.inputs())


@beside(Organisation)
def alike(organisation: Organisation, person: Any) -> Iterator[Link]:
    """Lead to what may be the same organisation, entered once more."""
    if organisation.merged_into_id is not None:
        return
    for other in rights.visible(like(organisation), person)[:MOST]:
        url = reverse("admin:accounts_organisation_change", args=[other.pk])
        yield Link(_("Looks like"), f"{other.name} ({other.country_id})", url)


@admin.register(Membership)
class MembershipAdmin(ReadOnlyAdmin[Membership]):
    list_display = ("organisation", "user", "level", "since")
    list_select_related = ("organisation", "user")
    list_filter = ("level",)
    search_fields = ("user__email", "organisation__name_en", "organisation__name_zh")
    ordering = ("-since", "pk")

    def acted_on(self, obj: Membership) -> Organisation:
        return obj.organisation
