from celery import shared_task

from evaluation import nominating, pool, services
from evaluation.planning import sweeping
from evaluation.workflow import END_PUBLICITY


@shared_task(name=END_PUBLICITY, time_limit=240)
def end_publicity() -> int:
    return services.end_due_publicity()


@shared_task(name="evaluation.keep_pool", time_limit=240)
def keep_pool() -> dict[str, int]:
    """Let lapse and end what is overdue, and forget who did not consent."""
    return {
        "lapsed": pool.lapse_overdue(),
        "expired": nominating.expire_due(),
        "forgotten": nominating.forget(),
    }


@shared_task(name="evaluation.sweep_plans", time_limit=240)
def sweep_plans() -> dict[str, bool]:
    """Wake whoever computes plans while one waits: a hint may have been lost."""
    return {"woken": sweeping.wake_if_owed()}
