"""The officers' desk of earlier lists: read from a sheet, proposed, released by another officer."""

from collections.abc import Iterator
from typing import Any, cast

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse  # noqa: TID251 -- of Django admin
from django.urls import URLPattern, path, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from catalog import labels
from catalog.earlier import keeping, sheet
from catalog.earlier.forms import EarlierListForm, ReleaseForm
from catalog.earlier.states import EarlierStatus
from catalog.earlier.workflow import ANOTHER_RELEASES, EARLIER_LISTS, to_release
from catalog.models import EarlierEntry, EarlierList, Technology
from catalog.vocabulary import Vocabulary
from core import rights
from core.admin import ServiceAdmin, StepsAdmin
from core.beside import Link, beside
from core.lifecycle import Transition
from evaluation.sheet_columns import CSV, XLSX, empty_sheet

KINDS = {"xlsx": XLSX, "csv": CSV}


class MyRelease(admin.SimpleListFilter):
    """What waits for the second officer, and that is the reader."""

    title = _("release")
    parameter_name = "waits"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("me", _("waits for my release"))]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[EarlierList]
    ) -> QuerySet[EarlierList]:
        if self.value() != "me":
            return queryset
        user = cast(User, request.user)  # the gate let no one else in
        mine = to_release(EarlierList.objects.with_right(user, "release"), user)
        return queryset.filter(pk__in=mine.values("pk"))


class EarlierListAdmin(StepsAdmin[EarlierList], ServiceAdmin[EarlierList]):
    """Written while it is prepared; what its sheet says stands below on its page."""

    workflow = EARLIER_LISTS
    form = EarlierListForm
    step_forms = {"release": ReleaseForm}
    leads_to_added = True
    change_form_template = "catalog/admin/earlier_list.html"
    list_display = ("code", "title", "authority", "year", "count", "status", "proposed_by")
    list_filter = ("status", MyRelease)
    list_select_related = ("proposed_by",)
    search_fields = ("code", "title_en", "title_zh", "authority")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.template_view)
        name = "catalog_earlierlist_template"
        return [path("template/<slug:kind>/", view, name=name), *super().get_urls()]

    def template_view(self, request: HttpRequest, kind: str) -> HttpResponse:
        """Hand out an empty sheet with its heading in the language of the page."""
        if kind not in KINDS or not rights.may_ever(request.user, "add", EarlierList):
            raise Http404
        return HttpResponse(
            empty_sheet(sheet.COLUMNS, kind, get_language() or "en"),
            content_type=KINDS[kind],
            headers={
                "Content-Disposition": f'attachment; filename="earlier-list.{kind}"',
                "X-Content-Type-Options": "nosniff",
            },
        )

    def get_queryset(self, request: HttpRequest) -> QuerySet[EarlierList]:
        return super().get_queryset(request).annotate(how_many=Count("entries"))

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        if obj is None or self.has_change_permission(request, obj):
            return (*keeping.FIELDS, "file")
        return (*keeping.FIELDS, "status", "entered_by", "proposed_by", "proposed_at",
                "released_by", "released_at")  # fmt: skip

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        written = obj is None or self.has_change_permission(request, obj)
        return () if written else self.get_fields(request, obj)

    def steps_of(self, request: HttpRequest, obj: EarlierList) -> list[Transition]:
        """Leave the release to another officer than the one who proposed it."""
        offered = super().steps_of(request, obj)
        mine = obj.proposed_by_id == request.user.pk
        return [step for step in offered if not (mine and step.name == "release")]

    def why_not(self, request: HttpRequest, obj: EarlierList, transition: Transition) -> str:
        mine = obj.proposed_by_id == request.user.pk
        if mine and transition.name == "release" and obj.status == EarlierStatus.PROPOSED:
            return str(ANOTHER_RELEASES)
        return super().why_not(request, obj, transition)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        actor = cast(User, request.user)  # the gate let no one else in
        if change:
            keeping.edit(obj.pk, actor=actor, **form.stated())
            return
        made = keeping.begin(actor=actor, **form.stated())
        obj.pk = made.pk
        obj.refresh_from_db()

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        one: EarlierList | None = kwargs.get("obj")
        if one is not None:
            context["rows"] = _rows(one)
            context["returned"] = one.returned_because
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description=_("title"))
    def title(self, one: EarlierList) -> str:
        return one.title

    @admin.display(description=_("technologies"))
    def count(self, one: Any) -> int:
        number: int = one.how_many
        return number


def _rows(one: EarlierList) -> list[dict[str, Any]]:
    """Return the entries as the page prints them: all that was read, with who the holder is."""
    names = Vocabulary()
    entries = one.entries.select_related("organisation", "technology").order_by("place")
    return [_row(entry, names) for entry in entries]


def _row(entry: EarlierEntry, names: Vocabulary) -> dict[str, Any]:
    listed = getattr(entry, "technology", None)
    return {
        "entry": entry,
        "country": names.country.get(entry.country_id, entry.country_id),
        "subcategory": names.subcategory.get(entry.subcategory_id, entry.subcategory_id),
        "maturity": names.of("maturity").get(entry.maturity, entry.maturity),
        "evidence": labels.label(labels.EVIDENCE, entry.evidence_grade),
        "listed": listed,
        "url": reverse("admin:catalog_technology_change", args=[listed.pk]) if listed else "",
    }


@beside(Technology)
def list_of(technology: Technology, person: Any) -> Iterator[Link]:
    """Lead back to the earlier list a technology stands in."""
    rows = EarlierList.objects.visible_to(person).filter(entries__technology=technology)
    for one in rows:
        url = reverse("admin:catalog_earlierlist_change", args=[one.pk])
        yield Link(_("Earlier list"), str(one), url)


PAGES: dict[Any, Any] = {EarlierList: EarlierListAdmin}
