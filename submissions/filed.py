"""What was filed, as people read it: the sections, files and translations of one version."""

from collections.abc import Mapping
from typing import Any

from submissions import profiles
from submissions.choices import Choices
from submissions.files.shown import unscanned, with_scans
from submissions.models import DeclarationVersion
from submissions.reading import Reader, ReadSection
from submissions.scheme import Scheme
from submissions.translations import in_force


def read_version(filed: DeclarationVersion) -> dict[str, Any]:
    """Read a version for people: sections, files, confirmed translations."""
    content = filed.content
    scheme = filed.declaration.activity.scheme.load()
    reader = Reader(scheme, Choices(), content["language"])
    sections = read_sections(filed, reader)
    files = {one["id"]: one for section in sections for one in section.attachments}
    return {
        "sections": sections,
        "unscanned": unscanned(files.values()),
        "translations": read_translations(filed),
        "language": content["language"],
    }


def read_sections(filed: DeclarationVersion, reader: Reader) -> list[ReadSection]:
    """Read what was filed by section: what the organisation says of itself, then the rest."""
    content = filed.content
    profile = content["organisation"].get("profile", {})
    return [
        *profiles.read(profile, reader.choices, content["language"]),
        *reader.sections(
            content["sections"], with_scans(content["attachments"], filed.declaration_id)
        ),
    ]


def read_translations(filed: DeclarationVersion) -> list[dict[str, Any]]:
    """Read what the applicant confirmed in other languages, with the filing or since."""
    texts = {language: counting.texts for language, counting in in_force(filed).items()}
    return translations_read(texts, filed.declaration.activity.scheme.load())


def translations_read(
    texts: Mapping[str, Mapping[str, str]], scheme: Scheme
) -> list[dict[str, Any]]:
    """Read translations, by language, each text with the label of its field."""
    labels = {f"{s.key}.{field.key}": field.label for s, field in scheme.translatable()}
    return [
        {
            "language": language,
            "facts": [
                {"label": labels.get(key, key), "value": text, "lang": language}
                for key, text in translated.items()
            ],
        }
        for language, translated in texts.items()
    ]


def title_of(filed: DeclarationVersion) -> str:
    title: str = filed.content["sections"].get("technology", {}).get("title", "")
    return title
