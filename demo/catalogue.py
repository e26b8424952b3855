"""What becomes of listings: one is withdrawn again, of one a suspension is in the making."""

import datetime as dt

from catalog.measure_states import MeasureKind, MeasureStatus
from catalog.measures import MEASURES
from catalog.models import ListingMeasure, Technology
from catalog.proposing import propose
from catalog.states import TechnologyStatus
from core.clock import database_now
from demo import people
from demo.accounts import account
from demo.plan import IN_DOUBT, Destiny, Item
from evaluation.clarifications.clarifying import day_of
from evaluation.models import Case

REASON = "The invented holder gave the product up. Generated for the demonstration."
LETTER = "Letter of the invented holder. Generated for the demonstration."
DOUBT = "A figure of the test report cannot be found in it. Generated for the demonstration."
ASKED = (
    "The removal rate of your declaration is not found in the test report. Please send the page. "
    "Generated for the demonstration."
)
DAYS_TO_ANSWER = 14


def treat(item: Item, case: Case) -> None:
    """Do to the listing of a case what is planned; what is done already is not done again."""
    listed = Technology.objects.filter(case=case, status=TechnologyStatus.LISTED).first()
    if listed is None:
        return
    if item.destiny == Destiny.WITHDRAWN:
        _withdraw(listed)
    elif item.technology == IN_DOUBT and not listed.measures.exists():
        day = day_of(database_now()) + dt.timedelta(days=DAYS_TO_ANSWER)
        propose(
            listed.pk,
            actor=account(people.OFFICER),
            kind=MeasureKind.SUSPEND,
            reason=DOUBT,
            statement=ASKED,
            due_on=day,
        )


def _withdraw(listed: Technology) -> None:
    """Let one officer propose and another confirm; a load that was interrupted goes on."""
    officer = account(people.OFFICER)
    # What a visitor proposed is theirs.
    waiting = ListingMeasure.objects.filter(
        technology=listed,
        status=MeasureStatus.PROPOSED,
        kind=MeasureKind.WITHDRAW,
        proposed_by=officer,
    )
    measure = waiting.first() or propose(
        listed.pk,
        actor=officer,
        kind=MeasureKind.WITHDRAW,
        reason=REASON,
        statement=REASON,
        evidence=LETTER,
    )
    MEASURES.perform("confirm", measure.pk, actor=account(people.SECOND_OFFICER))
