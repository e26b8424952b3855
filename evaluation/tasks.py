from celery import shared_task

from evaluation import services
from evaluation.workflow import END_PUBLICITY


@shared_task(name=END_PUBLICITY, time_limit=240)
def end_publicity() -> int:
    return services.end_due_publicity()
