from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("Accounts and organisations")

    def ready(self) -> None:
        from accounts import ending, events, merging, personal  # noqa: PLC0415 -- models are loaded only now
        from accounts.rights import ADDRESSES, OBJECTS  # noqa: PLC0415 -- as above
        from core import outbox, rights  # noqa: PLC0415 -- as above

        for entry in OBJECTS:
            rights.declare(entry)
        events.listen()
        rights.declare_addresses(ADDRESSES)
        merging.register(*merging.OWN)
        personal.register(*personal.OWN)
        outbox.register(ending.TOPIC, ending.end_sessions)
