from celery import shared_task

from core import outbox, pruning, reminders


@shared_task(name="core.deliver_outbox", time_limit=240)
def deliver_outbox() -> int:
    return outbox.deliver_due()


@shared_task(name="core.remind", time_limit=280)
def remind() -> int:
    return reminders.remind()


@shared_task(name="core.prune", time_limit=240)
def prune() -> dict[str, int]:
    return pruning.prune()
