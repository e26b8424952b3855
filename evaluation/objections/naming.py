"""Whether a text tells who objects: their name, organisation, address or telephone.

Whoever objects chooses these words. So only what stands by itself in a text is found: a name
"An" or an organisation "的" makes no ruling impossible.
"""

import re
from collections.abc import Iterator

from evaluation.models import Objection

LEAST = 5  # significant characters of what is looked for, but for names
LEAST_HAN = 2  # of a name
LEAST_HAN_UNIT = 4  # of an organisation
LEAST_DIGITS = 6
SAME_DIGITS = 8  # at the end of a number: the codes before them are written in many ways
HAN = "\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003134f"
WORD = re.compile(r"[^\W\d_]+(?:[’'][^\W\d_]+)*")
NUMBER = re.compile(r"\d[\d\s()+./\-\u2010-\u2013]*\d")
BETWEEN = r"[\s,.·\-]+"
TITLES = r"(?:mr|mrs|ms|miss|mx|dr|prof|professor|herr|frau|mme|monsieur|madame|señora?)\b\.?\s*"
HAN_TITLES = "先生|女士|小姐|博士|教授|老师|经理|总"
# Words no sentence does without.
EVERYDAY = frozenset(
    (
        *("a", "an", "and", "are", "as", "at", "be", "been", "but", "by", "do", "for", "from"),
        *("has", "he", "her", "him", "his", "i", "in", "is", "it", "its", "me", "my", "no", "not"),
        *("of", "on", "one", "or", "our", "she", "so", "that", "the", "their", "them", "there"),
        *("they", "this", "to", "us", "was", "we", "were", "who", "will", "with", "you", "your"),
        *("entry", "objection", "ruling", "technology"),
    )
)


def told_by(objection: Objection, text: str) -> str:
    """Return the words of a text that tell who objects, as they stand there; else nothing."""
    patterns = [*_of_name(objection.name), *_of_address(objection.address)]
    if objection.protected:
        patterns += _of_unit(objection.unit)
    for pattern in patterns:
        if found := re.search(pattern, text):
            return found.group().strip()
    return _number_in(text, objection.phone)


def _of_name(name: str) -> Iterator[str]:
    han = "".join(re.findall(f"[{HAN}]", name))
    if len(han) >= LEAST_HAN:
        yield _spread(han)
        yield f"{han[0]}(?:{HAN_TITLES})"
    words = [word for word in WORD.findall(name) if not re.search(f"[{HAN}]", word)]
    if not words:
        return
    yield from (rf"(?i:\b{TITLES}){_capital(word)}\b" for word in words if len(word) > 1)
    if len(words) > 1:
        for order in (words, [words[-1], *words[:-1]], [*words[1:], words[0]]):
            yield _sequence(order)
    elif words[0].lower() not in EVERYDAY:
        yield rf"\b{_capital(words[0])}\b"


def _of_unit(unit: str) -> Iterator[str]:
    han = "".join(re.findall(f"[{HAN}]", unit))
    if len(han) >= LEAST_HAN_UNIT:
        yield _spread(han)
    words = [word for word in WORD.findall(unit) if not re.search(f"[{HAN}]", word)]
    if sum(map(len, words)) >= LEAST:
        yield _sequence(words) if len(words) > 1 else rf"\b{_capital(words[0])}\b"


def _of_address(address: str) -> Iterator[str]:
    if len(address) >= LEAST:
        yield rf"(?i)(?<![\w.+-]){re.escape(address)}(?!\w)"


def _sequence(words: list[str]) -> str:
    """Find words one behind the other; everyday ones only where they are written as a name."""
    if all(word.lower() in EVERYDAY for word in words):
        return rf"\b{BETWEEN.join(map(_capital, words))}\b"
    return rf"(?i:\b{BETWEEN.join(map(re.escape, words))}\b)"


def _capital(word: str) -> str:
    return f"{re.escape(word[0].upper())}(?i:{re.escape(word[1:])})"


def _spread(han: str) -> str:
    return r"\s*".join(han)


def _number_in(text: str, phone: str) -> str:
    wanted = _digits(phone)
    if len(wanted) < LEAST_DIGITS:
        return ""
    for found in NUMBER.finditer(text):
        if _digits(found.group()).endswith(wanted[-SAME_DIGITS:]):
            return found.group()
    return ""


def _digits(text: str) -> str:
    return "".join(one for one in text if one.isdigit())
