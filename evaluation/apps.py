from typing import Any

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class EvaluationConfig(AppConfig):
    name = "evaluation"
    verbose_name = _("Evaluation")

    def ready(self) -> None:
        from evaluation import wiring  # noqa: PLC0415 -- models are loaded only now

        wiring.connect()
        post_migrate.connect(restore_rules, sender=self)


def restore_rules(*, using: str, **migration: Any) -> None:
    """Lay down the rules of conflicts: after a migration, and a test's flush."""
    from evaluation.conflicts import connections  # noqa: PLC0415 -- models are loaded only now

    # Migrating back to nothing ends without our tables.
    known = migration.get("apps", apps).all_models["evaluation"]
    if "conflictrule" in known:
        connections.restore_rules(using, known["conflictrule"])
