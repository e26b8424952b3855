"""What an enterprise does with a declaration before and between its filings.

Each function takes the row's lock, asks the table of rights, makes the change and writes the
audit in one transaction. Steps of its life are in ``submissions.workflow``.
"""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
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
from submissions.files.attaching import attach, remove_attachment
from submissions.models import Activity, Declaration
from submissions.translations import save_translation
from submissions.working_copy import StaleRevision, record
from submissions.writing import save_members, save_section, settle

__all__ = [
    "StaleRevision",
    "attach",
    "create_activity",
    "create_scheme",
    "edit_activity",
    "remove_attachment",
    "save_members",
    "save_section",
    "save_translation",
    "settle",
    "start",
]


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
