"""The unified social credit code of Chinese organisations: shape and check character.

GB 32100-2015: eighteen characters of an alphabet of 31 (no I, O, S, V, Z); the last one is
chosen so that the sum of the values, each times 3 to the power of its place, is divisible
by 31. No Django here: text in, text or truth out.
"""

import re

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
LENGTH = 18
# Two characters for the registering authority and kind, six digits for the place, then nine
# of the organisation code and one to check.
_SHAPE = re.compile(rf"[{ALPHABET}]{{2}}[0-9]{{6}}[{ALPHABET}]{{10}}")
_WEIGHTS = tuple(pow(3, place, 31) for place in range(LENGTH - 1))


def normalised(text: str) -> str:
    """Return the code as it is stored: capitals, without the spaces and hyphens people type."""
    return re.sub(r"[\s-]", "", text).upper()


def check_character(first_seventeen: str) -> str:
    """Return the eighteenth character; ValueError when one of the others cannot be there."""
    if len(first_seventeen) != LENGTH - 1:
        raise ValueError("seventeen characters are checked by the eighteenth")
    values = (ALPHABET.index(character) for character in first_seventeen)
    total = sum(weight * value for weight, value in zip(_WEIGHTS, values, strict=True))
    return ALPHABET[-total % 31]


def is_valid(code: str) -> bool:
    """Say whether ``code``, written as it is stored, has the right shape and check character."""
    return bool(_SHAPE.fullmatch(code)) and check_character(code[:-1]) == code[-1]
