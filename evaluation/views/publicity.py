"""The public list: what is in publicity, and how what was there came out."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.clock import database_now
from evaluation.forms import KeyForm
from evaluation.publicity import page as publicity_page


@require_safe
def publicity_list(request: HttpRequest) -> HttpResponse:
    # Everybody sees the same page: it is asked for as nobody.
    now, ended = database_now(), KeyForm({"after": request.GET.get("ended", "")}).key()
    page = {
        "page": publicity_page.current(KeyForm(request.GET).key(), now),
        "ended": publicity_page.ended(ended, now),
        "later": bool(ended),
    }
    return render(request, "evaluation/publicity_list.html", page)
