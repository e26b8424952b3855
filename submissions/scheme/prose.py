"""Whether what an applicant wrote is in the words of a language. Pure.

Figures, units, standards and formulas are written alike in every language: a table that holds
nothing else holds no text of the applicant's language, whatever the columns are called.
"""

import re

from submissions.scheme.fields import HAN

ARABIC = re.compile("[\u0620-\u064a\u066e-\u06d3\u0750-\u077f]")
# Of every other language: three letters or more on their own, small but perhaps for the first.
# Within "mg/Nm3", "CODcr", "kWh" or an address there is none.
WORD = re.compile(r"(?<![\w/.@-])[^\W\d_]{3,}(?![\w/@])")
SYMBOLS = frozenset({"bar", "max", "min", "mol", "ppb", "ppm", "ppt", "rpm", "vol"})


def in_words_of(language: str, text: str) -> bool:
    """Say whether a text holds words of the language, as far as its letters tell."""
    if language.startswith("zh"):
        return bool(HAN.search(text))
    if language == "ar":
        return bool(ARABIC.search(text))
    return any(map(_is_word, WORD.findall(text)))


def _is_word(run: str) -> bool:
    return run[1:].islower() and run.casefold() not in SYMBOLS and not HAN.search(run)
