"""The profile of an organisation: filled in once, filed with each of its declarations.

It is shaped by a shipped scheme document, read by the engine that reads declarations. What was
filed carries the version of that document, and is read by it for good.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from core.canonical import content_hash
from submissions.activities import SCHEMES
from submissions.choices import Choices
from submissions.models import Profile
from submissions.reading import Reader, ReadSection
from submissions.scheme import Scheme, load
from submissions.scheme.sections import Missing

CODE, VERSION = "profile", 1
# Before the key of a section of the profile, so that it is not taken for one of a declaration.
PREFIX = "profile."


@cache
def _shipped(version: int) -> tuple[Scheme, str]:
    text = (SCHEMES / f"{CODE}-{version}.json").read_text(encoding="utf-8")
    sections = json.loads(text)["sections"]
    return load(sections), content_hash(sections)


def scheme(version: int = VERSION) -> Scheme:
    return _shipped(version)[0]


def of(organisation_id: UUID) -> Profile:
    """Return the organisation's profile; an empty one that is not stored when there is none."""
    found = Profile.objects.filter(pk=organisation_id).first()
    return found or Profile(organisation_id=organisation_id)


def missing(profile: Profile) -> Iterator[Missing]:
    """Yield what is required and not there, its section marked as one of the profile."""
    for one in scheme().missing(profile.content):
        message = _("Profile of the organisation: %(what)s") % {"what": one.message}
        yield Missing(f"{PREFIX}{one.section}", one.field, message, one.message)


def document(profile: Profile) -> dict[str, Any]:
    """Return what of it is filed; nothing when nothing was ever filled in."""
    if not profile.content:
        return {}
    return {
        "scheme": {"code": CODE, "version": VERSION, "hash": _shipped(VERSION)[1]},
        "revision": profile.revision,
        "sections": profile.content,
    }


def read(filed: Mapping[str, Any], choices: Choices, language: str) -> list[ReadSection]:
    """Read what was filed of a profile, as ``document`` wrote it."""
    if not filed:
        return []
    reader = Reader(scheme(filed["scheme"]["version"]), choices, language)
    sections = reader.sections(filed["sections"])
    return [replace(one, key=f"{CODE}-{one.key}") for one in sections]
