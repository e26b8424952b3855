"""Rows of the table of rights: nominations, by officers and by organisations.

An organisation holds "own" on what it put forward itself: "read" is the officers'. It is told in
which state a nomination is, and nothing of the person once they are in the pool.
"""

from typing import Any

from django.db.models import Q

from accounts.relations import member
from accounts.roles import Role
from accounts.states import LIVE, OrganisationStatus
from core.rights import ACCOUNT, Address, ObjectRights, Relation, Rule, rule
from evaluation.models import Nomination
from evaluation.pool.states import NominationStatus
from evaluation.relations import OFFICER


def put_forward(user: Any) -> Q | None:
    """Write for the organisation that put the person forward itself."""
    condition = member(Role.EDITOR)(user)
    return None if condition is None else condition & Q(by_organisation=True)


OBJECTS = (
    ObjectRights(
        "nomination",
        Nomination,
        # Whoever holds the link of the mail answers: that is no row of this table.
        relations={Role.EDITOR: put_forward, **OFFICER},
        rules=[
            rule(Role.EDITOR, "own"),
            rule(Role.EDITOR, "withdraw", {NominationStatus.INVITED}),
            rule(Role.OFFICER, "read add manage withdraw"),
            rule(Role.PORTAL, "read answer expire manage withdraw"),
        ],
    ),
)

# On the organisations of ``accounts.rights``: its own nominations, and making one.
ON_ORGANISATION: tuple[dict[str, Relation], list[Rule]] = (
    {Role.EDITOR: member(Role.EDITOR, "pk")},
    [
        rule(Role.EDITOR, "list_nominations", LIVE),
        rule(Role.EDITOR, "nominate", {OrganisationStatus.VERIFIED}),
    ],
)

ADDRESSES: dict[str, Address] = {
    "evaluation:put-forward": ACCOUNT,
    "evaluation:put-forward-withdraw": ACCOUNT,
}
