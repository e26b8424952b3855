"""What an enterprise filed, in which activity, under which scheme."""

from submissions.models.activities import Activity, DeclarationScheme
from submissions.models.attachments import Attachment, Correction
from submissions.models.declarations import (
    LANGUAGE_CHOICES,
    Declaration,
    DeclarationVersion,
    Translation,
    TranslationVersion,
)

__all__ = [
    "LANGUAGE_CHOICES",
    "Activity",
    "Attachment",
    "Correction",
    "Declaration",
    "DeclarationScheme",
    "DeclarationVersion",
    "Translation",
    "TranslationVersion",
]
