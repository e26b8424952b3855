"""Technologies side by side, as a page and as CSV. No session, no cookie."""

import csv

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from catalog.comparing import page
from catalog.middleware import same_for_everybody
from catalog.models import Technology
from catalog.version import version_now
from catalog.vocabulary import names_at


@require_safe
@same_for_everybody
def compare(request: HttpRequest) -> HttpResponse:
    chosen = page.chosen(request.GET.getlist("with"), Technology.objects.visible_to(request.user))
    context = page.comparison(chosen, names_at(version_now().edition))
    return render(request, "catalog/compare.html", context)


@require_safe
def compare_csv(request: HttpRequest) -> HttpResponse:
    chosen = page.chosen(request.GET.getlist("with"), Technology.objects.visible_to(request.user))
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="comparison.csv"'
    response.write("\ufeff")  # a spreadsheet reads Chinese only then
    writer = csv.writer(response)
    writer.writerows(page.lines(chosen, names_at(version_now().edition)))
    return response
