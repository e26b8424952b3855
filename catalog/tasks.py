from celery import shared_task

from catalog.workflow import expire_due


@shared_task(name="catalog.expire_listings", time_limit=240)
def expire_listings() -> int:
    return expire_due()
