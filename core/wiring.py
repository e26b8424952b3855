"""What core connects: the check of the database, mails with the outbox, the first reminders."""

from typing import Any

from django.apps import AppConfig, apps
from django.core.checks import Tags, register
from django.db.models.signals import post_migrate

from core import checks, mail, outbox, reminders


def connect(app: AppConfig) -> None:
    """Tell Django and the outbox of us; once, when all models are loaded."""
    register(checks.letters_of_all_languages, Tags.database)
    outbox.register(mail.TOPIC, mail.send)
    post_migrate.connect(restore_reminders, sender=app)


def restore_reminders(*, using: str, **migration: Any) -> None:
    """Give every event the rules it comes with: after every migration, and a test's flush."""
    # Migrating back to nothing ends without our tables.
    known = migration.get("apps", apps).all_models["core"]
    if "reminderrule" in known:
        reminders.restore_rules(using, known["reminderrule"])
