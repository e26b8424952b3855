from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.utils.translation import gettext_lazy as _


class PoolPortalConfig(AppConfig):
    name = "pool_portal"
    verbose_name = _("Portal")

    def ready(self) -> None:
        from pool_portal import wiring  # noqa: PLC0415 -- models are loaded only now

        wiring.connect(self)


class DeskConfig(AdminConfig):
    """Django admin in the order of the officers' work."""

    default_site = "pool_portal.desk.DeskSite"
