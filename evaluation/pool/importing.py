"""What a spreadsheet of proposed experts means: line by line, before anything is written.

Whoever is imported is nominated, never enrolled: the consent is theirs to give.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from core.errors import DomainError
from evaluation.pool import nominating
from evaluation.pool.profiles import keywords
from evaluation.sheet_columns import Column, Places, by_name, places_of, read_line
from evaluation.spreadsheets import Cells
from reference.models import Field, Subcategory

PARTED = re.compile(r"[,;，；、/|]+")
SEMICOLONS = re.compile(r"[;；|]+")
LANGUAGES = {
    "en": ("en", "english", "英语", "英文"),
    "zh-hans": ("zh", "zh-hans", "chinese", "中文", "汉语"),
    "ar": ("ar", "arabic", "阿拉伯语"),
}
MAIL_LANGUAGES = ("en", "zh-hans")


COLUMNS = (
    Column("name", ("name", "姓名"), gettext_lazy("Name"), 150, needed=True),
    Column("address", ("e-mail", "电子邮箱"), gettext_lazy("E-mail"), 254, needed=True),
    Column("language", ("language of the mail", "邮件语言"), gettext_lazy("Language of the mail")),
    Column("unit", ("nominating unit", "推荐单位"), gettext_lazy("Nominating unit")),
    Column("title", ("professional title", "职称"), gettext_lazy("Professional title"), 100),
    Column("employer", ("employer", "工作单位"), gettext_lazy("Employer")),
    Column("fields", ("fields", "技术领域"), gettext_lazy("Fields of technology"), 500),
    Column("subcategories", ("sub-categories", "技术类别"), gettext_lazy("Sub-categories"), 2000),
    Column("keywords", ("keywords", "关键词"), gettext_lazy("Keywords"), 2000),
    Column(
        "works_since", ("works since", "从业起始年份"), gettext_lazy("Works in the field since")
    ),
    Column("languages", ("languages", "语言"), gettext_lazy("Languages")),
)


@dataclass(slots=True)
class Line:
    """What a line of the sheet would do: nominate, or not, and why."""

    number: int
    name: str = ""
    address: str = ""
    given: dict[str, Any] = field(default_factory=dict)  # as ``nominate`` takes it
    faults: list[tuple[str, str]] = field(default_factory=list)  # column and sentence
    known: str = ""  # why there is nothing to do

    @property
    def nominates(self) -> bool:
        return not self.faults and not self.known


def plan(rows: list[Cells]) -> list[Line]:
    """Return what each line would do; nothing is written."""
    places = places_of(rows[0], COLUMNS)
    read = _Reader()
    lines = [_line(row, places, read) for row in rows[1:]]
    first: dict[str, int] = {}
    for line in lines:
        if line.faults:
            continue
        if line.address in first:
            said = _("The same address stands in line %(line)d.") % {"line": first[line.address]}
            line.faults.append((_("E-mail"), said))
        else:
            first[line.address] = line.number
            line.known = nominating.why_not(line.address)
    return lines


@transaction.atomic
def nominate_all(given: Iterable[Mapping[str, Any]], *, actor: User) -> int:
    """Nominate everybody on the list who can be by now; return how many were asked."""
    made = 0
    for one in given:
        if nominating.why_not(str(one["address"])):
            continue  # somebody was quicker, or the list was sent twice
        nominating.nominate(actor=actor, **one)
        made += 1
    return made


def _line(row: Cells, places: Places, read: "_Reader") -> Line:
    line = Line(row.number)
    values, line.faults = read_line(row, places, COLUMNS, read)
    line.name, line.address = values.get("name", ""), values.get("address", "")
    proposed = {
        key: value
        for key, value in values.items()
        if value and key not in ("name", "address", "language", "unit")
    }
    line.given = {
        **{key: values.get(key, "") for key in ("name", "address", "language", "unit")},
        "proposed": proposed,
    }
    return line


class _Reader:
    """Turns the text of a cell into a value; the vocabulary is asked for once."""

    def __init__(self) -> None:
        self._fields = by_name(Field.objects.all())
        self._subcategories = by_name(Subcategory.objects.active())
        self._by_key: dict[str, Callable[[str], Any]] = {
            "address": self._address,
            "language": self._language,
            "fields": lambda text: self._codes(text, self._fields),
            "subcategories": lambda text: self._codes(text, self._subcategories),
            "keywords": lambda text: keywords(PARTED.split(text)),
            "works_since": self._year,
            "languages": lambda text: [self._spoken(one) for one in _parts(text)],
        }

    def __call__(self, key: str, text: str) -> Any:
        return self._by_key.get(key, str)(text)

    def _address(self, text: str) -> str:
        try:
            validate_email(text)
        except ValidationError:
            raise DomainError(_("This is no e-mail address.")) from None
        return text.lower()

    def _language(self, text: str) -> str:
        if not text:
            return MAIL_LANGUAGES[0]
        found = self._spoken(text)
        if found not in MAIL_LANGUAGES:
            raise DomainError(_("Mails are written in English or Chinese."))
        return found

    def _spoken(self, text: str) -> str:
        for code, words in LANGUAGES.items():
            if text.casefold() in words:
                return code
        raise DomainError(_("The language “%(text)s” is not known.") % {"text": text[:40]})

    def _year(self, text: str) -> int | None:
        if not text:
            return None
        if not re.fullmatch(r"(19[4-9]|20[0-9])\d", text):
            raise DomainError(_("Write the year as in 2009."))
        return int(text)

    def _codes(self, text: str, known: dict[str, str]) -> list[str]:
        found: list[str] = []
        for part in filter(None, map(str.strip, SEMICOLONS.split(text))):
            # A name may hold a comma itself: it is taken as a whole where the list has it.
            for one in [part] if part.casefold() in known else _parts(part):
                code = known.get(one.casefold())
                if code is None:
                    raise DomainError(_("“%(text)s” is not in the list.") % {"text": one[:60]})
                found.append(code)
        return list(dict.fromkeys(found))


def _parts(text: str) -> list[str]:
    return [one.strip() for one in PARTED.split(text) if one.strip()]
