"""Who acts for an organisation: the list, and what its owners change in it."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import invitations, members
from accounts.forms import InvitationForm, LevelForm
from accounts.models import MAIL_LANGUAGES, Membership, Organisation
from accounts.views.access import FORM_METHODS, follows_merges, person, visible_organisation
from core import rights
from core.http import attempt


@require_http_methods(FORM_METHODS)
@follows_merges
def member_list(request: HttpRequest, organisation_id: UUID) -> HttpResponse:
    """Show members and open invitations; what is posted here invites one more."""
    organisation = visible_organisation(request, organisation_id)
    may_manage = rights.can(request.user, "manage_members", organisation)
    if request.method == "POST" and not may_manage:
        raise Http404
    here = get_language() or ""
    language = here if here in dict(MAIL_LANGUAGES) else "en"
    form = InvitationForm(request.POST or None, initial={"language": language})
    if (
        form.is_bound
        and form.is_valid()
        and attempt(
            request,
            form,
            lambda: invitations.invite(organisation.pk, actor=person(request), **form.cleaned_data),
        )
    ):
        messages.success(request, _("The invitation is on its way."))
        return redirect("accounts:member-list", organisation.pk)
    rows = organisation.memberships.select_related("user").order_by("since", "pk")
    page = {
        "organisation": organisation,
        "members": rows,
        "membership": next((one for one in rows if one.user_id == person(request).pk), None),
        "may_manage": may_manage,
        "form": form,
        "invitations": invitations.unanswered(organisation) if may_manage else [],
    }
    return render(request, "accounts/member_list.html", page)


@require_http_methods(FORM_METHODS)
@follows_merges
def member_detail(request: HttpRequest, organisation_id: UUID, member_id: int) -> HttpResponse:
    """Show one member to the owners, who give another level, remove, or hand ownership on."""
    member = _managed(request, organisation_id, member_id)
    form = LevelForm(request.POST or None, initial={"level": member.level})
    if (
        form.is_bound
        and form.is_valid()
        and attempt(
            request,
            form,
            lambda: members.change_level(
                member.pk, form.cleaned_data["level"], actor=person(request)
            ),
        )
    ):
        messages.success(request, _("Saved."))
        return redirect("accounts:member-list", organisation_id)
    page = {"organisation": member.organisation, "member": member, "form": form}
    page |= {"oneself": member.user_id == person(request).pk}
    return render(request, "accounts/member_detail.html", page)


@require_POST
def member_remove(request: HttpRequest, organisation_id: UUID, member_id: int) -> HttpResponse:
    member = _managed(request, organisation_id, member_id)
    if attempt(request, None, lambda: members.remove_member(member.pk, actor=person(request))):
        messages.success(request, _("The member was removed."))
    return _after_parting(request, organisation_id)


@require_POST
def member_transfer(request: HttpRequest, organisation_id: UUID, member_id: int) -> HttpResponse:
    member = _managed(request, organisation_id, member_id)
    if attempt(request, None, lambda: members.transfer_ownership(member.pk, actor=person(request))):
        messages.success(request, _("The ownership was handed on."))
    return redirect("accounts:member-list", organisation_id)


@require_http_methods(FORM_METHODS)
@follows_merges
def organisation_leave(request: HttpRequest, organisation_id: UUID) -> HttpResponse:
    """Ask once more, then let the person go."""
    mine = Organisation.objects.of_member(request.user)
    organisation = get_object_or_404(mine, pk=organisation_id)
    if request.method != "POST":
        return render(request, "accounts/organisation_leave.html", {"organisation": organisation})
    if attempt(request, None, lambda: members.leave(organisation.pk, actor=person(request))):
        messages.success(request, _("You no longer act for this organisation."))
    return _after_parting(request, organisation_id)


def _managed(request: HttpRequest, organisation_id: UUID, member_id: int) -> Membership:
    """Return a member of an organisation one owns, or answer that there is none."""
    managed = rights.with_right(Organisation.objects.all(), request.user, "manage_members")
    organisation = get_object_or_404(managed, pk=organisation_id)
    rows = Membership.objects.select_related("organisation", "user")
    return get_object_or_404(rows, pk=member_id, organisation=organisation)


def _after_parting(request: HttpRequest, organisation_id: UUID) -> HttpResponse:
    seen = Organisation.objects.visible_to(request.user).filter(pk=organisation_id)
    if seen.exists():
        return redirect("accounts:member-list", organisation_id)
    return redirect("accounts:profile")
