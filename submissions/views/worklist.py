"""The way from the list of declarations to their desks and on, filtered as the list was."""

from copy import copy
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import SuspiciousOperation
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from submissions import queue
from submissions.models import Declaration

# As Django calls it where it goes from a list to a row and back.
FILTERS = "_changelist_filters"
OF_A_PAGE = ("p", "o", "all", "e")  # where one stands in the list, and how it was sorted


class Worklist(ChangeList):
    """The list; what waits leads to where it is worked on."""

    def url_for_result(self, result: Any) -> str:
        return (
            desk_url(result) if result.status in queue.WAITING else super().url_for_result(result)
        )


def desk_url(declaration: Declaration, request: HttpRequest | None = None) -> str:
    """Return the address of the desk; of a ``request``: with its list's filters."""
    url = reverse("admin:submissions_declaration_check", args=[declaration.pk])
    return url + filters_of(request) if request else url


def filters_of(request: HttpRequest) -> str:
    """Return the filters a page was opened with, to be put behind an address."""
    asked = request.GET.get(FILTERS, "")
    return f"?{urlencode({FILTERS: asked})}" if asked else ""


def list_url(request: HttpRequest) -> str:
    asked = request.GET.get(FILTERS, "")
    url = reverse("admin:submissions_declaration_changelist")
    return f"{url}?{asked}" if asked else url


def rows_of(request: HttpRequest) -> QuerySet[Declaration]:
    """Return the queue of this officer, as the list was filtered."""
    asked = QueryDict(request.GET.get(FILTERS, "")).copy()
    for name in OF_A_PAGE:
        asked.pop(name, None)
    rows = queue.to_work_on(request.user, held_by_others="holder" in asked)
    return rows.filter(pk__in=_filtered(request, asked).values("pk")) if asked else rows


def _filtered(request: HttpRequest, asked: QueryDict) -> QuerySet[Declaration]:
    model_admin = admin.site.get_model_admin(Declaration)
    listed = copy(request)
    listed.GET = asked  # type: ignore[assignment]  # an own copy, which may be changed
    try:
        rows: QuerySet[Declaration] = model_admin.get_changelist_instance(listed).queryset
    except (IncorrectLookupParameters, SuspiciousOperation):
        return model_admin.get_queryset(request)  # made up: as if nothing was asked
    return rows


def following_url(request: HttpRequest, declaration: Declaration) -> str:
    """Return where to go on once this one is decided: the next desk, or the list."""
    following = queue.following(declaration, rows_of(request))
    return desk_url(following, request) if following else list_url(request)


def open_queue(request: HttpRequest) -> HttpResponse:
    """Open the desk of what has waited longest."""
    first = rows_of(request).first()
    if first is None:
        messages.info(request, _("Nothing waits for you here."))
        return redirect(list_url(request))
    return redirect(desk_url(first, request))
