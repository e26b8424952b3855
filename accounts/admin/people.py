"""People and their roles: what the system administrator grants, takes away, resets and erases."""

from typing import Any, cast

from django import forms
from django.contrib import admin
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts import services
from accounts.admin.person_acts import PersonActsAdmin
from accounts.models import Membership, RoleGrant, User
from accounts.roles import GRANTED_CHOICES, Role
from core.admin import ReadOnlyAdmin


class AccountRightsForm(forms.ModelForm[User]):
    """The roles of a person, and whether they may sign in."""

    roles_now = forms.MultipleChoiceField(
        label=_("roles"),
        choices=GRANTED_CHOICES,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    reason = forms.CharField(
        label=_("reason"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed to take a role away, and to shut or reopen the account."),
    )

    class Meta:
        model = User
        fields = ("is_active",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["roles_now"].initial = sorted(self.instance.roles)

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        taken = self.instance.roles - set(values.get("roles_now", ()))
        if (taken or "is_active" in self.changed_data) and not values.get("reason"):
            self.add_error("reason", _("Please give a reason."))
        return values


@admin.register(User)
class UserAdmin(PersonActsAdmin):
    form = AccountRightsForm
    edit_right = "grant"
    places = {"role": "roles_now"}
    list_display = ("email", "name", "roles_held", "is_active", "joined_at", "last_login")
    list_filter = ("is_active",)
    search_fields = ("email", "name")
    ordering = ("email",)
    readonly_fields = (
        "email",
        "name",
        "language",
        "roles_held",
        "organisations",
        "joined_at",
        "last_login",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        active = RoleGrant.objects.filter(revoked_at=None).order_by("role")
        memberships = Membership.objects.select_related("organisation").order_by("since")
        return (
            super()
            .get_queryset(request)
            .prefetch_related(Prefetch("grants", queryset=active, to_attr="active_grants"))
            .prefetch_related(Prefetch("memberships", queryset=memberships))
        )

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        if obj is not None and obj.pk == request.user.pk:
            return False
        return super().has_change_permission(request, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def get_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        told = ["email", "name", "language", "organisations", "joined_at", "last_login"]
        if self.has_change_permission(request, obj):
            return [*told, "roles_now", "is_active", "reason"]
        return [*told, "roles_held", "is_active"]

    @admin.display(description=_("roles"))
    def roles_held(self, user: Any) -> str:
        return ", ".join(grant.get_role_display() for grant in user.active_grants) or "–"

    @admin.display(description=_("organisations"))
    def organisations(self, user: User) -> str:
        return ", ".join(m.organisation.name for m in user.memberships.all()) or "–"

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        actor, values = cast(User, request.user), form.cleaned_data
        user = User.objects.get(pk=obj.pk)
        wanted, reason = set(values["roles_now"]), values["reason"]
        for role in sorted(wanted - user.roles):
            services.grant_role(user, Role(role), actor=actor)
        for role in sorted(user.roles - wanted):
            services.revoke_role(user, role, actor=actor, reason=reason)
        if values["is_active"] != user.is_active:
            change_access = services.restore if values["is_active"] else services.suspend
            change_access(user, actor=actor, reason=reason)


@admin.register(RoleGrant)
class RoleGrantAdmin(ReadOnlyAdmin[RoleGrant]):
    list_display = ("user", "role", "granted_by", "granted_at", "revoked_at")
    list_select_related = ("user", "granted_by")
    list_filter = ("role",)
    search_fields = ("user__email", "user__name")
    ordering = ("-granted_at", "pk")

    def acted_on(self, obj: RoleGrant) -> User:
        return obj.user
