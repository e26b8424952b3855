"""An entry of an invented firm in publicity: one objection not upheld, one being examined.

The first officer admits; the second decided, and a fourth, whom nobody signs in as, released. So
the third has no part in it and can rule with any outcome; who admitted removes no entry.
"""

from accounts.models import User
from core.errors import DomainError
from demo import accounts, people
from demo.judging import INCLUDED
from demo.plan import OBJECTED_TO
from evaluation.models import Case, Decision, Objection
from evaluation.notifications import members_of
from evaluation.objections import objecting
from evaluation.objections.objecting import Said
from evaluation.objections.states import ObjectionKind, ObjectionStatus
from evaluation.objections.workflow import OBJECTIONS
from evaluation.states import CaseStatus
from evaluation.workflow import perform_case

STATEMENT = "The oxygen figure is higher than what we measured beside the pond."
ANSWER = "It was measured at full depth, by the method named. Invented for the demonstration."
RULING = "The method of the declaration was followed; the objection is not upheld. Generated."
SUMMARY = "The figure was measured by the method that is declared. Generated for the demonstration."
FIRST = Said(
    name="Kim Alder (demo)",
    unit="Pond keepers of the valley (invented)",
    address=f"objector1@{people.DOMAIN}",
    statement=STATEMENT,
    proposed_kind=ObjectionKind.SUBSTANTIVE,
    evidence="Our own log of one day. Invented.",
)
SECOND = Said(
    name="Ana Lumen (demo)",
    address=f"objector2@{people.DOMAIN}",
    statement="The paddle was shown by somebody else before. Invented for the demonstration.",
    proposed_kind=ObjectionKind.SUBSTANTIVE,
    evidence="A leaflet of an exhibition that never was.",
    protected=True,
)


def bring() -> None:
    """Go on where an earlier load stopped; what a visitor did meanwhile is theirs."""
    case = Case.objects.filter(declaration__start_key=OBJECTED_TO.key).first()
    if case is None:
        return
    try:
        _publish(case)
        if case.status == CaseStatus.PUBLICITY:
            _ruled(_received(case, FIRST))
            _admitted(_received(case, SECOND))
    except DomainError:
        return  # a visitor was quicker


def _publish(case: Case) -> None:
    if case.status == CaseStatus.SCORED:
        decider = accounts.account(people.SECOND_OFFICER)
        outcome = Decision.Outcome.INCLUDED
        perform_case("decide", case.pk, actor=decider, outcome=outcome, statement=INCLUDED)
        case.refresh_from_db()
    if case.status == CaseStatus.DECIDED:
        perform_case("release", case.pk, actor=accounts.person(people.FOURTH_OFFICER))
        case.refresh_from_db()


def _received(case: Case, said: Said) -> Objection:
    row = Objection.objects.filter(case=case, address=said.address).first()
    row = row or objecting.send(case.pk, said)
    if row.status == ObjectionStatus.SENT:
        row = OBJECTIONS.perform("confirm", row.pk, actor=None)
    return row


def _admitted(row: Objection) -> Objection:
    if row.status == ObjectionStatus.RECEIVED:
        told = "" if row.protected else row.evidence
        return OBJECTIONS.perform(
            "admit", row.pk, actor=_officer(), kind=row.proposed_kind, evidence_told=told
        )
    return row


def _ruled(row: Objection) -> None:
    row = _admitted(row)
    if row.status != ObjectionStatus.ADMITTED:
        return
    if not row.response:
        OBJECTIONS.perform("respond", row.pk, actor=members_of(row.case)[0], response=ANSWER)
    OBJECTIONS.perform("dismiss", row.pk, actor=_officer(), ruling=RULING, summary=SUMMARY)


def _officer() -> User:
    return accounts.account(people.OFFICER)
