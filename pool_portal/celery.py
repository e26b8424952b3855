"""Celery: the engine that is woken by Redis and by the clock.

Redis holds hints only. Every task may run twice, and losing all of Redis loses
nothing, since what is owed lies in PostgreSQL (``core.outbox``, ``catalog.sync``).
"""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pool_portal.settings")

app = Celery("pool_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.autodiscover_tasks(["catalog.sync"])
