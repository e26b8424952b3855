from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SubmissionsConfig(AppConfig):
    name = "submissions"
    verbose_name = _("Declarations")

    def ready(self) -> None:
        from core import rights  # noqa: PLC0415 -- as above
        from submissions import rights as rows  # noqa: PLC0415 -- models are loaded only now

        for entry in rows.OBJECTS:
            rights.declare(entry)
        rights.declare_parts(rows.PARTS)
        rights.declare_addresses(rows.ADDRESSES)
