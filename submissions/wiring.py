"""What submissions lays beside the other apps: rights, reminders, records, work left for later."""

from typing import Any

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate

from accounts import merging, personal
from core import outbox, pruning, reminders, rights
from submissions import outdated, prolonging, reminding, rule_sets, trying
from submissions import rights as rows
from submissions.files import previews, resuming, scanning
from submissions.merging import MOVERS
from submissions.personal import RECORDS


def connect(app: AppConfig) -> None:
    """Tell the lower apps of us; once, when all models are loaded."""
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
    post_migrate.connect(restore_rules, sender=app)


def restore_rules(*, using: str, **migration: Any) -> None:
    """Lay down the sets of rules the portal comes with: after a migration, and a test's flush."""
    # Migrating back to nothing ends without our tables.
    known = migration.get("apps", apps).all_models["submissions"]
    if "ruleset" in known:
        rule_sets.restore_shipped(using, known["ruleset"])
