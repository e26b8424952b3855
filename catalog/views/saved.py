"""Searches kept by readers: the form for everybody, and the page of the link."""

from allauth.core.internal import ratelimit
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.views.access import FORM_METHODS
from catalog.models import SavedSearch
from catalog.saved import reading, saving
from catalog.saved.forms import SaveForm
from catalog.version import version_now
from catalog.vocabulary import names_at
from core.http import attempt

# From one address of the network: each sends a mail.
RATES = {"save_search": "5/m,20/h"}


@require_http_methods(FORM_METHODS)
@never_cache
def save_search(request: HttpRequest) -> HttpResponse:
    """Take an address for the list that the query string asks for."""
    asked = reading.read(request.GET.urlencode(), names_at(version_now().edition))
    form, status = SaveForm(request.POST or None), 200
    if form.is_bound and form.is_valid():
        if ratelimit.consume(request, app="portal", action="save_search", config=RATES) is None:
            form.add_error(None, _("Too many were sent in a short time. Please try again later."))
            status = 429
        elif attempt(request, form, lambda: saving.ask(query=asked.query, **form.given())):
            address = form.cleaned_data["address"]
            page = {"address": address, "query": asked.query}
            return render(request, "catalog/saved/sent.html", page)
        else:
            status = 400
    page = {"form": form, "words": asked.words, "query": asked.query}
    return render(request, "catalog/saved/form.html", page, status=status)


@require_safe
@never_cache
def saved_search(request: HttpRequest, token: str) -> HttpResponse:
    """Show what is kept; confirming and ending take a button, for programs open links."""
    found = _found(token)
    words = reading.read(found.query, names_at(version_now().edition)).words
    page = {"search": found, "words": words, "token": token}
    return render(request, "catalog/saved/search.html", page)


@require_POST
def saved_search_confirm(request: HttpRequest, token: str) -> HttpResponse:
    saving.confirm(_found(token).pk)
    return redirect("catalog:saved-search", token)


@csrf_exempt  # a mail program presses the button of its own (RFC 8058); the link is the right
@require_POST
@never_cache
def saved_search_end(request: HttpRequest, token: str) -> HttpResponse:
    """End it at once; pressed twice it is over all the same."""
    if found := saving.by_token(token):
        saving.end(found.pk)
    return render(request, "catalog/saved/over.html")


def _found(token: str) -> SavedSearch:
    found = saving.by_token(token)
    if found is None:
        raise Http404
    return found
