from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SubmissionsConfig(AppConfig):
    name = "submissions"
    verbose_name = _("Declarations")

    def ready(self) -> None:
        from accounts import merging, personal  # noqa: PLC0415 -- models are loaded only now
        from core import outbox, pruning, reminders, rights  # noqa: PLC0415 -- as above
        from submissions import reminding  # noqa: PLC0415 -- as above
        from submissions import rights as rows  # noqa: PLC0415 -- as above
        from submissions.files import resuming, scanning  # noqa: PLC0415 -- as above
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
        pruning.register("uploads", resuming.prune)
