from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PoolPortalConfig(AppConfig):
    name = "pool_portal"
    verbose_name = _("Portal")

    def ready(self) -> None:
        from core import rights  # noqa: PLC0415 -- apps are loaded only now
        from pool_portal.rights import ADDRESSES, OBJECTS  # noqa: PLC0415 -- as above

        for entry in OBJECTS:
            rights.declare(entry)
        rights.declare_addresses(ADDRESSES)
