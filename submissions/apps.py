from typing import Any

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class SubmissionsConfig(AppConfig):
    name = "submissions"
    verbose_name = _("Declarations")

    def ready(self) -> None:
        from accounts import merging, personal  # noqa: PLC0415 -- models are loaded only now
        from core import outbox, pruning, reminders, rights  # noqa: PLC0415 -- as above
        from submissions import outdated, prolonging, reminding, trying  # noqa: PLC0415 -- as above
        from submissions import rights as rows  # noqa: PLC0415 -- as above
        from submissions.files import previews, resuming, scanning  # noqa: PLC0415 -- as above
        from submissions.merging import MOVERS  # noqa: PLC0415 -- as above
        from submissions.personal import RECORDS  # noqa: PLC0415 -- as above

        for entry in rows.OBJECTS:
            rights.declare(entry)
        rights.declare_parts(rows.PARTS)
        rights.bar("reminder", rows.REMINDERS)
        rights.declare_addresses(rows.ADDRESSES)
        for event in reminding.EVENTS:
            reminders.register(event)
        merging.register(*MOVERS)
        personal.register(*RECORDS)
        outbox.register(scanning.TOPIC, scanning.scan_waiting)
        outbox.register(trying.TOPIC, trying.run_piece)
        outbox.register(prolonging.TOPIC, prolonging.tell)
        pruning.register("saved texts", outdated.prune_saved_texts)
        pruning.register("uploads", resuming.prune)
        pruning.register("previews", previews.prune)
        post_migrate.connect(restore_rules, sender=self)


def restore_rules(*, using: str, **migration: Any) -> None:
    """Lay down the sets of rules the portal comes with: after a migration, and a test's flush."""
    from submissions import rule_sets  # noqa: PLC0415 -- models are loaded only now

    # Migrating back to nothing ends without our tables.
    known = migration.get("apps", apps).all_models["submissions"]
    if "ruleset" in known:
        rule_sets.restore_shipped(using, known["ruleset"])
