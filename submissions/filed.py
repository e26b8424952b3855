"""What was filed, as people read it: the sections, files and translations of one version."""

from typing import Any

from submissions.choices import Choices
from submissions.models import DeclarationVersion
from submissions.reading import Reader


def read_version(filed: DeclarationVersion) -> dict[str, Any]:
    """Read a version for people: sections, files, confirmed translations."""
    content = filed.content
    scheme = filed.declaration.activity.scheme.load()
    reader = Reader(scheme, Choices(), content["language"])
    labels = {f"{s.key}.{field.key}": field.label for s, field in scheme.translatable()}
    translations = [
        {
            "language": language,
            "facts": [
                {"label": labels.get(key, key), "value": text, "lang": language}
                for key, text in texts.items()
            ],
        }
        for language, texts in content["translations"].items()
    ]
    sections = reader.sections(content["sections"], content["attachments"])
    return {"sections": sections, "translations": translations, "language": content["language"]}


def title_of(filed: DeclarationVersion) -> str:
    title: str = filed.content["sections"].get("technology", {}).get("title", "")
    return title
