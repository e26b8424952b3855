from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SubmissionsConfig(AppConfig):
    name = "submissions"
    verbose_name = _("Declarations")

    def ready(self) -> None:
        from submissions import wiring  # noqa: PLC0415 -- models are loaded only now

        wiring.connect(self)
