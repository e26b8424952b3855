from typing import Any

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class EvaluationConfig(AppConfig):
    name = "evaluation"
    verbose_name = _("Evaluation")

    def ready(self) -> None:
        from accounts import merging, personal  # noqa: PLC0415 -- models are loaded only now
        from core import pruning, reminders, rights  # noqa: PLC0415 -- as above
        from evaluation import desk_rights, dossiers, steps  # noqa: PLC0415 -- as above
        from evaluation import noticeboard as board  # noqa: PLC0415 -- as above
        from evaluation import rights as rows  # noqa: PLC0415 -- as above
        from evaluation import rights_of_figures as of_figures  # noqa: PLC0415 -- as above
        from evaluation import standing as words  # noqa: PLC0415 -- as above
        from evaluation.personal import RECORDS  # noqa: PLC0415 -- as above
        from evaluation.pool_reminding import RENEWAL  # noqa: PLC0415 -- as above
        from submissions import cloning, leading, noticeboard, standing  # noqa: PLC0415 -- as above
        from submissions.workflow import ACTIVITIES, DECLARATIONS  # noqa: PLC0415 -- as above

        for entry in (*rows.OBJECTS, *desk_rights.OBJECTS, *of_figures.OBJECTS):
            rights.declare(entry)
        rights.extend("case", *of_figures.ON_CASE)
        rights.bar("case", of_figures.CASE_BAR)
        rights.declare_addresses(of_figures.ADDRESSES)
        rights.declare_parts(rows.PARTS)
        rights.declare_addresses({**rows.ADDRESSES, **desk_rights.ADDRESSES})
        relations, rules = rows.ON_DECLARATION
        rights.extend("declaration", relations, rules)
        for name, bars in rows.BARS.items():
            for bar in bars:
                rights.bar(name, bar)
        ACTIVITIES.then("open", steps.criteria_are_set)
        DECLARATIONS.then("accept", steps.open_case)
        standing.register(words.of)
        leading.register(words.who_shall_not_judge)
        noticeboard.register(board.criteria_of)
        cloning.then(board.same_criteria)
        merging.register(
            merging.Mover("evaluation.Expert", "employer"),
            merging.Mover("evaluation.Employment", "organisation"),
            merging.Mover("evaluation.Nomination", "organisation"),
            merging.Mover("evaluation.Connection", "organisation"),
            merging.Mover("evaluation.Connection", "other_organisation"),
        )
        reminders.register(RENEWAL)
        pruning.register("dossiers", dossiers.prune)
        personal.register(*RECORDS)
        post_migrate.connect(restore_rules, sender=self)


def restore_rules(*, using: str, **migration: Any) -> None:
    """Lay down the rules of conflicts: after a migration, and a test's flush."""
    from evaluation import connections  # noqa: PLC0415 -- models are loaded only now

    # Migrating back to nothing ends without our tables.
    known = migration.get("apps", apps).all_models["evaluation"]
    if "conflictrule" in known:
        connections.restore_rules(using, known["conflictrule"])
