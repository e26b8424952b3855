"""Saving the profile of an organisation: one section at a time, nobody's text over another's."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from core import audit, rights
from core.errors import DomainError
from submissions import profiles
from submissions.choices import Choices
from submissions.models import Profile
from submissions.working_copy import StaleRevision
from submissions.writing import section_of, without_empty


@transaction.atomic
def save_section(
    organisation_id: UUID, section: str, values: Mapping[str, Any], *, actor: Any, revision: int
) -> Profile:
    """Save one section; ``revision`` is the profile's when the page was begun.

    Raises StaleRevision when the section was saved since then, and DomainError at the first
    value that cannot be taken.
    """
    Profile.objects.get_or_create(organisation_id=organisation_id)
    profile = Profile.objects.select_for_update(no_key=True).get(pk=organisation_id)
    if not rights.can(actor, "edit", profile):
        raise PermissionDenied(f"edit on profile {organisation_id}")
    part = section_of(profiles.scheme(), section)
    tidied = without_empty(dict(values))
    for fault in part.faults(tidied, Choices().known):
        raise DomainError(fault.message, field=fault.field)
    if profile.content.get(section, {}) == tidied:
        return profile
    if profile.section_revisions.get(section, 0) > revision:
        raise StaleRevision(profile)
    profile.revision += 1
    profile.section_revisions[section] = profile.revision
    profile.content[section] = tidied
    profile.save()
    subject = audit.Subject("organisation", organisation_id)
    audit.record("organisation.profile_saved", subject, actor=actor, details={"section": section})
    return profile
