"""One's own account, and the organisations one acts for."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import services
from accounts.forms import OrganisationForm, ProfileForm
from accounts.models import Membership, Organisation, User
from core import rights
from core.http import attempt

FORM_METHODS = ("GET", "HEAD", "POST")


@require_http_methods(FORM_METHODS)
def profile(request: HttpRequest) -> HttpResponse:
    user = get_object_or_404(User.objects.visible_to(request.user), pk=request.user.pk)
    form = ProfileForm(request.POST or None, instance=user)
    if (
        form.is_bound
        and form.is_valid()
        and attempt(
            request,
            form,
            lambda: services.edit_profile(user.pk, actor=user, **form.cleaned_data),
        )
    ):
        messages.success(request, _("Saved."))
        return redirect("accounts:profile")
    memberships = Membership.objects.filter(user=user).select_related("organisation__country")
    page = {"form": form, "memberships": memberships.order_by("since", "pk")}
    return render(request, "accounts/profile.html", page)


@require_http_methods(FORM_METHODS)
def organisation_create(request: HttpRequest) -> HttpResponse:
    form = OrganisationForm(request.POST or None)
    made: list[Organisation] = []
    if (
        form.is_bound
        and form.is_valid()
        and attempt(
            request,
            form,
            lambda: made.append(
                services.create_organisation(actor=_person(request), **form.cleaned_data)
            ),
        )
    ):
        messages.success(request, _("The organisation is entered; you are its owner."))
        return redirect("accounts:organisation-detail", made[0].pk)
    return render(request, "accounts/organisation_form.html", {"form": form})


@require_safe
def organisation_detail(request: HttpRequest, organisation_id: UUID) -> HttpResponse:
    organisation = get_object_or_404(
        Organisation.objects.visible_to(request.user).select_related("country"),
        pk=organisation_id,
    )
    page = {
        "organisation": organisation,
        "facts": _facts(organisation),
        "members": organisation.memberships.select_related("user").order_by("since", "pk"),
        "may_edit": rights.can(request.user, "edit", organisation),
    }
    return render(request, "accounts/organisation_detail.html", page)


@require_http_methods(FORM_METHODS)
def organisation_edit(request: HttpRequest, organisation_id: UUID) -> HttpResponse:
    editable = rights.with_right(Organisation.objects.all(), request.user, "edit")
    organisation = get_object_or_404(editable, pk=organisation_id)
    form = OrganisationForm(request.POST or None, instance=organisation)
    if (
        form.is_bound
        and form.is_valid()
        and attempt(
            request,
            form,
            lambda: services.edit_organisation(
                organisation.pk, actor=_person(request), **form.changes()
            ),
        )
    ):
        messages.success(request, _("Saved."))
        return redirect("accounts:organisation-detail", organisation.pk)
    page = {"form": form, "organisation": organisation}
    return render(request, "accounts/organisation_form.html", page)


def _person(request: HttpRequest) -> User:
    return cast(User, request.user)  # the gate lets nobody else come here


def _facts(organisation: Organisation) -> list[dict[str, object]]:
    names = (("name_en", "en"), ("name_zh", "zh-hans"))
    facts: list[dict[str, object]] = [
        {"label": _label(name), "value": getattr(organisation, name), "lang": language}
        for name, language in names
        if getattr(organisation, name)
    ]
    return [
        *facts,
        {"label": _label("country"), "value": organisation.country.name},
        {"label": _label("kind"), "value": organisation.get_kind_display()},
        {"label": _label("registration_number"), "value": organisation.registration_number},
        {"label": _label("website"), "value": organisation.website, "url": organisation.website},
    ]


def _label(field: str) -> str:
    return capfirst(str(Organisation._meta.get_field(field).verbose_name))  # type: ignore[union-attr]  # a field of our own
