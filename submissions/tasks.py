from celery import shared_task

from submissions import closing


@shared_task(name="submissions.close_activities", time_limit=240)
def close_activities() -> int:
    return closing.close_due()
