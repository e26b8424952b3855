"""Rows of the table of rights that belong to no one app: the vocabulary, and common addresses."""

from accounts.relations import everyone, granted
from accounts.roles import STAFF, Role
from core.rights import ACCOUNT, PUBLIC, Address, ObjectRights, rule, staff
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

VOCABULARY = (
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
# One vocabulary for all: everyone reads it, officers keep it. ``reference`` stands below
# ``accounts`` and cannot lay these rows itself.
OBJECTS = tuple(
    ObjectRights(
        f"reference {model._meta.model_name}",
        model,
        relations={Role.ANYONE: everyone, Role.OFFICER: granted(Role.OFFICER)},
        rules=[rule(Role.ANYONE, "read"), rule(Role.OFFICER, "read add edit")],
        state_field="",
    )
    for model in VOCABULARY
)

ADDRESSES: dict[str, Address] = {
    "root": PUBLIC,
    "home": PUBLIC,
    "components": PUBLIC,
    "healthz": PUBLIC,
    "workplace": ACCOUNT,
    # Django admin as a whole; each model's pages are entered by its app.
    "admin:index": staff(*STAFF),
    "admin:app_list": staff(*STAFF),
    "admin:jsi18n": staff(*STAFF),
    "admin:autocomplete": staff(*STAFF),
    "admin:view_on_site": staff(*STAFF),
    "admin:django.contrib.admin.sites.AdminSite.catch_all_view": staff(*STAFF),
    "admin:django.views.generic.base.RedirectView": staff(*STAFF),  # an old address of a row
    # Signing in and out, and the password, are the portal's own pages: admin's send there.
    "admin:login": PUBLIC,
    "admin:logout": staff(*STAFF),
    "admin:password_change": staff(*STAFF),
    "admin:password_change_done": staff(*STAFF),
    "admin:reference_*": staff(Role.OFFICER),
}
