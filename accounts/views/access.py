"""What every page here begins with: who asks, and the organisation they may see."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from accounts.models import Organisation, User
from accounts.states import OrganisationStatus

FORM_METHODS = ("GET", "HEAD", "POST")


def person(request: HttpRequest) -> User:
    return cast(User, request.user)  # the gate lets nobody else come here


def visible_organisation(request: HttpRequest, organisation_id: UUID) -> Organisation:
    rows = Organisation.objects.visible_to(request.user).select_related("country")
    return get_object_or_404(rows, pk=organisation_id)


def follows_merges(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Lead those who knew a merged organisation to the one it was merged into."""

    @wraps(view)
    def follow(request: HttpRequest, organisation_id: UUID, **more: Any) -> HttpResponse:
        now = _merged_into(request, organisation_id)
        if now is not None:
            return redirect("accounts:organisation-detail", now)
        return view(request, organisation_id, **more)

    return follow


def _merged_into(request: HttpRequest, organisation_id: UUID) -> UUID | None:
    seen = Organisation.objects.visible_to(request.user)
    rows = Organisation.objects.filter(
        pk=organisation_id, status=OrganisationStatus.MERGED, merged_into__in=seen.values("pk")
    )
    return rows.values_list("merged_into", flat=True).first()
