"""Rows of the table of rights: technologies, destinations and what is sent to them."""

from accounts.relations import everyone, granted, member
from accounts.roles import Role
from catalog.models import Batch, Delivery, Destination, Technology
from catalog.states import TechnologyStatus
from core.rights import PUBLIC, Address, ObjectRights, rule, staff

OBJECTS = (
    ObjectRights(
        "technology",
        Technology,
        relations={Role.ANYONE: everyone, Role.OFFICER: granted(Role.OFFICER)},
        rules=[
            # In every state: of one that is not listed there is only a page that says so.
            rule(Role.ANYONE, "read"),
            rule(Role.OFFICER, "manage publish"),
            rule(Role.PORTAL, "read"),
            rule(Role.PORTAL, "expire", {TechnologyStatus.LISTED}),
        ],
        # Enterprise beats staff on technologies of one's own organisation.
        bars=[(frozenset({Role.OFFICER}), member(Role.VIEWER, "holder"))],
    ),
    ObjectRights(
        "destination",
        Destination,
        relations={Role.OFFICER: granted(Role.OFFICER), Role.SYSTEM: granted(Role.SYSTEM)},
        rules=[rule(Role.OFFICER, "read"), rule(Role.SYSTEM, "read pause")],
    ),
    ObjectRights(
        "delivery",
        Delivery,
        relations={Role.OFFICER: granted(Role.OFFICER), Role.SYSTEM: granted(Role.SYSTEM)},
        rules=[rule(Role.OFFICER, "read"), rule(Role.SYSTEM, "read")],
        state_field="state",
    ),
    ObjectRights(
        "batch",
        Batch,
        relations={Role.OFFICER: granted(Role.OFFICER), Role.SYSTEM: granted(Role.SYSTEM)},
        rules=[rule(Role.OFFICER, "read"), rule(Role.SYSTEM, "read")],
        state_field="",
    ),
)

ADDRESSES: dict[str, Address] = {
    "catalog:technology-list": PUBLIC,
    "catalog:technology-detail": PUBLIC,
    "catalog:technology-record": PUBLIC,
    "admin:catalog_technology_*": staff(Role.OFFICER),
    "admin:catalog_destination_*": staff(Role.OFFICER, Role.SYSTEM),
    "admin:catalog_delivery_*": staff(Role.OFFICER, Role.SYSTEM),
    "admin:catalog_batch_*": staff(Role.OFFICER, Role.SYSTEM),
}
