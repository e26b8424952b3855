"""What the interface is: for programs as OpenAPI, for people as a page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from catalog.api import reference
from catalog.api.door import document
from catalog.api.http import answer
from catalog.middleware import same_for_everybody, without_query


def openapi(request: HttpRequest) -> HttpResponse:
    return answer(request, document)


@require_safe
@without_query
@same_for_everybody
def page(request: HttpRequest) -> HttpResponse:
    return render(request, "catalog/api.html", reference.page(document()))
