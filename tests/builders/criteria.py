"""Criteria sets and the criteria of an activity; activities are built on them."""

from accounts.models import User
from evaluation import criteria as documents
from evaluation.models import ActivityCriteria, CriteriaSet
from evaluation.services import seal_criteria, set_activity_criteria
from submissions.models import Activity


def criteria() -> CriteriaSet:
    """Return the default criteria set, sealed once."""
    return seal_criteria(documents.default())


def of_activity(activity: Activity, *, actor: User, experts_wanted: int = 2) -> ActivityCriteria:
    """Let an activity in preparation be judged by the default set."""
    return set_activity_criteria(activity, criteria(), experts_wanted=experts_wanted, actor=actor)
