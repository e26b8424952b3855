"""Feeds, whole files, and the pages that tell machines' owners what there is. No cookie."""

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from catalog.browsing.forms import BrowseForm
from catalog.harvest import feeds, files
from catalog.harvest.machines import machines_page, mapping_page
from catalog.middleware import same_for_everybody, without_query
from catalog.version import version_now
from catalog.views.harvest import FRESH, public, told
from catalog.vocabulary import names_at

LATER = 300  # seconds after which files are there that have not been written yet
WRITTEN = {
    "atom": (feeds.atom, "application/atom+xml; charset=utf-8"),
    "rss": (feeds.rss, "application/rss+xml; charset=utf-8"),
}


@require_safe
@same_for_everybody
def feed(request: HttpRequest, form: str) -> HttpResponse:
    """Answer with what is new in the list that the query asks for."""
    version = version_now()
    names = names_at(version.edition)
    found = feeds.feed(public(), BrowseForm(request.GET, vocabulary=names), names, version)
    if found is None:
        raise Http404
    write, kind = WRITTEN[form]
    return told(request, write(found), kind)


@require_safe
def machines(request: HttpRequest) -> HttpResponse:
    return render(request, "catalog/machines.html", machines_page())


@require_safe
@without_query
@same_for_everybody
def mapping(request: HttpRequest) -> HttpResponse:
    return render(request, "catalog/mapping.html", mapping_page())


@require_safe
def bulk_manifest(request: HttpRequest) -> HttpResponse:
    if files.current() is None:
        return _later()
    return told(request, files.manifest_text(), "application/json")


@require_safe
def bulk_newest(request: HttpRequest, name: str) -> HttpResponse:
    """Answer the address that stays: see the files that count now."""
    if name not in files.KINDS:
        raise Http404(name)
    if (manifest := files.current()) is None:
        return _later()
    where = reverse("harvest:bulk-file", args=[manifest["folder"], name])
    response = HttpResponseRedirect(where)
    response["Cache-Control"] = FRESH
    return response


@require_safe
def bulk_file(request: HttpRequest, folder: str, name: str) -> HttpResponse:
    """Hand out a file; what lies in a folder never changes."""
    if (file := files.opened(folder, name)) is None:
        raise Http404(f"{folder}/{name}")
    etag, modified = f'"{folder}/{name}"', int(files.modified(file))
    response: Any = FileResponse(
        file, content_type=files.KINDS[name], as_attachment=True, filename=name
    )
    response["ETag"] = etag
    response["Cache-Control"] = FRESH
    response.headers["Last-Modified"] = http_date(modified)
    unchanged: Any = get_conditional_response(request, etag=etag, last_modified=modified)
    if unchanged is None:
        return response  # type: ignore[no-any-return]  # django-stubs know no HttpResponseBase here
    file.close()
    return unchanged  # type: ignore[no-any-return]  # as above


def _later() -> HttpResponse:
    """Say that the files are still to be written."""
    return HttpResponse(status=503, headers={"Retry-After": str(LATER)})
