"""Activities that do more than the short road."""

import datetime as dt
from typing import Any

from accounts.models import User
from evaluation import procedures
from evaluation.models import Procedure
from submissions.models import Activity
from submissions.workflow import ACTIVITIES
from tests.builders import accounts, submissions


def procedure(
    activity: Activity | None = None,
    *,
    actor: User | None = None,
    review_until: dt.date | None = None,
    release_at: dt.datetime | None = None,
    co_releaser: User | None = None,
    **steps: Any,
) -> Procedure:
    """Set the procedure of an activity that is being prepared (or of one made for it)."""
    if co_releaser is not None:
        steps = {"co_release": True, **steps}
    return procedures.set_procedure(
        activity or submissions.prepared_activity(),
        procedures.Steps(**steps),
        procedures.Timetable(review_until, release_at, co_releaser),
        actor=actor or accounts.officer(),
    )


def activity(*, experts_wanted: int = 2, publicity_days: int = 7, **how: Any) -> Activity:
    """Return an open activity with the procedure that is asked for."""
    officer = accounts.officer()
    made = submissions.prepared_activity(
        actor=officer, experts_wanted=experts_wanted, publicity_days=publicity_days
    )
    procedure(made, actor=officer, **how)
    return ACTIVITIES.perform("open", made.pk, actor=officer)
