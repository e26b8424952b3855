"""Conflicts of interest of the demonstration: invented people, invented firms."""

import datetime as dt

from django.db import transaction

from demo import accounts, people
from demo.plan import Destiny, Item
from evaluation.conflicts import connections
from evaluation.models import Case, Connection, LateConflict, ScoreSheet
from evaluation.states import CaseStatus
from evaluation.workflow import perform_sheet

# The visitor's own firm: the officer who assigns experts to it reads the reason.
HOUSE = "Bluestem Water Systems (invented)"
SOURCE = "Invented for the demonstration."
# Of fields in which the firm declares nothing: the load itself asks neither. The second ended
# longer ago than the rule of joint projects looks back: it bars nobody.
FOUND = (
    ("e09", "consultancy", dt.date(2018, 5, 1), None),
    ("e04", "joint_project", dt.date(2012, 1, 1), dt.date(2014, 12, 31)),
)
# One sheet of it is found out after all were in.
LATE = "inv-leak-listener"
REASON = "Holds shares in the applicant. Invented for the demonstration."
EVIDENCE = "A register of companies. Invented for the demonstration."


@transaction.atomic
def connect() -> None:
    """Let an officer record two connections; what a visitor recorded stays beside them."""
    if Connection.objects.filter(source=SOURCE).exists():
        return
    officer = accounts.account(people.OFFICER)
    experts = {one.person.key: one.person for one in people.EXPERTS}
    for key, kind, began_on, ended_on in FOUND:
        connections.record(
            actor=officer,
            kind=kind,
            person=accounts.account(experts[key]),
            organisation_name=HOUSE,
            began_on=began_on,
            ended_on=ended_on,
            source=SOURCE,
        )


def find_late(item: Item, case: Case) -> None:
    """Let an officer find a conflict in a case that waits for its decision, once."""
    if item.technology != LATE or item.destiny != Destiny.SCORED:
        return
    if case.status != CaseStatus.SCORED or LateConflict.objects.exists():
        return
    sheet = ScoreSheet.objects.filter(assignment__case=case).order_by(
        "assignment__expert__user__email"
    )[0]
    perform_sheet(
        "exclude",
        sheet.pk,
        actor=accounts.account(people.OFFICER),
        reason=REASON,
        evidence=EVIDENCE,
    )
