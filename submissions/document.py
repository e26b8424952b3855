"""The document of a declaration: what is filed, exactly, as canonical JSON without floats."""

from typing import Any

from django.conf import settings

from accounts.models import Organisation
from core.canonical import content_hash
from submissions import profiles
from submissions.models import Attachment, Declaration

NOTICE = (
    "This is a demonstration and not a declaration to FECO. "
    "本文件仅供演示，并非向生态环境部对外合作与交流中心提交的申报材料。"
)


def document_of(declaration: Declaration, attachments: list[Attachment]) -> dict[str, Any]:
    """Put together what is being filed: texts, confirmed translations, who declares, files."""
    scheme, rules = declaration.activity.scheme, declaration.activity.rules
    return {
        # Sealed with the rest, so that it cannot be taken off a document that is handed on.
        **({"demonstration": True, "notice": NOTICE} if settings.DEMO else {}),
        "scheme": {
            "code": scheme.code,
            "version": scheme.version,
            "hash": scheme.content_hash,
        },
        # What it was checked by; documents filed before there were sets of rules do not say.
        "rules": {"code": rules.code, "version": rules.version, "hash": rules.content_hash},
        "language": declaration.language,
        "organisation": _organisation(declaration.organisation) | _profile(declaration),
        "sections": declaration.content,
        "translations": confirmed_texts(declaration),
        "attachments": [_attachment(one) for one in attachments],
    }


def seen_of(document: dict[str, Any]) -> str:
    """Sum up what the page of the answers shows of a document, to be told when it changed."""
    shown = ("language", "organisation", "sections", "translations", "attachments")
    return content_hash({key: document[key] for key in shown})


def confirmed_texts(declaration: Declaration) -> dict[str, dict[str, str]]:
    """Return the translations that would be filed now, by language."""
    known = declaration.translations.all()  # perhaps read already
    return {one.language: one.texts for one in known if one.confirmed_at}


def _organisation(organisation: Organisation) -> dict[str, Any]:
    return {
        "id": str(organisation.pk),
        "name_en": organisation.name_en,
        "name_zh": organisation.name_zh,
        "country": organisation.country_id,
        "kind": organisation.kind,
        "website": organisation.website,
        "registration_number": organisation.registration_number,
    }


def _profile(declaration: Declaration) -> dict[str, Any]:
    """Return the profile as it is now, where the scheme asks for it and there is one."""
    if not declaration.activity.scheme.load().profile:
        return {}
    filed = profiles.document(profiles.of(declaration.organisation_id))
    return {"profile": filed} if filed else {}


def _attachment(attachment: Attachment) -> dict[str, Any]:
    return {
        "id": str(attachment.pk),
        "kind": attachment.kind,
        "title": attachment.title,
        "file_name": attachment.file_name,
        "media_type": attachment.media_type,
        "size": attachment.size,
        "sha256": attachment.sha256,
    }
