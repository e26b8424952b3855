"""Rows of the table of rights: defences and on-site verifications.

The enterprise holds "see": its page shows the appointment. Experts have no row here: what was
found is the officers' and the panel's, and no score sheet is written by it.
"""

from typing import Any

from accounts.relations import member
from accounts.roles import Role
from core.rights import ACCOUNT, Address, Bar, ObjectRights, Relation, Rule, rule, staff
from evaluation.models import Verification, VerificationFile
from evaluation.relations import JOINTLY, OFFICER, OFFICERS, bars, joint_to
from evaluation.states import CaseStatus
from evaluation.verifications.states import VerificationStatus

OBJECTS = (
    ObjectRights(
        "verification",
        Verification,
        relations={
            Role.VIEWER: member(Role.VIEWER, "case__declaration__organisation"),
            Role.EDITOR: member(Role.EDITOR, "case__declaration__organisation"),
            **OFFICER,
        },
        rules=[
            rule(Role.VIEWER, "see"),
            rule(Role.EDITOR, "answer", {VerificationStatus.ARRANGED}),
            rule(Role.OFFICER, "read"),
            rule(Role.OFFICER, "report", {VerificationStatus.ARRANGED}),
            rule(Role.PORTAL, "read"),
        ],
        bars=[
            *bars("case"),
            Bar(OFFICERS, joint_to("case__declaration"), JOINTLY, frozenset({"report"})),
        ],
    ),
)

# The panel opens them by its own address, as it reads the report (``evaluation.panel``).
PARTS: dict[type[Any], str] = {VerificationFile: "verification"}

# On the cases of ``evaluation.rights``: "verify" is to arrange, and to take part.
ON_CASE: tuple[dict[str, Relation], list[Rule]] = (
    {},
    [rule(Role.OFFICER, "verify", {CaseStatus.SCORED})],
)
CASE_BAR = Bar(OFFICERS, joint_to("declaration"), JOINTLY, frozenset({"verify"}))

ADDRESSES: dict[str, Address] = {
    "evaluation:verification-list": ACCOUNT,
    "evaluation:verification-answer": ACCOUNT,
    "admin:evaluation_verification_file": staff(Role.OFFICER, needs="read verification"),
}
