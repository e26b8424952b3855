"""The administrators' page of the tokens of programs."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.http import (  # noqa: TID251 -- what Django admin passes
    HttpRequest,
    HttpResponse,
)
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext_lazy as _

from catalog.api import tokens
from catalog.models import ApiToken
from catalog.models.tokens import MOST_PER_MINUTE
from catalog.workflow import TOKENS
from core.admin import ServiceAdmin, StepsAdmin


class TokenForm(forms.ModelForm[ApiToken]):
    """For whom, what it allows, until when."""

    scopes = forms.MultipleChoiceField(
        label=_("Scopes"),
        choices=ApiToken.Scope.choices,
        initial=[ApiToken.Scope.READ],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("A token opens no records that are not public."),
    )
    per_minute = forms.IntegerField(
        label=_("Requests a minute"), min_value=1, max_value=MOST_PER_MINUTE
    )
    expires_on = forms.DateField(
        label=_("Valid until"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Its last day, at most two years from now."),
    )

    class Meta:
        model = ApiToken
        fields = ("name", "scopes", "per_minute", "expires_on")


class ApiTokenAdmin(StepsAdmin[ApiToken], ServiceAdmin[ApiToken]):
    """Made on the form and shown once; revoked by the step."""

    workflow = TOKENS
    form = TokenForm
    list_display = ("name", "hint", "allowed", "per_minute", "expires_on", "status", "made_by")
    list_filter = ("status",)
    list_select_related = ("made_by",)
    search_fields = ("name",)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False if obj is not None else super().has_change_permission(request, obj)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"per_minute": settings.API_TOKEN_PER_MINUTE, "scopes": [ApiToken.Scope.READ]}

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        if obj is None:
            return ("name", "scopes", "per_minute", "expires_on")
        return (
            "name",
            "hint",
            "allowed",
            "per_minute",
            "expires_on",
            "status",
            "made_by",
            "made_at",
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.get_fields(request, obj) if obj is not None else ()

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        made, secret = tokens.issue(actor=request.user, **form.cleaned_data)
        request.issued = secret  # type: ignore[attr-defined]  # read by response_add
        obj.pk = made.pk
        obj.refresh_from_db()

    def response_add(
        self, request: HttpRequest, obj: ApiToken, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Show the token, on this page and on no other: it is neither stored nor logged."""
        context = {
            **self.admin_site.each_context(request),
            "title": _("The new token"),
            "opts": self.opts,
            "original": obj,
            "secret": request.issued,  # type: ignore[attr-defined]  # laid there by save_model
            "back": reverse("admin:catalog_apitoken_change", args=[obj.pk]),
        }
        response = TemplateResponse(request, "admin/catalog/token_issued.html", context)
        patch_cache_control(response, private=True, no_store=True)
        return response

    @admin.display(description=_("scopes"))
    def allowed(self, one: ApiToken) -> str:
        return ", ".join(str(ApiToken.Scope(scope).label) for scope in one.scopes)


PAGES: dict[Any, Any] = {ApiToken: ApiTokenAdmin}
