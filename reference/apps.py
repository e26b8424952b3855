from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReferenceConfig(AppConfig):
    name = "reference"
    verbose_name = _("Vocabulary")

    def ready(self) -> None:
        from reference import wiring  # noqa: PLC0415 -- models are loaded only now

        wiring.connect(self)
