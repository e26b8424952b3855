from celery import shared_task

from catalog.sync.drain import drain_all


@shared_task(name="catalog.sync.drain", time_limit=300)
def drain() -> int:
    return drain_all()
