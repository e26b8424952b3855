"""A plan asked for in the round under review: a worker draws it, the visitor publishes."""

from core.errors import DomainError
from demo import accounts, people
from demo.plan import REVIEW_ROUND
from evaluation.models import AssignmentPlan
from evaluation.planning import asking
from submissions.models import Activity

NAME = "First draw (demonstration)"


def ask() -> None:
    """Ask for a plan once; where nothing waits for experts, a visitor was quicker."""
    activity = Activity.objects.filter(code=REVIEW_ROUND).first()
    if activity is None or AssignmentPlan.objects.filter(activity=activity).exists():
        return
    officer = accounts.account(people.OFFICER)
    try:
        # The experts of the demonstration name fields, not sub-categories.
        asking.ask(activity, actor=officer, name=NAME, need=5, specialists=0)
    except DomainError:
        return
