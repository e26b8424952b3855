"""The few pages that span everything, and what is shown when a page cannot be."""

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template import loader
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from catalog.sync import deliveries
from core import outbox
from core.http import from_here, send_again
from demo import progress as demo_progress
from pool_portal import figures
from pool_portal.forms import SearchForm
from pool_portal.showcase import showcase
from pool_portal.workplace import desks

INTO_THE_POOL = [
    {"label": _("Declaration"), "text": _("An organisation files it in a collection activity.")},
    {"label": _("Formal check"), "text": _("Officers check that it is complete and eligible.")},
    {"label": _("Expert review"), "text": _("Experts without a conflict score it.")},
    {
        "label": _("Decision and publicity"),
        "text": _("What is to be included is made public for a period."),
    },
    {"label": _("Listed in the pool"), "text": _("It is public, and stays under review.")},
]


def home(request: HttpRequest) -> HttpResponse:
    """Show what the pool is and the three ways into it."""
    catalogue = reverse("catalog:technology-list")
    return render(
        request,
        "home.html",
        {
            "search": SearchForm(action=catalogue),
            "catalogue_url": catalogue,
            "activities_url": reverse("submissions:activity-list"),
            "workplace_url": reverse("workplace"),
            "loading": demo_progress.current() if settings.DEMO else None,
            "figures": figures.of_the_pool(),
            "path": INTO_THE_POOL,
        },
    )


def workplace(request: HttpRequest) -> HttpResponse:
    """Show what waits for the person, in each of their roles."""
    return render(request, "workplace.html", {"desks": list(desks(request.user))})  # type: ignore[arg-type]  # the gate lets nobody else in


def healthz(request: HttpRequest) -> JsonResponse:
    """Say that the database answers, and how long the oldest owed work has waited (seconds)."""
    waiting = {"outbox": outbox.oldest_wait(), "deliveries": deliveries.oldest_wait()}
    return JsonResponse({"status": "ok", "oldest_seconds": waiting})


def components(request: HttpRequest) -> HttpResponse:
    """Show every part pages are made of, in each of its states."""
    return render(request, "components.html", showcase())


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Refuse a form that was not sent from a page of this portal, or from one too old.

    Signing in again makes the pages that were open too old. What they carry is kept, where the
    browser says that it was this portal's page: nobody else's form is offered for sending.
    """
    if from_here(request):
        return send_again(request, "page_too_old.html", status=403)
    return render(request, "csrf_failure.html", status=403)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what cannot be understood."""
    return HttpResponse(_bare_page("400.html"), status=400)


def server_error(request: HttpRequest) -> HttpResponse:
    """Say that it failed, with the number under which the log tells why."""
    return HttpResponse(_bare_page("500.html"), status=500)


def _bare_page(name: str) -> str:
    """A page that needs no request, no context processor and no database."""
    reference = structlog.contextvars.get_contextvars().get("request_id", "")
    return loader.render_to_string(name, {"reference": reference, "DEMO": settings.DEMO})
