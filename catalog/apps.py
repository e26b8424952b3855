from typing import Any

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

PLATFORM = "big-data-platform"


class CatalogConfig(AppConfig):
    name = "catalog"
    verbose_name = _("Catalogue")

    def ready(self) -> None:
        from accounts import merging, personal  # noqa: PLC0415 -- models are loaded only now
        from catalog import look_alikes, preview, publishing  # noqa: PLC0415 -- as above
        from catalog import standing as words  # noqa: PLC0415 -- as above
        from catalog.personal import RECORDS  # noqa: PLC0415 -- as above
        from catalog.reminding import EXPIRY  # noqa: PLC0415 -- as above
        from catalog.rights import ADDRESSES, NOT_TRANSLATED, OBJECTS  # noqa: PLC0415 -- as above
        from core import reminders, rights  # noqa: PLC0415 -- as above
        from evaluation.publicity import contents  # noqa: PLC0415 -- as above
        from evaluation.workflow import CASES  # noqa: PLC0415 -- as above
        from submissions import look_alikes as submitted  # noqa: PLC0415 -- as above
        from submissions import standing, translations  # noqa: PLC0415 -- as above

        for entry in OBJECTS:
            rights.declare(entry)
        rights.declare_addresses(ADDRESSES)
        rights.bar("declaration", NOT_TRANSLATED)
        contents.register(preview.drawn)
        CASES.then("clear", publishing.list_technology)
        translations.then(publishing.publish_translation)
        standing.register(words.of)
        submitted.register(look_alikes.of)
        merging.register(merging.Mover("catalog.Technology", "holder"))
        personal.register(*RECORDS)
        reminders.register(EXPIRY)
        post_migrate.connect(restore_platform, sender=self)


def restore_platform(*, using: str, **migration: Any) -> None:
    """Make sure that the platform is a destination: after every migration, and a test's flush."""
    # Migrating back to nothing ends without our tables.
    known = migration.get("apps", apps).all_models["catalog"]
    if "destination" in known:
        known["destination"]._base_manager.using(using).get_or_create(
            code=PLATFORM,
            defaults={"name": "Big data platform", "kind": "lake", "location": "platform"},
        )
