"""Saving the profile of an organisation: nobody's text over another's.

A page saves the fields and tables that were changed on it; a program saves a section whole.
"""

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
from submissions.scheme.differences import begun_marks, mark
from submissions.scheme.fields import FieldSpec
from submissions.scheme.sections import RowsSpec, Section
from submissions.working_copy import StaleRevision
from submissions.writing import section_of, without_empty


@transaction.atomic
def save_section(
    organisation_id: UUID, section: str, values: Mapping[str, Any], *, actor: Any, revision: int
) -> Profile:
    """Save one section whole; ``revision`` is the profile's when its values were read.

    For programs. Raises StaleRevision when the section was saved since then, and DomainError at
    the first value that cannot be taken.
    """
    profile = _locked(organisation_id, actor)
    tidied = _checked(section_of(profiles.scheme(), section), values)
    stale = profile.section_revisions.get(section, 0) > revision
    if stale and profile.content.get(section, {}) != tidied:
        raise StaleRevision(profile)
    return _store(profile, section, tidied, actor)


@transaction.atomic
def save_members(
    organisation_id: UUID, section: str, values: Mapping[str, Any], *, actor: Any, begun: str
) -> Profile:
    """Save what was changed on a page; ``begun`` is what ``differences.marks`` said of it.

    Raises StaleRevision when somebody else changed one of the same fields or tables since, and
    DomainError at the first value that cannot be taken.
    """
    profile = _locked(organisation_id, actor)
    part = section_of(profiles.scheme(), section)
    tidied = _checked(part, values)
    stored = profile.content.get(section, {})
    base = begun_marks(begun)
    for one in changed(part, tidied, begun):
        same = mark(one, stored) == base.get(one.key, mark(one, {}))
        if not same and mark(one, stored) != mark(one, tidied):
            raise StaleRevision(profile)
    return _store(profile, section, laid_over(part, tidied, stored, begun), actor)


def changed(part: Section, values: Mapping[str, Any], begun: str) -> list[FieldSpec | RowsSpec]:
    """List the fields and tables that are not as their page was begun."""
    base = begun_marks(begun)
    return [one for one in part.members if mark(one, values) != base.get(one.key, mark(one, {}))]


def laid_over(
    part: Section, values: Mapping[str, Any], stored: Mapping[str, Any], begun: str
) -> dict[str, Any]:
    """Return what is stored with what was changed on the page in its place."""
    mine = {one.key: values.get(one.key) for one in changed(part, values, begun)}
    return {key: value for key, value in {**stored, **mine}.items() if value is not None}


def _locked(organisation_id: UUID, actor: Any) -> Profile:
    Profile.objects.get_or_create(organisation_id=organisation_id)
    profile = Profile.objects.select_for_update(no_key=True).get(pk=organisation_id)
    if not rights.can(actor, "edit", profile):
        raise PermissionDenied(f"edit on profile {organisation_id}")
    return profile


def _checked(part: Section, values: Mapping[str, Any]) -> dict[str, Any]:
    tidied = without_empty(dict(values))
    for fault in part.faults(tidied, Choices().known):
        raise DomainError(fault.message, field=fault.field)
    return tidied


def _store(profile: Profile, section: str, tidied: dict[str, Any], actor: Any) -> Profile:
    if profile.content.get(section, {}) == tidied:
        return profile
    profile.revision += 1
    profile.section_revisions[section] = profile.revision
    profile.content[section] = tidied
    profile.save()
    subject = audit.Subject("organisation", profile.organisation_id)
    audit.record("organisation.profile_saved", subject, actor=actor, details={"section": section})
    return profile
