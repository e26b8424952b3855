"""Rows of the table of rights: objections to entries in publicity.

The applicant holds no "read": the page of officers leads to who objects. The objector has no
account; what they do by the link of the mail the portal does.
"""

from typing import Any

from allauth.account.models import EmailAddress
from django.db.models import Q

from accounts.holders import officers
from accounts.models import User
from accounts.relations import member
from accounts.roles import Role
from core.rights import ACCOUNT, PUBLIC, Address, Bar, ObjectRights, Relation, rule, staff
from evaluation.models import Decision, Objection, ObjectionFile, PanelItem
from evaluation.objections.states import ADMITTED, OPEN, ObjectionStatus
from evaluation.relations import JOINTLY, OFFICER, OFFICERS, bars, joint_to
from evaluation.states import CaseStatus

DECIDED = "objections to what one decided or released oneself"
OWN = "objections sent with one’s own address"
PANEL = "objections to an entry on whose panel one sat"
HANDLING = frozenset({"identify", "handle", "rule"})
PUT = Q(admitted_at__isnull=False)  # what the applicant was told of


def told(role: Role) -> Relation:
    """Belong to the organisation whose entry is objected to, once the objection is admitted."""
    belongs = member(role, "case__declaration__organisation")

    def relation(user: Any) -> Q | None:
        condition = belongs(user)
        return None if condition is None else condition & PUT

    return relation


def decided_oneself(user: Any) -> Q | None:
    """Name the objections to what one decided or released: that is another's to rule on."""
    signed = Q(decided_by=user.pk) | Q(released_by=user.pk) | Q(co_released_by=user.pk)
    mine = Decision.objects.standing().filter(signed)
    return Q(case__in=mine.values("case"))


def sat_on_its_panel(user: Any) -> Q | None:
    """Name the objections to what one judged as an expert, before one became an officer."""
    items = PanelItem.objects.filter(meeting__members__expert=user.pk)
    return Q(case__in=items.values("case"))


def sent_oneself(user: Any) -> Q | None:
    confirmed = EmailAddress.objects.filter(user=user.pk, verified=True)
    return Q(address=user.email) | Q(address__in=confirmed.values("email"))


def nobodys(user: User) -> int:
    """Count the open objections a person may read and no officer may take a step further."""
    left = set(Objection.objects.visible_to(user).open().values_list("pk", flat=True))
    for officer in (user, *officers()) if left else ():
        for right in ("handle", "rule"):
            left -= set(Objection.objects.with_right(officer, right).values_list("pk", flat=True))
        if not left:
            break
    return len(left)


OBJECTS = (
    ObjectRights(
        "objection",
        Objection,
        relations={
            Role.VIEWER: told(Role.VIEWER),
            Role.EDITOR: told(Role.EDITOR),
            **OFFICER,
        },
        rules=[
            rule(Role.VIEWER, "hear"),
            rule(Role.EDITOR, "respond", ADMITTED),
            # What nobody confirmed is nobody's to read.
            rule(Role.OFFICER, "read", set(ObjectionStatus) - {ObjectionStatus.SENT}),
            rule(Role.OFFICER, "identify", OPEN),
            rule(Role.OFFICER, "handle", {ObjectionStatus.RECEIVED}),
            rule(Role.OFFICER, "rule", ADMITTED),
            rule(Role.PORTAL, "read answer"),
        ],
        bars=[
            *bars("case"),
            Bar(OFFICERS, joint_to("case__declaration"), JOINTLY),
            Bar(OFFICERS, sent_oneself, OWN),
            Bar(OFFICERS, decided_oneself, DECIDED, HANDLING),
            Bar(OFFICERS, sat_on_its_panel, PANEL, HANDLING),
        ],
    ),
)

PARTS: dict[type[Any], str] = {ObjectionFile: "objection"}

# After the publicity its outcome stays to be read for a while.
ON_CASE = [rule(Role.ANYONE, "outcome", {CaseStatus.CLEARED, CaseStatus.NOT_INCLUDED})]

ADDRESSES: dict[str, Address] = {
    "evaluation:objection-form": PUBLIC,
    # What the link of a mail opens.
    "evaluation:objection": PUBLIC,
    "evaluation:objection-step": PUBLIC,
    "evaluation:objection-file": PUBLIC,
    "evaluation:objection-list": ACCOUNT,
    "evaluation:objection-answer": ACCOUNT,
    "admin:evaluation_objection_identity": staff(Role.OFFICER, needs="identify objection"),
    "admin:evaluation_objection_file": staff(Role.OFFICER, needs="identify objection"),
}
