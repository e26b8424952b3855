from celery import shared_task

from evaluation import services
from evaluation.clarifications import clarifying
from evaluation.dossier import making
from evaluation.dossier.asking import TASK as MAKE_DOSSIERS
from evaluation.figures import asking as figure_asking
from evaluation.planning import sweeping
from evaluation.pool import nominating, profiles
from evaluation.workflow import END_PUBLICITY


@shared_task(name=END_PUBLICITY, time_limit=240)
def end_publicity() -> int:
    return services.end_due_publicity()


@shared_task(name="evaluation.release_decisions", time_limit=240)
def release_decisions() -> int:
    return services.release_due_decisions()


@shared_task(name="evaluation.lapse_clarifications", time_limit=240)
def lapse_clarifications() -> int:
    return clarifying.lapse_due()


@shared_task(name=MAKE_DOSSIERS, time_limit=500)
def make_dossiers() -> int:
    return making.make_due()


@shared_task(name="evaluation.keep_pool", time_limit=240)
def keep_pool() -> dict[str, int]:
    """Let lapse and end what is overdue, and forget who did not consent."""
    return {
        "lapsed": profiles.lapse_overdue(),
        "expired": nominating.expire_due(),
        "forgotten": nominating.forget(),
    }


@shared_task(name="evaluation.sweep_figures", time_limit=240)
def sweep_figures() -> int:
    """Wake the worker that computes, where figures are owed."""
    return figure_asking.sweep()


@shared_task(name="evaluation.sweep_plans", time_limit=240)
def sweep_plans() -> dict[str, bool]:
    """Wake whoever computes plans while one waits: a hint may have been lost."""
    return {"woken": sweeping.wake_if_owed()}
