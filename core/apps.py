from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    name = "core"
    verbose_name = _("Records of the portal")

    def ready(self) -> None:
        from core import wiring  # noqa: PLC0415 -- models are loaded only now

        wiring.connect(self)
