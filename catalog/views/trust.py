"""Signed records for everybody, and the page that checks them. No session, no cookie."""

import hashlib
from typing import Any, cast

from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from catalog.models import SignedRecord, SigningKey, Technology
from catalog.states import GONE
from catalog.trust import badge as badges
from catalog.trust import checking, credentials, delisting
from catalog.trust import records as signed
from catalog.trust.forms import LARGEST, NumberForm, RecordForm
from catalog.trust.keys import KeyMissingError
from core.canonical import canonical_json

JSON, VC = "application/json", "application/vc"
AROUND = 64 * 1024  # bytes a form adds to the file in it
BADGE_SECONDS = 300  # how long a badge may outlive the listing in a browser
ANYBODY = AnonymousUser()  # of what machines read; who asks is not looked at

# How the verifier is called where there is no portal.
COMMAND = (
    "python3 verify_record.py RECORD.json"
    " --keys technology-pool-keys.json --revocations technology-pool-delisted.json"
)


@require_safe
def keys(request: HttpRequest) -> HttpResponse:
    """Answer with the public halves of all keys there ever were."""
    rows = SigningKey.objects.visible_to(ANYBODY)
    return _document(request, canonical_json(credentials.key_document(rows)), JSON)


@require_safe
def delisted(request: HttpRequest) -> HttpResponse:
    """Answer with the signed list; who has the one of now is told so by its name alone."""
    name = delisting.name_now()
    response = _for_programs(VC)
    # Weak: of one name there may be two, made by two processes, that say the same.
    etag = f'W/"{name}"' if name else ""
    if etag:
        response["ETag"] = etag
    answer: Any = get_conditional_response(request, etag=etag or None, response=response)
    if answer.status_code != 200:
        return cast(HttpResponse, answer)
    try:
        response.content = delisting.signed_list(name)
    except KeyMissingError:
        said = _("The list cannot be signed at present. Use the check page instead.")
        return HttpResponse(said, status=503, content_type="text/plain; charset=utf-8")
    return response


@require_safe
def record(request: HttpRequest, number: str) -> HttpResponse:
    """Answer with the signed record of what is public now; of one that is gone, its tombstone."""
    technology = get_object_or_404(Technology.objects.visible_to(ANYBODY), number=number)
    found = signed.newest(technology, ANYBODY)
    return _signed(request, technology, found)


@require_safe
def version(request: HttpRequest, number: str, version: int) -> HttpResponse:
    found = signed.of_version(number, version, ANYBODY)
    return _signed(request, found.version.technology if found else None, found)


@require_safe
def records(request: HttpRequest) -> HttpResponse:
    """Lead to the check page: terms of the signed documents have this address in front."""
    return redirect("catalog:check")


@require_safe
def code(request: HttpRequest, code: str) -> HttpResponse:
    """Lead from the QR code of a certificate to what is said of it, in the reader's language."""
    return redirect(f"{reverse('catalog:check')}?{urlencode({'q': code})}")


@require_safe
@cache_control(public=True, max_age=BADGE_SECONDS)
def badge(request: HttpRequest, number: str) -> HttpResponse:
    """Answer with a drawing other sites may show; it says so when the listing ended."""
    technology = get_object_or_404(Technology.objects.visible_to(ANYBODY), number=number)
    drawn = render_to_string("catalog/badge.svg", badges.badge(technology))
    response = HttpResponse(drawn, content_type="image/svg+xml")
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


# Exempt from the token against forged forms, which needs a cookie: this page has none, asks who
# sent it nothing, and changes nothing. A form another site sends here gains that site nothing.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(no_cache=True)
def check(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        return _check_record(request)
    asked = NumberForm(request.GET)
    finding = None
    if asked.is_valid() and asked.cleaned_data["q"].strip():
        finding = checking.by_text(asked.cleaned_data["q"], request.user)
    return _page(request, asked, RecordForm(), finding)


def _check_record(request: HttpRequest) -> HttpResponse:
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST + AROUND:
        # Not read at all.
        form = RecordForm({})
        form.errors.clear()
        form.add_error(None, _("A signed record is smaller than 1 MB."))
        return _page(request, NumberForm(), form, None, status=413)
    form = RecordForm(request.POST, request.FILES)
    if not form.is_valid():
        large = form.has_error("__all__", "large")
        return _page(request, NumberForm(), form, None, status=413 if large else 400)
    finding = checking.by_document(form.cleaned_data["content"], request.user)
    return _page(request, NumberForm(), RecordForm(), finding)


def _page(
    request: HttpRequest,
    asked: NumberForm,
    brought: RecordForm,
    finding: checking.Finding | None,
    *,
    status: int = 200,
) -> HttpResponse:
    page = {
        "asked": asked,
        "command": COMMAND,
        "brought": brought,
        "finding": finding,
        "keys_url": reverse("trust:keys"),
        "delisted_url": reverse("trust:delisted"),
        "list_url": reverse("catalog:technology-list"),
    }
    return render(request, "catalog/check.html", page, status=status)


def _signed(
    request: HttpRequest, technology: Technology | None, found: SignedRecord | None
) -> HttpResponse:
    if technology is None or found is None:
        raise Http404
    status = 410 if technology.status in GONE else 200
    response = _document(request, canonical_json(found.document), VC, status=status)
    name = f"{technology.number}-{found.version.number}.json"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _document(
    request: HttpRequest, content: bytes, media_type: str, *, status: int = 200
) -> HttpResponse:
    """Answer with a document for programs, those of other sites too."""
    response = _for_programs(media_type)
    response.content, response.status_code = content, status
    response["ETag"] = etag = f'"{hashlib.sha256(content).hexdigest()}"'
    if status != 200:
        return response
    answer: Any = get_conditional_response(request, etag=etag, response=response)
    return answer or response


def _for_programs(media_type: str) -> HttpResponse:
    response = HttpResponse(content_type=media_type)
    response["Cache-Control"] = "public, no-cache"
    response["Access-Control-Allow-Origin"] = "*"
    return response
