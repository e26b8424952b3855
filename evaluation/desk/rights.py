"""Rows of the table of rights: what stands beside the scoring desk.

Nobody but officers holds "read" on a question: their page names who asked. Experts and the
enterprise hold "see", and their pages show what is theirs to know.
"""

from typing import Any

from django.db.models import Q

from accounts.relations import member
from accounts.roles import Role
from core.rights import ACCOUNT, Address, Bar, ObjectRights, rule, staff
from evaluation.clarifications.states import SHOWN, ClarificationStatus
from evaluation.models import Assignment, Clarification, Dossier
from evaluation.relations import JOINTLY, OFFICER, OFFICERS, accepted, bars, joint_to

ASKED = {ClarificationStatus.ASKED}


def questions_of_cases(user: Any) -> Q | None:
    """Name the own questions about cases one has accepted to score, and all that were passed on."""
    condition = accepted()(user)
    if condition is None:
        return None
    cases = Assignment.objects.filter(condition).values("case")
    known = Q(assignment__expert=user.pk) | Q(status__in=SHOWN)
    return Q(assignment__case__in=cases) & known


OBJECTS = (
    ObjectRights(
        "clarification",
        Clarification,
        relations={
            Role.EXPERT: questions_of_cases,
            Role.VIEWER: member(Role.VIEWER, "assignment__case__declaration__organisation"),
            Role.EDITOR: member(Role.EDITOR, "assignment__case__declaration__organisation"),
            **OFFICER,
        },
        rules=[
            rule(Role.EXPERT, "see"),
            rule(Role.VIEWER, "see", SHOWN),
            # Also what was answered already: who comes second is told so.
            rule(Role.EDITOR, "answer", SHOWN),
            rule(Role.OFFICER, "read"),
            rule(Role.OFFICER, "handle", ASKED),
            rule(Role.PORTAL, "read lapse"),
        ],
        bars=[
            *bars("assignment__case"),
            Bar(
                OFFICERS,
                joint_to("assignment__case__declaration"),
                JOINTLY,
                frozenset({"handle"}),
            ),
        ],
    ),
    ObjectRights(
        "declaration as one file",
        Dossier,
        relations={Role.EXPERT: accepted("assignment__")},
        rules=[rule(Role.EXPERT, "read"), rule(Role.PORTAL, "read")],
        state_field="",
        bars=bars("assignment__case"),
    ),
)

ADDRESSES: dict[str, Address] = {
    "evaluation:clarification-ask": staff(Role.EXPERT, needs="open score sheet"),
    "evaluation:scoring-evidence": staff(Role.EXPERT, needs="open score sheet"),
    "evaluation:dossier": staff(Role.EXPERT, needs="open score sheet"),
    "evaluation:dossier-file": staff(Role.EXPERT, needs="read declaration as one file"),
    "evaluation:newer-version": staff(Role.EXPERT, needs="open score sheet"),
    "evaluation:clarification-list": ACCOUNT,
    "evaluation:clarification-answer": ACCOUNT,
}
