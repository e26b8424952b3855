"""Pages that exist in the demonstration only: where to begin, the mails, how far the load is."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core.models import StoredMail
from demo import codes, mails, tries
from demo import progress as loading
from demo.codes import Credentials
from demo.forms import MailPageForm
from demo.tries import Try


@never_cache
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Show who one can sign in as, with the one-time codes of this moment."""
    return render(
        request,
        "demo/start.html",
        {
            "progress": loading.current(),
            "logins": [_entry(one) for one in codes.credentials()],
            "tries": [_try(one) for one in tries.found()],
            "seconds_left": codes.seconds_left(),
            "activities_url": _address("submissions:activity-list"),
            "catalogue_url": _address("catalog:technology-list"),
            "signup_url": _address("account_signup"),
        },
    )


@never_cache
@require_safe
def progress(request: HttpRequest) -> HttpResponse:
    """Show how far the load is: the part alone for htmx, a page for everyone else."""
    part = request.headers.get("HX-Request") == "true"
    template = "demo/_progress.html" if part else "demo/progress.html"
    here = "here" in request.GET  # asked for by the page that the part would lead to
    return render(request, template, {"progress": loading.current(), "here": here})


@never_cache
@require_safe
def mail_list(request: HttpRequest) -> HttpResponse:
    rows, rest = mails.page(MailPageForm(request.GET).place())
    here = reverse("demo:mail-list")
    return render(
        request,
        "demo/mail_list.html",
        {
            "mails": rows,
            "newest_url": here if request.GET else "",
            "next_url": f"{here}?{urlencode({'before': rest})}" if rest else "",
        },
    )


@never_cache
@require_safe
def mail_detail(request: HttpRequest, mail_id: UUID) -> HttpResponse:
    mail = get_object_or_404(StoredMail, pk=mail_id)
    return render(request, "demo/mail_detail.html", {"mail": mail})


def _try(one: Try) -> dict[str, Any]:
    """Give the address, by way of signing in as the person it is for."""
    if one.who is None:
        return {"label": one.label, "who": "", "url": one.url}
    url = f"{_address('account_login')}?{urlencode({'next': one.url})}"
    return {"label": one.label, "who": one.who.email, "name": one.who.name, "url": url}


def _entry(one: Credentials) -> dict[str, Any]:
    places = filter(None, map(_address, one.login.places))
    sign_in = _address("account_login")
    query = urlencode({"next": next(places, "")})
    return {"login": one.login, "credentials": one, "sign_in_url": f"{sign_in}?{query}"}


def _address(name: str) -> str:
    """Return the address of that name, or nothing while no page has it."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
