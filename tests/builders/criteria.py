"""Criteria sets and the criteria of an activity; activities are built on them."""

import copy
from typing import Any

from accounts.models import User
from accounts.roles import Role
from evaluation.criteria import documents
from evaluation.criteria.drafts import begin_draft
from evaluation.criteria.sealing import seal_criteria, set_activity_criteria
from evaluation.criteria.workflow import propose_change
from evaluation.models import ActivityCriteria, CriteriaChange, CriteriaDraft, CriteriaSet
from submissions.models import Activity
from tests.builders import accounts


def criteria() -> CriteriaSet:
    """Return the default criteria set, sealed once."""
    return seal_criteria(documents.default())


def changed(**at: Any) -> documents.Document:
    """Return the default document with some values replaced: path__to__value=..."""
    document = copy.deepcopy(documents.default())
    for path, value in at.items():
        *steps, last = [int(part) if part.isdigit() else part for part in path.split("__")]
        target: Any = document
        for step in steps:
            target = target[step]
        target[last] = value
    return document


def newest() -> CriteriaSet:
    """Return the latest sealed version of the default set."""
    return CriteriaSet.objects.filter(code=criteria().code).latest("version")


def next_version(**at: Any) -> CriteriaSet:
    """Return a later version of the default set with some values replaced, sealed."""
    return seal_criteria(changed(**{"version": newest().version + 1, **at}))


def draft() -> CriteriaDraft:
    """Return a draft of the next version of the default set, as it was begun."""
    return begin_draft(newest(), actor=accounts.with_role(Role.OFFICER))


def change(activity: Activity) -> CriteriaChange:
    """Return a proposed change of what an open activity is judged by."""
    newer = next_version(gates__recommended="85")
    author = accounts.with_role(Role.OFFICER)
    return propose_change(activity, newer, reason="A higher bar.", actor=author)


def of_activity(activity: Activity, *, actor: User, experts_wanted: int = 2) -> ActivityCriteria:
    """Let an activity in preparation be judged by the default set."""
    return set_activity_criteria(activity, criteria(), experts_wanted=experts_wanted, actor=actor)
