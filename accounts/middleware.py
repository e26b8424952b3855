"""The gate: an address the table of rights does not know is not there, for anyone."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.cache import patch_cache_control

from accounts.roles import SECOND_FACTOR
from core import rights
from core.http import send_again

# Where someone who still has to set up a second factor may go.
WITHOUT_SECOND_FACTOR = frozenset(
    {
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_index",
        "account_logout",
        "account_reauthenticate",
        "mfa_reauthenticate",
    }
)
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


class AddressGate:
    """Asks the table before a view is called; what the row behind it grants, the view asks."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        # What one person is shown lies in no cache, on no shared computer.
        if _has_session(request) and not response.has_header("Cache-Control"):
            patch_cache_control(response, private=True, no_store=True)
        return response

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        match = request.resolver_match
        name = match.view_name if match else ""
        address = rights.address_of(name)
        if address is None:
            raise Http404(f"{name} is not in the table of rights")
        if not address.signed_in and not _has_session(request):
            return None  # a visitor's page asks nothing of the database
        user = request.user
        if not user.is_authenticated:
            return _sign_in_first(request) if address.signed_in else None
        if address.roles and not (address.roles & user.roles):
            raise Http404
        if name not in WITHOUT_SECOND_FACTOR and _lacks_second_factor(user):
            return redirect("mfa_activate_totp")
        return None


def _sign_in_first(request: HttpRequest) -> HttpResponse:
    if request.headers.get("Accept", "").lstrip().lower().startswith("application/json"):
        # A script asked: it would take the page of the sign-in for its answer.
        return JsonResponse({}, status=HTTPStatus.UNAUTHORIZED)
    if request.method == "POST":
        return send_again(request, "signed_out.html", status=HTTPStatus.UNAUTHORIZED)
    return redirect_to_login(request.get_full_path())


def _has_session(request: HttpRequest) -> bool:
    return settings.SESSION_COOKIE_NAME in request.COOKIES


def _lacks_second_factor(user: Any) -> bool:
    """Say whether a role demands one and there is none; recovery codes alone are none."""
    return bool(user.roles & SECOND_FACTOR) and not is_mfa_enabled(user, types=FACTORS)
