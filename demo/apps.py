from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DemoConfig(AppConfig):
    name = "demo"
    verbose_name = _("Demonstration")

    def ready(self) -> None:
        from core import rights  # noqa: PLC0415 -- models are loaded only now
        from demo.rights import ADDRESSES  # noqa: PLC0415 -- as above

        rights.declare_addresses(ADDRESSES)
