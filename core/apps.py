from typing import Any

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    name = "core"
    verbose_name = _("Records of the portal")

    def ready(self) -> None:
        from core import checks, mail, outbox  # noqa: F401, PLC0415 -- models are loaded only now

        outbox.register(mail.TOPIC, mail.send)
        post_migrate.connect(restore_reminders, sender=self)


def restore_reminders(*, using: str, **migration: Any) -> None:
    """Give every event the rules it comes with: after every migration, and a test's flush."""
    from core import reminders  # noqa: PLC0415 -- models are loaded only now

    # Migrating back to nothing ends without our tables.
    known = migration.get("apps", apps).all_models["core"]
    if "reminderrule" in known:
        reminders.restore_rules(using, known["reminderrule"])
