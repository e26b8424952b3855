"""What catalog lays beside the other apps: rights, steps, words, reminders, records."""

from typing import Any

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate

from accounts import merging, personal
from catalog import look_alikes, preview, publishing
from catalog import standing as words
from catalog.enquiries import keeping, mails
from catalog.enquiries import rights as enquiry_rights
from catalog.enquiries.reminding import UNANSWERED
from catalog.personal import RECORDS
from catalog.reminding import CONFIRMATION, EXPIRY, LAPSE
from catalog.rights import ADDRESSES, NOT_TRANSLATED, OBJECTS, PARTS
from catalog.saved import mails as saved_mails
from catalog.saved import saving
from core import mail, pruning, reminders, rights
from evaluation.publicity import contents
from evaluation.workflow import CASES
from submissions import look_alikes as submitted
from submissions import standing, translations

PLATFORM = "big-data-platform"


def connect(app: AppConfig) -> None:
    """Tell the lower apps of us; once, when all models are loaded."""
    for entry in (*OBJECTS, *enquiry_rights.OBJECTS):
        rights.declare(entry)
    rights.declare_parts(PARTS)
    rights.declare_addresses(ADDRESSES | enquiry_rights.ADDRESSES)
    rights.bar("declaration", NOT_TRANSLATED)
    contents.register(preview.drawn)
    CASES.then("clear", publishing.list_technology)
    translations.then(publishing.publish_translation)
    standing.register(words.of)
    submitted.register(look_alikes.of)
    merging.register(
        merging.Mover("catalog.Technology", "holder"),
        merging.Mover("catalog.EarlierEntry", "organisation"),
    )
    personal.register(*RECORDS, *keeping.RECORDS, *saving.RECORDS)
    mail.protect(*mails.TO_ASKER, *saved_mails.TEMPLATES)
    pruning.register("enquiries", keeping.prune)
    pruning.register("saved searches", saving.prune)
    for event in (EXPIRY, CONFIRMATION, LAPSE, UNANSWERED):
        reminders.register(event)
    post_migrate.connect(restore_platform, sender=app)


def restore_platform(*, using: str, **migration: Any) -> None:
    """Make sure that the platform is a destination: after every migration, and a test's flush."""
    # Migrating back to nothing ends without our tables.
    known = migration.get("apps", apps).all_models["catalog"]
    if "destination" in known:
        known["destination"]._base_manager.using(using).get_or_create(
            code=PLATFORM,
            defaults={"name": "Big data platform", "kind": "lake", "location": "platform"},
        )
