"""Public overviews of the catalogue. No session, no cookie; alike for everybody."""

import csv
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from catalog.browsing.held import held_at
from catalog.middleware import same_for_everybody, without_query
from catalog.models import Technology
from catalog.overviews import codes, index, origins, regions, statistics
from catalog.overviews.among import where
from catalog.version import Version, version_now
from catalog.vocabulary import names_at
from submissions.models import Activity


@require_safe
@without_query
@same_for_everybody
def browse_by(request: HttpRequest) -> HttpResponse:
    asked = _asked(request)
    context = index.page(asked.rows, asked.held, asked.names)
    return render(request, "catalog/overviews/index.html", context)


@require_safe
@same_for_everybody
def by_code(request: HttpRequest, code: str, facet: str) -> HttpResponse:
    asked = _asked(request)
    context = codes.page(facet, code, asked.rows, asked.held, asked.names)
    return _answer(request, "catalog/overviews/code.html", context)


@require_safe
@same_for_everybody
def by_holder(request: HttpRequest, id: UUID) -> HttpResponse:
    return _answer(request, ORIGIN, origins.of_holder(id, _asked(request)))


@require_safe
def by_activity(request: HttpRequest, code: str) -> HttpResponse:
    activity = get_object_or_404(Activity.objects.visible_to(request.user), code=code)
    context = origins.of_activity(activity, _asked(request))
    # Before anything is listed the title is that of the activity: it may change any day.
    answer = same_for_everybody(_answer) if context["total"] else _answer
    return answer(request, ORIGIN, context)


@require_safe
@same_for_everybody
def by_earlier_list(request: HttpRequest, code: str) -> HttpResponse:
    return _answer(request, ORIGIN, origins.of_list(code, _asked(request)))


@require_safe
@without_query
@same_for_everybody
def reference_cases(request: HttpRequest) -> HttpResponse:
    version = version_now()
    context = regions.page(held_at(version), names_at(version.edition))
    context["as_of"] = statistics.as_of(version, localdate())
    return render(request, "catalog/overviews/reference_cases.html", context)


@require_safe
@without_query
@same_for_everybody
def reference_cases_csv(request: HttpRequest) -> HttpResponse:
    version = version_now()
    return _file("reference-cases", regions.lines(held_at(version), names_at(version.edition)))


@require_safe
@without_query
@same_for_everybody
def statistics_page(request: HttpRequest) -> HttpResponse:
    version = version_now()
    context = statistics.page(_seen(request, version))
    context["as_of"] = statistics.as_of(version, localdate())
    return render(request, "catalog/overviews/statistics.html", context)


@require_safe
@without_query
@same_for_everybody
def statistics_csv(request: HttpRequest, name: str) -> HttpResponse:
    lines = statistics.lines(name, _seen(request, version_now()))
    if lines is None:
        raise Http404
    return _file(f"statistics-{name}", lines)


ORIGIN = "catalog/overviews/origin.html"


def _asked(request: HttpRequest) -> origins.Asked:
    version = version_now()
    return origins.Asked(
        Technology.objects.visible_to(request.user),
        held_at(version),
        where(request.GET.get("after", ""), request.GET.get("before", "")),
        names_at(version.edition),
    )


def _seen(request: HttpRequest, version: Version) -> statistics.Seen:
    rows = Technology.objects.visible_to(request.user)
    return statistics.Seen(rows, held_at(version), names_at(version.edition))


def _file(name: str, lines: Iterable[list[str]]) -> HttpResponse:
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response.write("\ufeff")  # a spreadsheet reads Chinese only then
    csv.writer(response).writerows(lines)
    return response


def _answer(request: HttpRequest, template: str, context: dict[str, Any] | None) -> HttpResponse:
    if context is None:
        raise Http404
    return render(request, template, context)
