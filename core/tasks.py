from celery import shared_task

from core import outbox


@shared_task(name="core.deliver_outbox", time_limit=240)
def deliver_outbox() -> int:
    return outbox.deliver_due()
