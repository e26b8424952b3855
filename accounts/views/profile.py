"""One's own account."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import services
from accounts.forms import ProfileForm
from accounts.models import Membership, User
from accounts.views.access import FORM_METHODS
from core.http import attempt


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
