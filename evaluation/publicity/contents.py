"""What everybody may read of an entry in publicity: what an objection can be about.

Which fields of a declaration are public only the catalogue knows, which stands above: it
registers here what draws the content of an entry by its own list. What it draws from is fixed as
the publicity begins, and its hashes are in the audit: a translation that is confirmed later is not
shown before the entry is listed.
"""

from collections.abc import Callable
from typing import Any

from django.utils.safestring import SafeString

from core.canonical import content_hash
from evaluation.models import Case
from submissions import translations

Source = Callable[[Case], SafeString]  # in the language of the reader
_sources: list[Source] = []


def register(source: Source) -> None:
    """Let a higher app draw what is public of an entry; called once, from its ready()."""
    _sources.append(source)


def drawn(case: Case) -> list[SafeString]:
    """Draw the public content of a case in publicity; whoever asks has seen that it is in it."""
    return [source(case) for source in _sources]


def fixed(case: Case) -> dict[str, Any]:
    """Return the hashes of what is drawn from: the version, and its translations by language."""
    counted = translations.in_force(case.version, case.publicity_began_at)
    texts = {language: content_hash(one.texts) for language, one in counted.items()}
    return {"version": case.version.content_hash, "translations": texts}
