"""Takes the technology whose destiny that is out of the catalogue again: a tombstone remains."""

from catalog.models import Technology
from catalog.states import TechnologyStatus
from catalog.workflow import perform
from demo import people
from demo.accounts import account
from demo.plan import Destiny, Item
from evaluation.models import Case

REASON = "The invented holder gave the product up. Generated for the demonstration."


def withdraw_if_planned(item: Item, case: Case) -> None:
    if item.destiny != Destiny.WITHDRAWN:
        return
    listed = Technology.objects.filter(case=case, status=TechnologyStatus.LISTED).first()
    if listed is not None:
        perform("withdraw", listed.pk, actor=account(people.OFFICER), reason=REASON)
