"""Declarations whose texts are alike or are not: invented words, the same for the same seed."""

import random
import uuid
from typing import Any

from accounts.models import Organisation
from submissions import services
from submissions.models import Activity, Declaration, DeclarationVersion, Fingerprint
from tests.builders import accounts
from tests.builders import submissions as build

TITLE, WHERE = "A technology", "Anywhere."
SYLLABLES = ("ba", "ce", "di", "fo", "gu", "ha", "ke", "li", "mo", "nu", "pa", "re", "si", "to")


def english(seed: object, *, words: int = 60) -> str:
    """Return a text of invented words; another seed shares nothing with it."""
    chance = random.Random(str(seed))
    return " ".join("".join(chance.choices(SYLLABLES, k=4)) for _word in range(words)) + "."


def chinese(seed: object, *, characters: int = 90) -> str:
    chance = random.Random(str(seed))
    return "".join(chr(chance.randrange(0x4E00, 0x9000)) for _one in range(characters)) + "。"


def document(text: str, title: str = TITLE) -> dict[str, Any]:
    content = build.content(title)
    content["technology"] |= {"summary": text, "applicability": WHERE}
    return content


def draft(
    text: str,
    *,
    title: str = TITLE,
    language: str = "en",
    organisation: Organisation | None = None,
    activity: Activity | None = None,
    translations: dict[str, str] | None = None,
) -> Declaration:
    """Return a draft with this summary; ``translations`` of it are confirmed."""
    made = build.draft(
        document=document(text, title),
        language=language,
        organisation=organisation,
        activity=activity,
    )
    for code, translated in (translations or {}).items():
        confirm(made, code, translated)
    return made


def filed(text: str, **more: Any) -> Declaration:
    """Return a declaration that was filed with this summary; ``more`` as in draft()."""
    made = draft(text, **more)
    build.take(made, "submit", accounts.owner_of(made.organisation))
    made.refresh_from_db()
    return made


def confirm(declaration: Declaration, language: str, text: str) -> None:
    services.save_translation(
        declaration.pk,
        language,
        {"technology.summary": text},
        actor=accounts.owner_of(declaration.organisation),
        confirm=True,
    )


def copies(one: Declaration, number: int) -> list[Declaration]:
    """Insert as many that are like a filed one, of its organisation and activity, at once."""
    version = one.version
    assert version is not None
    stored = list(version.fingerprints.all())
    same = ("activity", "organisation", "language", "title", "created_by", "submitted_at")
    rows = Declaration.objects.bulk_create(
        Declaration(start_key=uuid.uuid4(), **{name: getattr(one, name) for name in same})
        for _n in range(number)
    )
    versions = DeclarationVersion.objects.bulk_create(
        DeclarationVersion(
            declaration=row,
            number=1,
            content=version.content,
            content_hash=version.content_hash,
            submitted_at=version.submitted_at,
            submitted_by=version.submitted_by,
        )
        for row in rows
    )
    for place, (row, filed_as) in enumerate(zip(rows, versions, strict=True)):
        row.version, row.number, row.status = filed_as, f"{one.number}-{place}", one.status
    Declaration.objects.bulk_update(rows, ["version", "number", "status"])
    Fingerprint.objects.bulk_create(
        Fingerprint(version=each, language=kept.language, hashes=kept.hashes, count=kept.count)
        for each in versions
        for kept in stored
    )
    return rows
