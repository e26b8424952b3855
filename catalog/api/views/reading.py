"""What programs read: each function answers one address."""

from typing import Any
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from ninja import Query

from catalog.api import asking, changes, documents, links, listing
from catalog.api.asking import ChangesQuery, ListQuery
from catalog.api.http import answer, tag_of
from catalog.api.problems import Problem
from catalog.models import Technology, TechnologyQuerySet
from catalog.states import GONE, TechnologyStatus
from catalog.version import version_now
from catalog.vocabulary import names_at, reference_at


def entry(request: HttpRequest) -> HttpResponse:
    _nothing_asked(request)
    return answer(request, documents.entry)


def technologies(request: HttpRequest, query: Query[ListQuery]) -> HttpResponse:
    given = list(request.GET.lists())
    asking.refuse_others(given, ListQuery.model_fields, ranges=True)
    asking.check_size(query.size, _scopes(request))
    version = version_now()
    wanted = asking.wanted(query, given, names_at(version.edition))

    def page() -> Any:
        pages = links.Pages(wanted, query.size, query.counts)
        listed = listing.listing(_public(), wanted, version, query.size)
        return documents.listing(listed, pages, version, counts=query.counts)

    return answer(request, page, tag="" if wanted.text else tag_of(request, version))


def technology(request: HttpRequest, id: UUID) -> HttpResponse:
    _nothing_asked(request)
    one = _of_the_pool(id)
    return answer(
        request,
        lambda: documents.technology(one),
        tag=f"{one.content_hash}.{one.seq}",
        changed_at=one.changed_at,
    )


def versions(request: HttpRequest, id: UUID) -> HttpResponse:
    _nothing_asked(request)
    one = _listed(id)
    rows = one.versions.defer("content").order_by("number")
    return answer(request, lambda: documents.versions(one, rows))


def version(request: HttpRequest, id: UUID, number: int) -> HttpResponse:
    _nothing_asked(request)
    row = _listed(id).versions.filter(number=number).first()
    if row is None:
        raise Problem("not-found", "This technology has no such version.")
    return answer(
        request,
        lambda: documents.version(row),
        tag=f"{row.content_hash}.{row.number}",
        changed_at=row.published_at,
    )


def changed(request: HttpRequest, query: Query[ChangesQuery]) -> HttpResponse:
    asking.refuse_others(request.GET.lists(), ChangesQuery.model_fields)
    asking.check_size(query.size, _scopes(request))
    now = version_now()
    return answer(
        request, lambda: changes.since(query.since, query.size, now), tag=tag_of(request, now)
    )


def taxonomy(request: HttpRequest) -> HttpResponse:
    _nothing_asked(request)
    edition = version_now().edition
    return answer(
        request,
        lambda: documents.taxonomy(reference_at(edition), edition),
        tag=f"taxonomy-{edition}",
    )


def statistics(request: HttpRequest) -> HttpResponse:
    _nothing_asked(request)
    now = version_now()
    return answer(
        request,
        lambda: documents.statistics(listing.everything(now), now),
        tag=tag_of(request, now),
    )


def _public() -> TechnologyQuerySet:
    """A token opens nothing that anybody may not see."""
    return Technology.objects.visible_to(AnonymousUser())


def _of_the_pool(pk: UUID) -> Technology:
    one = _public().defer("search", "traits", "figures").filter(pk=pk).first()
    if one is None:
        raise Problem("not-found", "There is no such technology.")
    if one.status in GONE:
        raise Problem("gone", record=one.content)
    return one


def _listed(pk: UUID) -> Technology:
    one = _of_the_pool(pk)
    if one.status != TechnologyStatus.LISTED:
        raise Problem("not-found", "Versions are shown while the technology is listed.")
    return one


def _scopes(request: HttpRequest) -> frozenset[str]:
    scopes: frozenset[str] = getattr(request, "scopes", frozenset())
    return scopes


def _nothing_asked(request: HttpRequest) -> None:
    asking.refuse_others(request.GET.lists(), ())
