"""What reference lays beside the other apps: the calendar that counts, and its own data."""

from typing import Any

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate

from core import reminders
from reference import working_days
from reference.loading import load_reference


def connect(app: AppConfig) -> None:
    """Tell core of us; once, when all models are loaded."""
    reminders.count_working_days_by(working_days.counter)
    post_migrate.connect(restore_vocabulary, sender=app)


def restore_vocabulary(*, using: str, **migration: Any) -> None:
    """Insert what is missing after every migration, and after the flush of a test."""
    # Migrating back to nothing ends without our tables.
    if migration.get("apps", apps).all_models["reference"]:
        load_reference(using=using)
