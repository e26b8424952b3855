"""The catalogue for officers, and what is owed to the platform for whoever looks after it."""

import json
from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from catalog import admin_collections, admin_earlier, admin_enquiries, admin_measures, admin_tokens
from catalog.models import Batch, Delivery, Destination, Technology
from catalog.workflow import DESTINATIONS, TECHNOLOGIES
from core import acts, rights
from core.admin import ReadOnlyAdmin, StepsAdmin
from core.beside import Link, beside
from evaluation.models import Case
from submissions.models import Declaration

MANAGE = "manage"

acts.name(
    {
        "technology.listed": _("Listed in the catalogue"),
        "technology.confirmed": _("Particulars confirmed by the holder"),
        "technology.translated": _("Translation published"),
        "signing key.begun": _("Signing key brought into use"),
        "signing key.rotated": _("Signing key given up"),
        "signing key.compromised": _("Signing key declared compromised"),
    }
)


@beside(Declaration)
def technology_of(declaration: Declaration, person: Any) -> Iterator[Link]:
    yield from _to_technology(person, case__declaration=declaration)


@beside(Case)
def technology_of_case(case: Case, person: Any) -> Iterator[Link]:
    yield from _to_technology(person, case=case)


def _to_technology(person: Any, **which: Any) -> Iterator[Link]:
    for one in rights.with_right(Technology.objects.filter(**which), person, MANAGE):
        url = reverse("admin:catalog_technology_change", args=[one.pk])
        yield Link(_("Technology"), f"{one.number} {one.title}", url)


@beside(Technology)
def origin(technology: Technology, person: Any) -> Iterator[Link]:
    """Lead back to what the record follows from, as far as the officer may see it."""
    if technology.case_id is None:
        return
    cases = Case.objects.visible_to(person).filter(pk=technology.case_id)
    for case in cases.select_related("declaration"):
        url = reverse("admin:evaluation_case_change", args=[case.pk])
        yield Link(_("Case"), str(case), url)
    filed = Declaration.objects.visible_to(person).filter(case=technology.case_id)
    for declaration in filed:
        url = reverse("admin:submissions_declaration_change", args=[declaration.pk])
        yield Link(_("Declaration"), declaration.number or "", url)


@admin.register(Technology)
class TechnologyAdmin(StepsAdmin[Technology]):
    """Nothing is edited here: a record follows from what was filed, its state from measures."""

    workflow = TECHNOLOGIES
    list_display = ("number", "title", "holder", "status", "listed_at", "valid_until", "arrived")
    list_filter = ("status", "subcategory__field")
    list_select_related = ("holder",)
    search_fields = ("number", "titles", "holder__name_en", "holder__name_zh")
    readonly_fields = (
        "number",
        "title",
        "holder",
        "status",
        "listed_at",
        "changed_at",
        "confirmed_at",
        "valid_until",
        "seq",
        "content_hash",
        "public_page",
        "sent",
        "record",
    )
    fields = readonly_fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Technology]:
        # Anyone may read a technology; here is what one manages, so nothing of one's own house.
        rows = Technology.objects.select_related("holder")
        owed = Delivery.objects.filter(aggregateid=OuterRef("pk"), state__in=Delivery.OUTSTANDING)
        return rights.with_right(rows, request.user, MANAGE).annotate(owed=Exists(owed))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return rights.may_ever(request.user, MANAGE, Technology)

    def has_view_permission(self, request: HttpRequest, obj: Technology | None = None) -> bool:
        return self._may(request, MANAGE, obj)

    @admin.display(description=_("title"))
    def title(self, one: Technology) -> str:
        return one.title

    @admin.display(description=_("on the platform"), boolean=True)
    def arrived(self, one: Any) -> bool:
        return not one.owed

    @admin.display(description=_("public page"))
    def public_page(self, one: Technology) -> SafeString:
        url = reverse("catalog:technology-detail", args=[one.pk])
        return format_html('<a href="{}">{}</a>', url, one.number)

    @admin.display(description=_("deliveries"))
    def sent(self, one: Technology) -> SafeString:
        url = reverse("admin:catalog_delivery_changelist")
        count = Delivery.objects.filter(aggregateid=one.pk).count()
        return format_html('<a href="{}?q={}">{}</a>', url, one.pk, count)

    @admin.display(description=_("public record"))
    def record(self, one: Technology) -> SafeString:
        text = json.dumps(one.content, ensure_ascii=False, indent=2, sort_keys=True)
        return format_html("<pre>{}</pre>", text)


_PAGES = {
    **admin_measures.PAGES,
    **admin_earlier.PAGES,
    **admin_enquiries.PAGES,
    **admin_collections.PAGES,
    **admin_tokens.PAGES,
}
for _model, _page in _PAGES.items():
    admin.site.register(_model, _page)


@admin.register(Destination)
class DestinationAdmin(StepsAdmin[Destination]):
    """Pausing one holds its events back; none is lost."""

    workflow = DESTINATIONS
    list_display = ("code", "name", "kind", "location", "status", "waiting", "last_error")
    readonly_fields = (
        "code",
        "name",
        "kind",
        "location",
        "batch_size",
        "status",
        "waiting",
        "last_error",
    )
    fields = readonly_fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Destination]:
        owed = Q(deliveries__state__in=Delivery.OUTSTANDING)
        # At most one batch of a destination is open.
        failed = Batch.objects.filter(destination=OuterRef("pk"), done_at=None)
        return (
            super()
            .get_queryset(request)
            .annotate(
                owed=Count("deliveries", filter=owed),
                failure=Subquery(failed.values("last_error")[:1]),
            )
        )

    @admin.display(description=_("waiting"))
    def waiting(self, one: Any) -> int:
        owed: int = one.owed
        return owed

    @admin.display(description=_("last error"))
    def last_error(self, one: Any) -> str:
        return one.failure or ""


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin[Delivery]):
    list_display = (
        "id",
        "aggregateid",
        "type",
        "seq",
        "destination",
        "state",
        "attempts",
        "created_at",
        "done_at",
        "last_error",
    )
    list_select_related = ("destination",)
    list_filter = ("destination", "state", "type")
    # The id of a technology, whole: a part of it would be looked for in every row.
    search_fields = ("aggregateid__exact", "event_id__exact")


@admin.register(Batch)
class BatchAdmin(ReadOnlyAdmin[Batch]):
    list_display = (
        "number",
        "destination",
        "rows",
        "began_at",
        "attempts",
        "next_at",
        "done_at",
        "last_error",
    )
    list_select_related = ("destination",)
    list_filter = ("destination",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Batch]:
        return super().get_queryset(request).annotate(rows_in_it=Count("deliveries"))

    @admin.display(description=_("rows"))
    def rows(self, one: Any) -> int:
        rows: int = one.rows_in_it
        return rows
