"""The code on a certificate: which version of which listing it was printed of. Pure.

It holds no secret: whoever copies it is shown, by the check page, what it really stands for. Its
last part catches slips of who types it, and codes that were made up.
"""

import hashlib
import unicodedata
from typing import NamedTuple

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # of Crockford: none looks like another
ALIKE = str.maketrans("OILU", "011V")
LENGTH = 8  # of five bits each
LONGEST = 80  # characters of what is typed


class Code(NamedTuple):
    """What a code says."""

    number: str
    version: int
    check: str

    def __str__(self) -> str:
        return f"{self.number}-{self.version}-{self.check}"


def code_of(number: str, version: int, content_hash: str) -> Code:
    """Return the code of a version; its hash as 64 hexadecimal digits."""
    digest = hashlib.sha256(f"{number} {version} {content_hash}".encode()).digest()
    value = int.from_bytes(digest[:5])
    check = "".join(LETTERS[value >> 5 * place & 31] for place in reversed(range(LENGTH)))
    return Code(number, version, check)


def typed(text: str) -> str:
    """Return what somebody typed as it is printed: capitals, no spaces, plain digits."""
    plain = unicodedata.normalize("NFKC", text[:LONGEST]).upper()
    for dash in "‐‑‒–—−":
        plain = plain.replace(dash, "-")
    kept = (letter for letter in plain if letter.isprintable() and not letter.isspace())
    # Digits of other scripts too, which no normal form folds.
    return "".join(str(unicodedata.decimal(one)) if one.isdecimal() else one for one in kept)


def parse(text: str) -> Code | None:
    """Return the code in a text that ``typed`` gave; None where it has not the form of one."""
    number, _dash, rest = text.rpartition("-")
    number, _dash, version = number.rpartition("-")
    check = rest.translate(ALIKE)
    if not number or not version.isdecimal() or len(version) > 6 or len(check) != LENGTH:
        return None
    return Code(number, int(version), check)
