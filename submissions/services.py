"""What an enterprise does with a declaration before and between its filings.

Each function takes the row's lock, asks the table of rights, makes the change and writes the
audit in one transaction. Steps of its life are in ``submissions.workflow``.
"""

import uuid
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.files.storage import Storage, default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Organisation
from accounts.roles import Level
from core.clock import database_now
from core.errors import DomainError
from submissions.activities import (
    create_activity,
    create_scheme,
    edit_activity,
    require_open,
)
from submissions.choices import Choices
from submissions.files import uploads
from submissions.files.uploads import Upload
from submissions.models import Activity, Attachment, Declaration
from submissions.scheme import Scheme
from submissions.scheme.sections import Section
from submissions.translations import save_translation
from submissions.working_copy import StaleRevision, locked, record

__all__ = [
    "StaleRevision",
    "attach",
    "create_activity",
    "create_scheme",
    "edit_activity",
    "remove_attachment",
    "save_section",
    "save_translation",
    "start",
]

MOST_ATTACHMENTS = 40


@transaction.atomic
def start(
    activity: Activity, organisation: Organisation, *, actor: Any, language: str, key: UUID
) -> Declaration:
    """Begin a declaration; the same ``key`` again returns the one it made."""
    mine = Organisation.objects.of_member(actor, Level.EDIT, Level.OWN)
    if not mine.filter(pk=organisation.pk).exists():
        raise PermissionDenied(f"declare for organisation {organisation.pk}")
    if made := Declaration.objects.filter(start_key=key).first():
        return _same(made, activity, organisation, actor)
    require_open(Activity.objects.get(pk=activity.pk), database_now())
    if language not in dict(settings.LANGUAGES):
        raise DomainError(_("Choose a language of the portal."), field="language")
    declaration, is_new = Declaration.objects.get_or_create(
        start_key=key,
        defaults={
            "activity": activity,
            "organisation": organisation,
            "language": language,
            "created_by": actor,
        },
    )
    if is_new:
        record(declaration, "started", actor)
    return _same(declaration, activity, organisation, actor)


def _same(
    made: Declaration, activity: Activity, organisation: Organisation, actor: Any
) -> Declaration:
    asked = (activity.pk, organisation.pk, actor.pk)
    if (made.activity_id, made.organisation_id, made.created_by_id) != asked:
        raise DomainError(_("This form was used already. Please begin again."))
    return made


@transaction.atomic
def save_section(
    declaration_id: UUID, section: str, values: Mapping[str, Any], *, actor: Any, revision: int
) -> Declaration:
    """Save one section; ``revision`` is the declaration's when the person began to type.

    Raises StaleRevision when the section was saved since then, and DomainError at the first
    value the scheme does not take.
    """
    declaration = locked(declaration_id, actor)
    part = _section(declaration.activity.scheme.load(), section)
    tidy = _tidy(dict(values))
    for fault in part.faults(tidy, Choices(declaration.activity).known):
        raise DomainError(fault.message, field=fault.field)
    before = declaration.content.get(section, {})
    if tidy == before:
        return declaration
    if declaration.section_revisions.get(section, 0) > revision:
        raise StaleRevision(declaration)
    _write(declaration, part, tidy)
    _take_back_confirmations(declaration, part, before)
    record(declaration, "saved", actor, section=section, revision=declaration.revision)
    return declaration


def _write(declaration: Declaration, section: Section, values: dict[str, Any]) -> None:
    declaration.revision += 1
    declaration.section_revisions[section.key] = declaration.revision
    declaration.content[section.key] = values
    technology = declaration.content.get("technology", {})
    declaration.title = technology.get("title", "")[:200]
    declaration.subcategory_id = technology.get("subcategory")
    declaration.save(
        update_fields=[
            "revision", "section_revisions", "content", "title", "subcategory", "updated_at",
        ]
    )  # fmt: skip


def _take_back_confirmations(
    declaration: Declaration, section: Section, before: dict[str, Any]
) -> None:
    """A translation of a text that changed is to be looked at again."""
    now = declaration.content[section.key]
    changed = {
        f"{section.key}.{field.key}"
        for field in section.fields
        if field.translatable and before.get(field.key) != now.get(field.key)
    }
    for translation in declaration.translations.exclude(confirmed_at=None):
        if changed & set(translation.texts):
            translation.confirmed_at = translation.confirmed_by = None
            translation.save(update_fields=["confirmed_at", "confirmed_by", "updated_at"])


def attach(
    declaration_id: UUID, upload: Upload, *, kind: str, title: str, actor: Any
) -> Attachment:
    """Lay a file beside a declaration; the same file of the same kind again is the same one."""
    if kind not in Attachment.Kind.values:
        raise DomainError(_("Choose one of the list."), field="kind")
    found = uploads.inspect(upload)
    storage: Storage = default_storage
    stored = storage.save(f"attachments/{uuid.uuid4().hex}.{found.extension}", upload)
    try:
        with transaction.atomic():
            attachment = _attach(declaration_id, found, stored, kind, title.strip(), actor)
    except BaseException:
        storage.delete(stored)
        raise
    if attachment.file.name != stored:
        storage.delete(stored)
    return attachment


def _attach(
    declaration_id: UUID, found: uploads.Inspected, stored: str, kind: str, title: str, actor: Any
) -> Attachment:
    declaration = locked(declaration_id, actor)
    standing = Attachment.objects.standing().filter(declaration=declaration)
    same: Attachment | None = standing.filter(sha256=found.sha256, kind=kind).first()
    if same:
        return same
    if standing.count() >= MOST_ATTACHMENTS:
        raise uploads.UploadError(_("There are too many files already; remove one first."))
    attachment = Attachment.objects.create(
        declaration=declaration,
        kind=kind,
        title=title[:200] or found.name,
        file=stored,
        file_name=found.name,
        media_type=found.media_type,
        size=found.size,
        sha256=found.sha256,
        uploaded_by=actor,
    )
    record(declaration, "attached", actor, attachment=str(attachment.pk), sha256=found.sha256)
    return attachment


@transaction.atomic
def remove_attachment(attachment_id: UUID, *, actor: Any) -> Attachment:
    """Take a file away from the working copy; one that a version names is kept in store."""
    attachment = Attachment.objects.get(pk=attachment_id)
    declaration = locked(attachment.declaration_id, actor)
    attachment.refresh_from_db()
    if attachment.removed_at:
        return attachment
    attachment.removed_at = database_now()
    attachment.save(update_fields=["removed_at"])
    record(declaration, "detached", actor, attachment=str(attachment.pk))
    if attachment.filed_with_id is None:
        stored = str(attachment.file.name)
        transaction.on_commit(lambda: attachment.file.storage.delete(stored))
    return attachment


def _section(scheme: Scheme, key: str) -> Section:
    try:
        return scheme.section(key)
    except KeyError:
        raise DomainError(_("The scheme has no section %(key)s.") % {"key": key}) from None


def _tidy(values: dict[str, Any]) -> dict[str, Any]:
    """Leave out what was left empty, down to the rows."""
    tidy: dict[str, Any] = {}
    for key, value in values.items():
        kept: Any = value
        if isinstance(value, list) and all(isinstance(row, dict) for row in value):
            kept = [row for row in map(_tidy, value) if row]
        if kept not in (None, "", []):
            tidy[key] = kept
    return tidy
