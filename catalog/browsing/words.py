"""Words of the catalogue in Latin letters, and which of them a misspelt one may have meant."""

import re
from collections.abc import Iterable

from django.contrib.postgres.search import TrigramSimilarity
from rapidfuzz.distance import OSA

from catalog import bigrams
from catalog.models import Word

SHORTEST, LONGEST = 4, 60  # letters; of shorter words too many others are near
CANDIDATES = 20
_WORD = re.compile(rf"[^\W\d_]{{{SHORTEST},{LONGEST}}}")


def words_in(text: str) -> list[str]:
    """Return the words of a text that can be suggested: lower case, no Chinese, no figures."""
    return _WORD.findall(bigrams.without_han(text).lower())


def note(texts: Iterable[str]) -> None:
    """Remember the words of some texts. None is forgotten; what finds nothing is not offered."""
    found = sorted({word for text in texts for word in words_in(text)})
    Word.objects.bulk_create([Word(text=word) for word in found], ignore_conflicts=True)


def meant_by(word: str) -> str:
    """Return the word of the catalogue that is nearest to ``word``; "" when none is near.

    Near is: one slip of a letter, or two in a long word; letters that changed places are one
    slip (optimal string alignment).
    """
    allowed = 1 if len(word) < 8 else 2
    rows = Word.objects.filter(text__trigram_similar=word)
    close = rows.annotate(alike=TrigramSimilarity("text", word)).order_by("-alike", "text")
    best = min(
        (
            (OSA.distance(word, text), place, text)
            for place, text in enumerate(close.values_list("text", flat=True)[:CANDIDATES])
        ),
        default=None,
    )
    return best[2] if best and 0 < best[0] <= allowed else ""
