from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EvaluationConfig(AppConfig):
    name = "evaluation"
    verbose_name = _("Evaluation")

    def ready(self) -> None:
        from accounts import merging, personal  # noqa: PLC0415 -- models are loaded only now
        from core import outbox, reminders, rights  # noqa: PLC0415 -- as above
        from evaluation import noticeboard as board  # noqa: PLC0415 -- as above
        from evaluation import plan_rights, steps  # noqa: PLC0415 -- as above
        from evaluation import rights as rows  # noqa: PLC0415 -- as above
        from evaluation import standing as words  # noqa: PLC0415 -- as above
        from evaluation.personal import RECORDS  # noqa: PLC0415 -- as above
        from evaluation.planning import owing, reminding, replacing  # noqa: PLC0415 -- as above
        from evaluation.pool_reminding import RENEWAL  # noqa: PLC0415 -- as above
        from submissions import cloning, noticeboard, standing  # noqa: PLC0415 -- as above
        from submissions.workflow import ACTIVITIES, DECLARATIONS  # noqa: PLC0415 -- as above

        for entry in (*rows.OBJECTS, *plan_rights.OBJECTS):
            rights.declare(entry)
        rights.declare_parts(rows.PARTS | plan_rights.PARTS)
        rights.declare_addresses(rows.ADDRESSES)
        relations, rules = rows.ON_DECLARATION
        rights.extend("declaration", relations, rules)
        for name, bars in rows.BARS.items():
            for bar in bars:
                rights.bar(name, bar)
        ACTIVITIES.then("open", steps.criteria_are_set)
        DECLARATIONS.then("accept", steps.open_case)
        standing.register(words.of)
        noticeboard.register(board.criteria_of)
        cloning.then(board.same_criteria)
        merging.register(
            merging.Mover("evaluation.Expert", "employer"),
            merging.Mover("evaluation.Employment", "organisation"),
            merging.Mover("evaluation.Nomination", "organisation"),
        )
        outbox.register(owing.TOPIC, replacing.draw)
        for event in (RENEWAL, reminding.ANSWERS, reminding.SHEETS):
            reminders.register(event)
        personal.register(*RECORDS)
