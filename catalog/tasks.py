from celery import shared_task

from catalog import indexing, measures
from catalog.harvest import files
from catalog.saved import telling
from catalog.workflow import expire_due


@shared_task(name="catalog.expire_listings", time_limit=240)
def expire_listings() -> int:
    return expire_due()


@shared_task(name="catalog.lapse_measures", time_limit=240)
def lapse_measures() -> int:
    """Let end what one officer did at once and no other confirmed."""
    return measures.lapse_due()


@shared_task(name="catalog.tell_saved_searches", time_limit=1800)
def tell_saved_searches() -> int:
    """Mail what is new to who keeps a search."""
    return telling.tell_due()


@shared_task(name="catalog.follow_reference", time_limit=1800)
def follow_reference() -> int:
    """Index anew what was indexed with other names."""
    return indexing.follow_reference()


@shared_task(name="catalog.write_bulk", time_limit=1800)
def write_bulk() -> bool:
    """Write the catalogue as whole files, where it changed."""
    return files.write_if_changed()
