"""The public list: what is in publicity, and how what was there came out."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.clock import database_now
from evaluation.forms import KeyForm
from evaluation.publicity import contents
from evaluation.publicity import page as publicity_page
from submissions import joint


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


@require_safe
def publicity_entry(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Show what an objection can be about; afterwards, only how it came out."""
    entry = publicity_page.entry_of(case_id, database_now())
    if entry is None:
        raise Http404
    page = {
        "entry": entry,
        "joint": joint.of_version(entry.case.version),
        "contents": contents.drawn(entry.case) if entry.is_current else [],
    }
    return render(request, "evaluation/publicity_entry.html", page)
