"""The texts of a declaration in other languages: saved, confirmed by the applicant, kept.

Before a filing what is confirmed becomes part of the version that is filed. Afterwards each
confirmation is a row of its own beside that version, which stays as it was filed; the last one
of a language is the one that counts. Whoever stands above may follow a confirmation with
``then``: a technology that is listed is published anew.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Case, Exists, OuterRef, Subquery, TextField, Value, When
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from core.canonical import content_hash
from core.clock import database_now
from core.errors import DomainError
from submissions import fingerprints
from submissions.models import (
    Declaration,
    DeclarationVersion,
    Translation,
    TranslationVersion,
)
from submissions.scheme import Scheme
from submissions.states import EDITABLE
from submissions.working_copy import StaleRevision, locked, record

TITLE = "technology.title"
Effect = Callable[[TranslationVersion], None]
_effects: list[Effect] = []


def then(effect: Effect) -> None:
    """Let a higher app follow the confirmation of a translation of what was filed.

    Called once, from its ready(); the effect runs in the same transaction, the declaration's
    row locked.
    """
    _effects.append(effect)


@dataclass(frozen=True, slots=True)
class InForce:
    """The confirmed text of a filed version in one language."""

    texts: Mapping[str, str]
    confirmed_at: dt.datetime


def in_force(version: DeclarationVersion, at: dt.datetime | None = None) -> dict[str, InForce]:
    """Return what counts of each language: the last confirmation, else what was filed.

    ``at``: what counted then; now, where nobody says.
    """
    texts = version.content.get("translations", {})
    counts = {language: InForce(filed, version.submitted_at) for language, filed in texts.items()}
    # Ascending, so that the last confirmation of a language stays.
    confirmed = version.translations.order_by("number")
    for one in confirmed if at is None else confirmed.filter(confirmed_at__lte=at):
        counts[one.language] = InForce(one.texts, one.confirmed_at)
    return dict(sorted(counts.items()))


def title_in_force(language: str, version: str, at: str) -> Coalesce:
    """Return the title of ``in_force`` as a column, for lists: empty where there is none.

    ``version`` and ``at`` name the columns of the row that is asked for.
    """
    confirmed = TranslationVersion.objects.filter(
        version=OuterRef(version), language=language, confirmed_at__lte=OuterRef(at)
    ).order_by("-number")
    filed = KeyTransform(language, KeyTransform("translations", f"{version}__content"))
    last = confirmed.values(found=KeyTextTransform(TITLE, "texts"))[:1]
    counts = Case(
        When(Exists(confirmed), then=Subquery(last)),
        default=KeyTextTransform(TITLE, filed),
        output_field=TextField(),
    )
    return Coalesce(counts, Value(""), output_field=TextField())


@transaction.atomic
def save_translation(
    declaration_id: UUID,
    language: str,
    texts: Mapping[str, str],
    *,
    actor: Any,
    confirm: bool,
    revision: int | None = None,
) -> Translation:
    """Save the texts in another language; they count once confirmed by the applicant.

    What is saved without confirming takes nothing away: what was confirmed last still counts.
    """
    declaration = locked(declaration_id, actor, "translate")
    if language == declaration.language or language not in dict(settings.LANGUAGES):
        raise DomainError(_("Choose another language of the portal."), field="language")
    kept = {key: text for key, text in texts.items() if text}
    _check_texts(declaration.activity.scheme.load(), kept, limits=confirm)
    if confirm and not kept:
        raise DomainError(_("There is nothing to confirm yet."))
    translation = _write(declaration, language, kept, revision)
    at = database_now()
    if confirm:
        translation.confirmed_at, translation.confirmed_by = at, actor
    translation.save()
    verb = "translation_confirmed" if confirm else "translation_saved"
    record(declaration, verb, actor, language=language)
    if confirm and declaration.version and declaration.status not in EDITABLE:
        _put_beside(declaration.version, translation, actor=actor, at=at)
    return translation


def _write(
    declaration: Declaration, language: str, texts: dict[str, str], revision: int | None
) -> Translation:
    """Put new texts into the working copy of a translation; nobody has confirmed them yet."""
    translation, _made = Translation.objects.get_or_create(
        declaration=declaration, language=language
    )
    if revision is not None and revision < translation.revision and texts != translation.texts:
        raise StaleRevision(translation)
    translation.texts = texts
    translation.revision += 1
    translation.confirmed_at = translation.confirmed_by = None
    return translation


def _put_beside(
    version: DeclarationVersion, confirmed: Translation, *, actor: Any, at: dt.datetime
) -> None:
    """Keep what was confirmed for good, unless it is what counts already; tell who follows."""
    counting = in_force(version).get(confirmed.language)
    if counting and counting.texts == confirmed.texts:
        return
    last = version.translations.filter(language=confirmed.language).order_by("-number").first()
    kept = TranslationVersion.objects.create(
        version=version,
        language=confirmed.language,
        number=last.number + 1 if last else 1,
        texts=confirmed.texts,
        content_hash=content_hash(confirmed.texts),
        confirmed_at=at,
        confirmed_by=actor,
    )
    fingerprints.keep_translation(kept)
    for effect in _effects:
        effect(kept)


def _check_texts(scheme: Scheme, texts: dict[str, str], *, limits: bool) -> None:
    """Refuse what is no text of the scheme; ``limits``: also what is longer than its field."""
    fields = {f"{section.key}.{field.key}": field for section, field in scheme.translatable()}
    for key, text in texts.items():
        if key not in fields:
            raise DomainError(_("This text is not translated."), field=key)
        if fault := fields[key].fault(text, lambda _source: (), limits=limits):
            raise DomainError(fault, field=key)
