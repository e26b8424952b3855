"""Rows of the table of rights: technologies, destinations and what is sent to them."""

from typing import Any

from django.db.models import Q

from accounts.relations import everyone, granted, member
from accounts.roles import Role
from catalog.models import Batch, Delivery, Destination, Technology, TechnologyVersion
from catalog.states import GONE, TechnologyStatus
from core.rights import PUBLIC, Address, Bar, ObjectRights, rule, staff

OWN = "technologies of one’s own organisation"

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
        bars=[Bar(frozenset({Role.OFFICER}), member(Role.VIEWER, "holder"), OWN)],
    ),
    ObjectRights(
        # What was public once may be so no more: a withdrawn technology keeps its versions.
        "technology version",
        TechnologyVersion,
        relations={Role.OFFICER: granted(Role.OFFICER)},
        rules=[rule(Role.OFFICER, "read"), rule(Role.PORTAL, "read")],
        state_field="",
        bars=[Bar(frozenset({Role.OFFICER}), member(Role.VIEWER, "technology__holder"), OWN)],
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


def gone(_user: Any) -> Q | None:
    """Name the declarations of technologies that left the pool for good."""
    left = Technology.objects.filter(status__in=GONE)
    return Q(pk__in=left.values("case__declaration"))


# Nobody will read a translation of what is no longer there. One that is suspended or expired may
# come back, and is translated meanwhile.
NOT_TRANSLATED = Bar(
    frozenset({Role.EDITOR}),
    gone,
    "declarations of technologies that were withdrawn or revoked",
    frozenset({"translate"}),
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
