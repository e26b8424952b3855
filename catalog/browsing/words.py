"""Words of the catalogue in Latin letters, and which of them a misspelt one may have meant."""

import re
from collections.abc import Iterable

from django.db import connection
from rapidfuzz.distance import OSA

from catalog import bigrams
from catalog.models import Word

SHORTEST, LONGEST = 4, 60  # letters; of shorter words too many others are near
CANDIDATES = 20
# The most alike of each word, as trigrams have it.
_ALIKE = """
    SELECT asked.word, near.text
      FROM unnest(%s::text[]) WITH ORDINALITY AS asked (word, place),
           LATERAL (
               SELECT text, similarity(text, asked.word) AS alike
                 FROM catalog_word
                WHERE text %% asked.word
                ORDER BY alike DESC, text
                LIMIT %s
           ) AS near
     ORDER BY asked.place, near.alike DESC, near.text
"""
_WORD = re.compile(rf"[^\W\d_]{{{SHORTEST},{LONGEST}}}")


def words_in(text: str) -> list[str]:
    """Return the words of a text that can be suggested: lower case, no Chinese, no figures."""
    return _WORD.findall(bigrams.without_han(text).lower())


def note(texts: Iterable[str]) -> None:
    """Remember the words of some texts. None is forgotten; what finds nothing is not offered."""
    found = sorted({word for text in texts for word in words_in(text)})
    Word.objects.bulk_create([Word(text=word) for word in found], ignore_conflicts=True)


def meant_by(asked: Iterable[str]) -> dict[str, str]:
    """Return the words of the catalogue that are nearest to these, where one is near; one query.

    Near is: one slip of a letter, or two in a long word; letters that changed places are one
    slip (optimal string alignment).
    """
    sought = list(dict.fromkeys(asked))
    if not sought:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_ALIKE, [sought, CANDIDATES])
        rows = cursor.fetchall()
    near: dict[str, tuple[int, int, str]] = {}
    for place, (word, text) in enumerate(rows):
        told = (OSA.distance(word, text), place, text)
        near[word] = min(near.get(word, told), told)
    return {
        word: text
        for word, (slips, _place, text) in near.items()
        if 0 < slips <= (1 if len(word) < 8 else 2)
    }
