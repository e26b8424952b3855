"""The officers' pages of the vocabulary."""

from typing import Any, TypeVar

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.admin import RightsAdmin
from reference.forms import NamedForm, input_names
from reference.models import (
    Corridor,
    CorridorMembership,
    Country,
    Field,
    Indicator,
    Quantity,
    Subcategory,
    Term,
    Unit,
    WorkingDayException,
)
from reference.models.named import Named

NAMES = ("names__en", "names__zh-hans")
M = TypeVar("M", bound=Named)


class NamedAdmin(RightsAdmin[M]):
    """Something with a name in each language."""

    form = NamedForm
    exclude = ("names",)

    def get_fields(self, request: HttpRequest, obj: M | None = None) -> Any:
        if not self.has_change_permission(request, obj):
            return ["name", *self._others(request, obj)]
        return [*input_names("name"), *self._others(request, obj)]

    def get_readonly_fields(self, request: HttpRequest, obj: M | None = None) -> Any:
        # The code is the key: another one would make another row.
        key = (self.opts.pk.name,) if obj and not self.opts.pk.auto_created else ()
        return key if self.has_change_permission(request, obj) else ("name", *key)

    def _others(self, request: HttpRequest, obj: M | None) -> list[Any]:
        names = {"name", *input_names("name")}
        return [one for one in super().get_fields(request, obj) if one not in names]

    @admin.display(description=_("name"))
    def name(self, one: M) -> str:
        return one.name


@admin.register(Field)
class FieldAdmin(NamedAdmin[Field]):
    list_display = ("code", "name", "order")
    search_fields = ("code", *NAMES)


@admin.register(Subcategory)
class SubcategoryAdmin(NamedAdmin[Subcategory]):
    list_display = ("code", "name", "field", "order", "active")
    list_select_related = ("field",)
    list_filter = ("field", "active")
    search_fields = ("code", *NAMES)


@admin.register(Quantity)
class QuantityAdmin(NamedAdmin[Quantity]):
    list_display = ("code", "name", "order")
    search_fields = ("code", *NAMES)


@admin.register(Unit)
class UnitAdmin(NamedAdmin[Unit]):
    list_display = ("code", "symbol", "name", "quantity", "order")
    list_select_related = ("quantity",)
    list_filter = ("quantity",)
    search_fields = ("code", "symbol", *NAMES)
    autocomplete_fields = ("quantity",)


@admin.register(Indicator)
class IndicatorAdmin(NamedAdmin[Indicator]):
    list_display = ("code", "name", "field", "direction", "order")
    list_select_related = ("field",)
    list_filter = ("field", "direction")
    search_fields = ("code", *NAMES)
    autocomplete_fields = ("units",)


@admin.register(Country)
class CountryAdmin(NamedAdmin[Country]):
    list_display = ("code", "alpha3", "name", "on_65_list", "signatory", "signed_year")
    list_filter = ("on_65_list", "signatory")
    search_fields = ("code", "alpha3", "numeric", *NAMES)


@admin.register(Corridor)
class CorridorAdmin(NamedAdmin[Corridor]):
    list_display = ("code", "name", "order")
    search_fields = ("code", *NAMES)


@admin.register(CorridorMembership)
class CorridorMembershipAdmin(RightsAdmin[CorridorMembership]):
    list_display = ("corridor", "country", "list", "source")
    list_select_related = ("corridor", "country")
    list_filter = ("corridor", "list")
    search_fields = ("country__code", "country__names__en", "country__names__zh-hans")
    autocomplete_fields = ("country",)


@admin.register(WorkingDayException)
class WorkingDayExceptionAdmin(NamedAdmin[WorkingDayException]):
    list_display = ("date", "country", "is_working", "name", "source")
    list_select_related = ("country",)
    list_filter = ("is_working",)
    search_fields = ("date", *NAMES)
    autocomplete_fields = ("country",)
    date_hierarchy = "date"


@admin.register(Term)
class TermAdmin(NamedAdmin[Term]):
    list_display = ("vocabulary", "code", "name", "order", "active")
    list_filter = ("vocabulary", "active")
    search_fields = ("code", *NAMES)
