"""The figures of the round whose reviews are complete, out of its generated scores."""

from accounts.models import User
from evaluation.figures.asking import ask_figures, is_open
from evaluation.figures.computing import compute_run
from evaluation.figures.states import UNFINISHED
from evaluation.models import StatisticRun
from submissions.models import Activity

CUT = {"points": "75"}


def of_round(code: str, officer: User) -> None:
    """Ask for the figures once, and compute them; a worker may be quicker."""
    activity = Activity.objects.get(code=code)
    ended = StatisticRun.objects.filter(activity=activity).exclude(status__in=UNFINISHED)
    if ended.exists():
        return
    if is_open(activity, officer):
        compute_run(ask_figures(activity, cut=CUT, actor=officer).pk)
