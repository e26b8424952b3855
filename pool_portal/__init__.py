"""The assembly: settings, addresses, Celery. Nothing imports it."""

from pool_portal.celery import app as celery_app

__all__ = ["celery_app"]
