"""What one field of a declaration is, and which values it takes. Pure: knows no database.

The same rules are asked when a person types, when a draft is saved by a program and when a
declaration is filed, so that filing never trusts what the forms did.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from reference.names import in_language

Names = dict[str, str]
Known = Callable[[str], Container[str]]  # which codes a source ("country", "maturity") offers

DECIMAL = re.compile(r"-?\d{1,24}(\.\d{1,24})?")
EVIDENCE = re.compile(r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:#([1-9]\d{0,4}))?")
# How a day may be typed; no form that could be read two ways.
DATE_FORMATS = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日")
PHONE = re.compile(r"\+?[\d\s().\-/]{3,40}( ?(ext|转)\.? ?\d{1,6})?")
# What browsers call Script=Han, as escapes: an editor may write 豈 as the letter it stands for.
HAN = re.compile(
    "[\u2e80-\u2e99\u2e9b-\u2ef3\u2f00-\u2fd5\u3005\u3007\u3021-\u3029\u3038-\u303b"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufa6d\ufa70-\ufad9"
    "\U00016fe2\U00016fe3\U00016ff0-\U00016ff6\U00020000-\U000323af\U000323b0-\U0003347f]"
)


class Kind(StrEnum):
    TEXT = "text"
    LONG_TEXT = "long_text"
    CHOICE = "choice"
    CHOICES = "choices"
    COUNTRY = "country"
    COUNTRIES = "countries"
    SUBCATEGORY = "subcategory"
    DECIMAL = "decimal"
    INTEGER = "integer"
    YEAR = "year"
    BOOLEAN = "boolean"
    DATE = "date"
    EMAIL = "email"
    PHONE = "phone"
    URL = "url"
    UNIT = "unit"
    INDICATOR = "indicator"
    EVIDENCE = "evidence"  # a file of the declaration, and perhaps a page of it
    SECTIONS = "sections"  # those of the scheme that may be withheld


TEXTS = frozenset({Kind.TEXT, Kind.LONG_TEXT})
SEVERAL = frozenset({Kind.CHOICES, Kind.COUNTRIES, Kind.SECTIONS})
NUMBERS = frozenset({Kind.DECIMAL, Kind.INTEGER, Kind.YEAR})
SOURCES = {
    Kind.COUNTRY: "country",
    Kind.COUNTRIES: "country",
    Kind.SUBCATEGORY: "subcategory",
    Kind.UNIT: "unit",
    Kind.INDICATOR: "indicator",
}


@dataclass(frozen=True, slots=True)
class Condition:
    """When a field is required: by what stands in another one of the same section or row."""

    field: str
    one_of: tuple[str, ...] = ()  # it is answered by one of these
    filled: bool = True  # without ``one_of``: it is answered at all, or it is not

    def holds(self, values: Mapping[str, Any]) -> bool:
        value = values.get(self.field)
        if not self.one_of:
            return (value not in EMPTY and value is not False) is self.filled
        return any(one in self.one_of for one in (value if isinstance(value, list) else [value]))


MOST_CHARACTERS = 50_000  # of a text that is kept for its writer to shorten
CHARACTERS_OF_A_WORD = 20  # at most, on the average; marks alone count as no word at all
LONGEST_EMAIL = 254  # what a mail can be sent to (RFC 5321), and what is stored of it
EMPTY: tuple[Any, ...] = (None, "", [])


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One field: what it is called, what it takes, who may see it."""

    key: str
    kind: Kind
    labels: Names
    helps: Names
    required: bool = False
    recommended: bool = False  # wished for; filing does without
    required_when: Condition | None = None
    public: bool = True
    translatable: bool = False
    vocabulary: str = ""  # of reference.Term, for choices
    # Choices fixed by the scheme; of ``sections``: those it lets be withheld.
    options: tuple[tuple[str, Names], ...] = ()
    max_length: int | None = None  # characters
    max_words: int | None = None  # a Han character counts as a word
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    attachments: tuple[str, ...] = ()  # the kinds of files that are evidence here

    @property
    def label(self) -> str:
        return in_language(self.labels)

    @property
    def help(self) -> str:
        return in_language(self.helps)

    @property
    def source(self) -> str:
        """Where its choices are kept; empty when the scheme fixes them or there are none."""
        return SOURCES.get(self.kind, self.vocabulary)

    def is_required(self, values: Mapping[str, Any]) -> bool:
        """Say whether filing asks for it; ``values`` are those of its section or row."""
        return self.required or bool(self.required_when and self.required_when.holds(values))

    def is_filled(self, value: Any) -> bool:
        """Say whether the field is answered; a box that must be ticked is answered by a tick."""
        if self.kind is Kind.BOOLEAN:
            return value is True
        return value not in EMPTY

    def fault(self, value: Any, known: Known, *, limits: bool = True) -> str:
        """Say what is wrong with a value; empty when nothing is.

        Without ``limits`` a text may be longer than the field takes: a draft keeps it so.
        """
        if value in EMPTY:
            return ""
        fault = _RULES[self.kind](self, value, known)
        return fault or (self.overlong(value) if limits else "")

    def overlong(self, value: Any) -> str:
        """Say by how much a text is longer than its field takes; empty when it is not."""
        return _too_long(self, value) if self.kind in TEXTS and isinstance(value, str) else ""

    @property
    def ceiling(self) -> int:
        """How many characters of a text can be filed, however its words are counted."""
        by_words = CHARACTERS_OF_A_WORD * self.max_words if self.max_words else MOST_CHARACTERS
        return min(self.max_length or by_words, by_words)

    @property
    def most(self) -> int:
        """How many characters a draft holds of a text, however much the field takes."""
        by_words = CHARACTERS_OF_A_WORD * (self.max_words or 0)
        return max(MOST_CHARACTERS, 3 * (self.max_length or 0), by_words)


def words(text: str) -> int:
    """Count words as the page does while one types: a Han character is a word."""
    han = len(HAN.findall(text))
    rest = "".join(
        " " if HAN.match(letter) or unicodedata.category(letter)[0] in "PS" else letter
        for letter in text
    )
    return han + len(rest.split())


def _text(field: FieldSpec, value: Any, _known: Known) -> str:
    if not isinstance(value, str):
        return _("This is not a text.")
    if any(unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\t" for c in value):
        return _("This text holds characters that cannot be stored.")
    if field.kind is not Kind.LONG_TEXT and "\n" in value:
        return _("Write this on one line.")
    if len(value) > field.most:
        return _too_many(field.most, value)
    return "" if field.kind in TEXTS else _too_long(field, value)


def _too_long(field: FieldSpec, value: str) -> str:
    if field.max_length and len(value) > field.max_length:
        return _too_many(field.max_length, value)
    if field.max_words and (used := words(value)) > field.max_words:
        return _("Use at most %(limit)d words; these are %(used)d.") % {
            "limit": field.max_words,
            "used": used,
        }
    return _too_many(field.ceiling, value) if len(value) > field.ceiling else ""


def _too_many(limit: int, value: str) -> str:
    return _("Use at most %(limit)d characters; these are %(used)d.") % {
        "limit": limit,
        "used": len(value),
    }


def _choice(field: FieldSpec, value: Any, known: Known) -> str:
    if not isinstance(value, str):
        return _("Choose one of the list.")
    fixed = field.options or field.kind is Kind.SECTIONS
    offered = {code for code, _names in field.options} if fixed else known(field.source)
    return "" if value in offered else _("“%(value)s” is not offered.") % {"value": value[:60]}


def _choices(field: FieldSpec, value: Any, known: Known) -> str:
    if not isinstance(value, list) or len({str(one) for one in value}) != len(value):
        return _("Choose from the list, each once.")
    return next(filter(None, (_choice(field, one, known) for one in value)), "")


def _decimal(field: FieldSpec, value: Any, _known: Known) -> str:
    if not isinstance(value, str) or not DECIMAL.fullmatch(value):
        return _("Write a number, for example 1234.5; words and units go elsewhere.")
    return _in_range(field, Decimal(value))


def _integer(field: FieldSpec, value: Any, _known: Known) -> str:
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) >= 2**53:
        return _("Write a whole number.")
    return _in_range(field, Decimal(value))


def _in_range(field: FieldSpec, value: Decimal) -> str:
    if field.minimum is not None and value < field.minimum:
        return _("Not below %(limit)s.") % {"limit": field.minimum}
    if field.maximum is not None and value > field.maximum:
        return _("Not above %(limit)s.") % {"limit": field.maximum}
    return ""


def _boolean(_field: FieldSpec, value: Any, _known: Known) -> str:
    return "" if isinstance(value, bool) else _("Answer yes or no.")


def _date(_field: FieldSpec, value: Any, _known: Known) -> str:
    try:
        well = isinstance(value, str) and dt.date.fromisoformat(value).isoformat() == value
    except ValueError:
        well = False
    return "" if well else _("Write a date as 2026-03-31.")


def _email(field: FieldSpec, value: Any, known: Known) -> str:
    try:
        validate_email(value)
    except ValidationError:
        return _("This is not an e-mail address.")
    if len(value) > LONGEST_EMAIL:
        return _too_many(LONGEST_EMAIL, value)
    return _text(field, value, known)


def _phone(_field: FieldSpec, value: Any, _known: Known) -> str:
    well = isinstance(value, str) and PHONE.fullmatch(value)
    return "" if well else _("Write a telephone number with its country code: +86 10 …")


def _url(field: FieldSpec, value: Any, known: Known) -> str:
    if fault := _text(field, value, known):
        return fault
    try:
        parts = urlsplit(value)
        well = parts.scheme in ("http", "https") and "." in (parts.hostname or "")
    except ValueError:
        well = False
    well = well and not re.search(r"[\s<>\"]", value)
    return "" if well else _("Write a whole address: https://…")


def _evidence(field: FieldSpec, value: Any, known: Known) -> str:
    read = EVIDENCE.fullmatch(value) if isinstance(value, str) else None
    if read is None:
        return _("Choose a file, and write the page as a whole number from 1.")
    # The same file may be laid down under two kinds; one that fits is enough.
    if any(read[1] in known(f"attachment.{kind}") for kind in field.attachments):
        return ""
    return _("This file is not among those of the declaration that can be named here.")


_RULES: dict[Kind, Callable[[FieldSpec, Any, Known], str]] = {
    Kind.TEXT: _text,
    Kind.LONG_TEXT: _text,
    Kind.CHOICE: _choice,
    Kind.CHOICES: _choices,
    Kind.COUNTRY: _choice,
    Kind.COUNTRIES: _choices,
    Kind.SUBCATEGORY: _choice,
    Kind.DECIMAL: _decimal,
    Kind.INTEGER: _integer,
    Kind.YEAR: _integer,
    Kind.BOOLEAN: _boolean,
    Kind.DATE: _date,
    Kind.EMAIL: _email,
    Kind.PHONE: _phone,
    Kind.URL: _url,
    Kind.UNIT: _choice,
    Kind.INDICATOR: _choice,
    Kind.EVIDENCE: _evidence,
    Kind.SECTIONS: _choices,
}
