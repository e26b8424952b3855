"""The officers' pages of what belongs to a notice."""

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest  # noqa: TID251 -- what Django admin passes
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.admin import ServiceAdmin
from core.beside import Link, beside
from reference.forms import input_names
from submissions import notices
from submissions.models import Activity, Annex, Declaration, DemandTheme, Supporter
from submissions.notice_forms import AnnexForm, SupporterForm, ThemeForm
from submissions.sealing import is_sealed
from submissions.states import ActivityStatus

M = TypeVar("M", Annex, Supporter, DemandTheme)


class PartAdmin(ServiceAdmin[M]):
    """Something of a notice, its words typed language by language."""

    save_part: Callable[..., M]
    words: tuple[str, ...]  # prefixes of the inputs by language
    terms: tuple[str, ...]
    when_changed: tuple[str, ...] = ()
    list_select_related = ("activity",)
    list_filter = ("activity",)

    def get_fieldsets(self, request: HttpRequest, obj: M | None = None) -> Any:
        if obj and not self.has_change_permission(request, obj):
            return [(None, {"fields": ("activity", "title", *self.terms)})]
        inputs: list[str] = [name for prefix in self.words for name in input_names(prefix)]
        more: tuple[str, ...] = self.when_changed if obj else ()
        return [(None, {"fields": ("activity", *inputs, *self.terms, *more)})]

    def get_readonly_fields(self, request: HttpRequest, obj: M | None = None) -> Any:
        if obj is None:
            return ()
        is_open = obj.activity.status == ActivityStatus.OPEN
        fixed: frozenset[str] = notices.FIXED_WHILE_OPEN[self.model] if is_open else frozenset()
        return ("activity", "title", *(one for one in self.terms if one in fixed))

    @admin.display(description=gettext_lazy("title"))
    def title(self, one: M) -> str:
        return str(one)

    def save_model(self, request: HttpRequest, obj: M, form: Any, change: bool) -> None:
        values = form.values()
        values.pop("activity", None) if change else None
        saved = type(self).save_part(obj.pk if change else None, actor=request.user, **values)
        obj.pk = saved.pk
        obj._state.adding = False
        obj.refresh_from_db()


class AnnexAdmin(PartAdmin[Annex]):
    form = AnnexForm
    save_part = staticmethod(notices.save_annex)
    words = ("title",)
    terms = ("file", "order", "shown")
    places = {"titles": "title_en"}
    list_display = ("title", "activity", "file_name", "order", "shown")
    search_fields = ("file_name", "titles")


class SupporterAdmin(PartAdmin[Supporter]):
    form = SupporterForm
    save_part = staticmethod(notices.save_supporter)
    words = ("name",)
    terms = ("url", "logo", "order", "shown")
    when_changed = ("no_logo",)
    places = {"names": "name_en"}
    list_display = ("title", "activity", "url", "order", "shown")
    search_fields = ("names",)


class DemandThemeAdmin(PartAdmin[DemandTheme]):
    form = ThemeForm
    save_part = staticmethod(notices.save_theme)
    words = ("title", "text")
    terms = ("countries", "order", "shown")
    places = {"titles": "title_en"}
    list_display = ("title", "activity", "order", "shown")
    search_fields = ("titles",)


@beside(Activity)
def parts_of(activity: Activity, person: Any) -> Iterator[Link]:
    """Lead to what belongs to the notice, and to the page on which more is added."""
    another = f"{reverse('admin:submissions_activity_add')}?source={activity.pk}"
    yield Link(_("Another like this"), _("prepare"), another)
    if is_sealed(activity):
        there = Declaration.objects.with_right(person, "know").filter(activity=activity)
        page = reverse("admin:submissions_activity_sealed", args=[activity.pk])
        yield Link(_("Sealed declarations"), str(there.count()), page)
    parts: tuple[tuple[type[Model], str], ...] = (
        (Annex, _("Annexes")), (Supporter, _("Supporters")), (DemandTheme, _("Demand themes")),
    )  # fmt: skip
    for model, label in parts:
        meta = model._meta
        count = model._default_manager.filter(activity=activity).count()
        listed = reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist")
        yield Link(label, str(count), f"{listed}?activity__id__exact={activity.pk}")
        if activity.status in (ActivityStatus.PREPARED, ActivityStatus.OPEN):
            add = reverse(f"admin:{meta.app_label}_{meta.model_name}_add")
            yield Link(label, _("add"), f"{add}?activity={activity.pk}")


# In the order of the desk: after the activity they belong to.
PAGES: dict[type[Model], type[admin.ModelAdmin[Any]]] = {
    Annex: AnnexAdmin,
    Supporter: SupporterAdmin,
    DemandTheme: DemandThemeAdmin,
}
