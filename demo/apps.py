from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DemoConfig(AppConfig):
    name = "demo"
    verbose_name = _("Demonstration")

    def ready(self) -> None:
        from demo import wiring  # noqa: PLC0415 -- models are loaded only now

        wiring.connect(self)
