"""The link of an invitation, and what the owners do with one they sent."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts import invitations
from accounts.models import Invitation
from accounts.views.access import person
from core import rights
from core.http import attempt


@require_safe
@never_cache
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Show who invites to what; accepting takes a button."""
    found = _found(token)
    page = {"invitation": found, "ended": invitations.ended(found), "token": token}
    return render(request, "accounts/invitation.html", page)


@require_POST
def invitation_accept(request: HttpRequest, token: str) -> HttpResponse:
    found = _found(token)
    try:
        done = attempt(request, None, lambda: invitations.accept(token, actor=person(request)))
    except Invitation.DoesNotExist:  # it was sent again at this moment, with another link
        raise Http404 from None
    if not done:
        return redirect("accounts:invitation", token)
    messages.success(request, _("You now act for this organisation."))
    return redirect("accounts:organisation-detail", found.organisation_id)


@require_POST
def invitation_send_again(request: HttpRequest, invitation_id: UUID) -> HttpResponse:
    found = _managed(request, invitation_id)
    if attempt(request, None, lambda: invitations.send_again(found.pk, actor=person(request))):
        messages.success(request, _("The invitation is on its way."))
    return redirect("accounts:member-list", found.organisation_id)


@require_POST
def invitation_withdraw(request: HttpRequest, invitation_id: UUID) -> HttpResponse:
    found = _managed(request, invitation_id)
    if attempt(request, None, lambda: invitations.withdraw(found.pk, actor=person(request))):
        messages.success(request, _("The invitation was withdrawn."))
    return redirect("accounts:member-list", found.organisation_id)


def _found(token: str) -> Invitation:
    found = invitations.found(token)
    if found is None:
        raise Http404
    return found


def _managed(request: HttpRequest, invitation_id: UUID) -> Invitation:
    managed = rights.with_right(Invitation.objects.all(), request.user, "manage")
    return get_object_or_404(managed, pk=invitation_id)
