from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
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


class DeskConfig(AdminConfig):
    """Django admin in the order of the officers' work."""

    default_site = "pool_portal.desk.DeskSite"
