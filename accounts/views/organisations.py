"""The organisations one acts for: entered, read, edited."""

from collections.abc import Iterator
from uuid import UUID

from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import services
from accounts.forms import OrganisationForm
from accounts.models import Organisation
from accounts.roles import Level
from accounts.states import OrganisationStatus
from accounts.views.access import FORM_METHODS, follows_merges, person, visible_organisation
from core import rights
from core.http import attempt

TONES: dict[str, str] = {
    OrganisationStatus.UNVERIFIED: "neutral",
    OrganisationStatus.VERIFIED: "success",
    OrganisationStatus.REFUSED: "danger",
    OrganisationStatus.MERGED: "neutral",
}


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
                services.create_organisation(actor=person(request), **form.cleaned_data)
            ),
        )
    ):
        messages.success(request, _("The organisation is entered; you are its owner."))
        return redirect("accounts:organisation-detail", made[0].pk)
    return render(request, "accounts/organisation_form.html", {"form": form})


@require_safe
@follows_merges
def organisation_detail(request: HttpRequest, organisation_id: UUID) -> HttpResponse:
    organisation = visible_organisation(request, organisation_id)
    membership = organisation.memberships.filter(user=person(request)).first()
    page = {
        "organisation": organisation,
        "status": {
            "label": organisation.get_status_display(),
            "tone": TONES[organisation.status],
        },
        "facts": _facts(organisation),
        "membership": membership,
        "members": organisation.memberships.select_related("user").order_by("since", "pk"),
        "may_edit": rights.can(request.user, "edit", organisation),
        "offer_second_factor": membership is not None
        and membership.level == Level.OWN
        and not is_mfa_enabled(request.user),
    }
    return render(request, "accounts/organisation_detail.html", page)


@require_http_methods(FORM_METHODS)
@follows_merges
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
                organisation.pk, actor=person(request), **form.changes()
            ),
        )
    ):
        messages.success(request, _("Saved."))
        return redirect("accounts:organisation-detail", organisation.pk)
    page = {"form": form, "organisation": organisation}
    return render(request, "accounts/organisation_form.html", page)


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
        *_verification(organisation),
    ]


def _verification(organisation: Organisation) -> Iterator[dict[str, object]]:
    if organisation.verified_at:
        day = date_format(localtime(organisation.verified_at), "DATE_FORMAT")
        yield {"label": _label("verified_at"), "value": day}


def _label(field: str) -> str:
    return capfirst(str(Organisation._meta.get_field(field).verbose_name))  # type: ignore[union-attr]  # a field of our own
