"""Rows of the table of rights: feedback letters.

The enterprise holds "see", once the letter was handed out: "read" is the officers', so that one
with a conflict does not come in by that door.
"""

from accounts.relations import member
from accounts.roles import Role
from core.rights import ACCOUNT, Address, Bar, ObjectRights, Relation, Rule, rule
from evaluation.letters.states import LetterStatus
from evaluation.models import FeedbackLetter
from evaluation.relations import JOINTLY, OFFICER, OFFICERS, bars, joint_to
from evaluation.states import CaseStatus

OBJECTS = (
    ObjectRights(
        "feedback letter",
        FeedbackLetter,
        relations={
            Role.VIEWER: member(Role.VIEWER, "case__declaration__organisation"),
            **OFFICER,
        },
        rules=[
            rule(Role.VIEWER, "see", {LetterStatus.HANDED_OUT}),
            rule(Role.OFFICER, "read"),
            rule(Role.OFFICER, "write", {LetterStatus.WRITING}),
            rule(Role.OFFICER, "reopen", {LetterStatus.FINISHED, LetterStatus.DISCARDED}),
            rule(Role.PORTAL, "read reopen hand_out"),
        ],
        bars=[
            *bars("case"),
            Bar(
                OFFICERS,
                joint_to("case__declaration"),
                JOINTLY,
                frozenset({"write", "reopen"}),
            ),
        ],
    ),
)

# On the cases of ``evaluation.rights``: "write_letter" is to begin one.
ON_CASE: tuple[dict[str, Relation], list[Rule]] = (
    {},
    [rule(Role.OFFICER, "write_letter", {CaseStatus.SCORED, CaseStatus.DECIDED})],
)
CASE_BAR = Bar(OFFICERS, joint_to("declaration"), JOINTLY, frozenset({"write_letter"}))

ADDRESSES: dict[str, Address] = {"evaluation:decision-letter": ACCOUNT}
