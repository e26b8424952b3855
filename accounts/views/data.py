"""What the portal holds about oneself: handed out, and erased."""

from allauth.core.internal import ratelimit
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import erasure, personal, services
from accounts.forms import PasswordForm
from accounts.views.access import FORM_METHODS, person
from core.http import attempt


@require_safe
def data(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/data.html", {"form": PasswordForm(user=person(request))})


@require_POST
def data_export(request: HttpRequest) -> HttpResponse:
    """Answer with the file, once the password was given again."""
    form = PasswordForm(request.POST, user=person(request))
    if not _may_try(request):
        return _too_often(request)
    if not form.is_valid():
        return render(request, "accounts/data.html", {"form": form})
    text = services.hand_out_data(person(request).pk, actor=person(request))
    return HttpResponse(
        text,
        content_type="application/json; charset=utf-8",
        headers={
            "Content-Disposition": 'attachment; filename="technology-pool-data.json"',
            "X-Content-Type-Options": "nosniff",
        },
    )


@require_http_methods(FORM_METHODS)
def data_erase(request: HttpRequest) -> HttpResponse:
    """Say what stays and what stands in the way; then take the password, and erase."""
    user = person(request)
    form = PasswordForm(request.POST or None, user=user)
    if form.is_bound and not _may_try(request):
        return _too_often(request)
    if (
        form.is_bound
        and form.is_valid()
        and attempt(request, form, lambda: erasure.erase(user.pk, actor=user))
    ):
        logout(request)
        return render(request, "accounts/data_erased.html")
    page = {"form": form, "reasons": personal.reasons_to_wait(user)}
    return render(request, "accounts/data_erase.html", page)


def _too_often(request: HttpRequest) -> HttpResponse:
    answer: HttpResponse = ratelimit.respond_429(request)
    return answer


def _may_try(request: HttpRequest) -> bool:
    """Count the guesses at a password as those of a sign-in done again."""
    return ratelimit.consume(request, app="allauth.account", action="reauthenticate") is not None
