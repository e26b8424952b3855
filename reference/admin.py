"""The officers' pages of the vocabulary."""

from django.contrib import admin

from core.admin import RightsAdmin
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

NAMES = ("names__en", "names__zh-hans")


@admin.register(Field)
class FieldAdmin(RightsAdmin[Field]):
    list_display = ("code", "name", "order")
    search_fields = ("code", *NAMES)


@admin.register(Subcategory)
class SubcategoryAdmin(RightsAdmin[Subcategory]):
    list_display = ("code", "name", "field", "order", "active")
    list_select_related = ("field",)
    list_filter = ("field", "active")
    search_fields = ("code", *NAMES)


@admin.register(Quantity)
class QuantityAdmin(RightsAdmin[Quantity]):
    list_display = ("code", "name", "order")
    search_fields = ("code", *NAMES)


@admin.register(Unit)
class UnitAdmin(RightsAdmin[Unit]):
    list_display = ("code", "symbol", "name", "quantity", "order")
    list_select_related = ("quantity",)
    list_filter = ("quantity",)
    search_fields = ("code", "symbol", *NAMES)
    autocomplete_fields = ("quantity",)


@admin.register(Indicator)
class IndicatorAdmin(RightsAdmin[Indicator]):
    list_display = ("code", "name", "field", "direction", "order")
    list_select_related = ("field",)
    list_filter = ("field", "direction")
    search_fields = ("code", *NAMES)
    autocomplete_fields = ("units",)


@admin.register(Country)
class CountryAdmin(RightsAdmin[Country]):
    list_display = ("code", "alpha3", "name", "on_65_list", "signatory", "signed_year")
    list_filter = ("on_65_list", "signatory")
    search_fields = ("code", "alpha3", "numeric", *NAMES)


@admin.register(Corridor)
class CorridorAdmin(RightsAdmin[Corridor]):
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
class WorkingDayExceptionAdmin(RightsAdmin[WorkingDayException]):
    list_display = ("date", "country", "is_working", "name", "source")
    list_select_related = ("country",)
    list_filter = ("is_working",)
    search_fields = ("date", *NAMES)
    autocomplete_fields = ("country",)
    date_hierarchy = "date"


@admin.register(Term)
class TermAdmin(RightsAdmin[Term]):
    list_display = ("vocabulary", "code", "name", "order", "active")
    list_filter = ("vocabulary", "active")
    search_fields = ("code", *NAMES)
