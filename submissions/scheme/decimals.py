"""Reads a number as people of many countries write it, or says why it cannot be sure.

Pure. The result is a plain string (``"1234.50"``): what was stated, digit for digit, never a
float. A full stop alone is the decimal mark, as on the portal's pages; a comma alone before
three digits may be either, and is asked about.
"""

import re
import unicodedata

from django.utils.translation import gettext as _

MOST_DIGITS = 24
SPACES = " '’٬"  # the others become a space by normalisation
_NOT_DIGITS = frozenset({"<super>", "<sub>", "<circle>", "<square>", "<fraction>"})
_PLAIN = re.compile(r"\d+(\.\d+)?|\.\d+")
_GROUPS = r"\d{1,3}(?:MARK\d{3})+|\d{1,2}(?:MARK\d{2})+MARK\d{3}"  # the second as in India


class NumberError(ValueError):
    """The text is no number, or could be two; the message is for who typed it."""


def parse(text: str) -> str:
    """Return the number as a plain string; raise NumberError with the reason."""
    if any(map(_is_no_plain_digit, text)):
        raise NumberError(
            _("Raised, lowered or circled digits are not read: write the number out, as 100000.")
        )
    sign, body = _sign(_western(text))
    if not body or not re.fullmatch(rf"[\d.,{SPACES}]+", body):
        raise NumberError(_("Write a number, for example 1234.5; words and units go elsewhere."))
    plain = _ungrouped(body)
    whole, _dot, fraction = plain.partition(".")
    if len(whole) + len(fraction) > MOST_DIGITS:
        raise NumberError(_("This number has too many digits."))
    whole = whole.lstrip("0") or "0"
    result = f"{whole}.{fraction}" if fraction else whole
    return f"{sign}{result}" if result.strip("0.") else result


def _is_no_plain_digit(letter: str) -> bool:
    """Say whether a sign would become digits that were not written so: 10⁵, ①, ½, ⒈."""
    tag, *parts = unicodedata.decomposition(letter).split() or [""]
    if tag in _NOT_DIGITS:
        return True
    return tag == "<compat>" and any(chr(int(part, 16)).isdecimal() for part in parts)


def _western(text: str) -> str:
    """Full-width, Arabic and other digits and marks become the ones of ASCII."""
    normal = unicodedata.normalize("NFKC", text.strip()).replace("−", "-").replace("٫", ".")
    return "".join(
        str(unicodedata.decimal(letter)) if letter.isdecimal() else letter for letter in normal
    )


def _sign(text: str) -> tuple[str, str]:
    if text[:1] in ("-", "+"):
        return text[:1].replace("+", ""), text[1:].strip()
    return "", text


def _ungrouped(body: str) -> str:
    """Take the grouping out and write the decimal mark as a full stop."""
    if _PLAIN.fullmatch(body):
        return body
    spaced = re.search(rf"[{SPACES}]", body)
    if "," in body and "." in body:
        mark = max(",.", key=body.rfind)
        return _with_marks(body, group="," if mark == "." else ".", mark=mark)
    if spaced:
        return _with_marks(body, group=f"[{SPACES}]", mark="," if "," in body else ".")
    return _one_kind_of_mark(body)


def _one_kind_of_mark(body: str) -> str:
    mark = "," if "," in body else "."
    if body.count(mark) > 1:
        return _with_marks(body, group=mark, mark="")
    whole, _comma, fraction = body.partition(mark)
    if not whole or not fraction:
        raise NumberError(_("This number is not complete."))
    if len(fraction) == 3 and len(whole) <= 3 and not whole.startswith("0"):
        raise NumberError(
            _("This could be %(whole)s%(fraction)s or %(whole)s.%(fraction)s. Write it so.")
            % {"whole": whole, "fraction": fraction}
        )
    return f"{whole}.{fraction}"


def _with_marks(body: str, *, group: str, mark: str) -> str:
    """Read ``body`` as groups parted by ``group``, then perhaps ``mark`` and a fraction."""
    whole, found, fraction = body.partition(mark) if mark else (body, "", "")
    separator = group if group.startswith("[") else re.escape(group)
    same = re.sub(separator, ",", whole)
    grouped = re.fullmatch(_GROUPS.replace("MARK", ","), same)
    one_group = group.startswith("[") and whole.isdigit()
    if not (grouped or one_group) or (found and not fraction.isdigit()):
        raise NumberError(_("The digits of this number are not grouped in a way we can read."))
    return same.replace(",", "") + (f".{fraction}" if fraction else "")
