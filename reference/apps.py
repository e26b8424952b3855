from typing import Any

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ReferenceConfig(AppConfig):
    name = "reference"
    verbose_name = _("Vocabulary")

    def ready(self) -> None:
        from core import reminders  # noqa: PLC0415 -- models are loaded only now
        from reference import working_days  # noqa: PLC0415 -- as above

        reminders.count_working_days_by(working_days.counter)
        post_migrate.connect(restore_vocabulary, sender=self)


def restore_vocabulary(*, using: str, **migration: Any) -> None:
    """Insert what is missing after every migration, and after the flush of a test."""
    from reference.loading import load_reference  # noqa: PLC0415 -- models are loaded only now

    # Migrating back to nothing ends without our tables.
    if migration.get("apps", apps).all_models["reference"]:
        load_reference(using=using)
