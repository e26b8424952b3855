"""What the sheet of an earlier list means: line by line, before anything is written.

Only what the list states is asked for; a cell that is left empty stays unsaid. Several reference
cases or indicators stand in one cell, each on a line of its own, its parts between bars.
"""

import re
from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.names import no_link
from catalog import labels
from core.errors import DomainError
from evaluation.sheet_columns import Column, by_name, places_of, read_line
from evaluation.spreadsheets import Cells
from reference.models import Country, Subcategory, Term
from reference.models import Vocabulary as Terms

LONGEST = 2000
PART = 300  # characters of a part of a case or an indicator
BAR = re.compile(r"\s*[|｜]\s*")
COLUMNS = (
    Column("number", ("number", "序号"), gettext_lazy("Number"), 40, needed=True),
    Column("title_en", ("title (english)", "技术名称（英文）"),
           gettext_lazy("Title in English"), 300),
    Column("title_zh", ("title (chinese)", "技术名称（中文）"),
           gettext_lazy("Title in Chinese"), 300),
    Column("holder_en", ("holder (english)", "持有单位（英文）"),
           gettext_lazy("Holder in English")),
    Column("holder_zh", ("holder (chinese)", "持有单位（中文）"),
           gettext_lazy("Holder in Chinese")),
    Column("country", ("country or region", "国家或地区"),
           gettext_lazy("Country or region"), needed=True),
    Column("subcategory", ("sub-category", "技术类别"), gettext_lazy("Sub-category"), needed=True),
    Column("website", ("website", "网址"), gettext_lazy("Website")),
    Column("summary_en", ("summary (english)", "简介（英文）"),
           gettext_lazy("Summary in English"), LONGEST),
    Column("summary_zh", ("summary (chinese)", "简介（中文）"),
           gettext_lazy("Summary in Chinese"), LONGEST),
    Column("maturity", ("maturity", "成熟度"), gettext_lazy("Maturity")),
    Column("evidence_grade", ("evidence", "证据等级"), gettext_lazy("Evidence")),
    Column("cases", ("reference cases", "应用案例"), gettext_lazy("Reference cases"), LONGEST),
    Column("indicators", ("indicators", "技术指标"), gettext_lazy("Indicators"), LONGEST),
    Column("source_title", ("source", "来源"), gettext_lazy("Source"), 300),
    Column("source_url", ("address of the source", "来源网址"),
           gettext_lazy("Address of the source"), 500),
    Column("source_year", ("year of the source", "来源年份"), gettext_lazy("Year of the source")),
)  # fmt: skip
LABELS = {column.key: column.label for column in COLUMNS}
EITHER = (("title_en", "title_zh"), ("holder_en", "holder_zh"))
IN_LINES = frozenset({"summary_en", "summary_zh", "cases", "indicators"})
WITH_TITLE = (("summary_en", "title_en"), ("summary_zh", "title_zh"))


def entries(rows: list[Cells]) -> list[dict[str, Any]]:
    """Return the columns of each entry; raise ValidationError with every fault there is.

    SheetError where the file as a whole cannot be taken.
    """
    places = places_of(rows[0], COLUMNS)
    read, found, told = _Reader(), [], []
    numbers: dict[str, int] = {}
    for row in rows[1:]:
        values, faults = read_line(row, places, COLUMNS, read)
        faults += _whole(values) if not faults else []
        number = values.get("number", "")
        if number and number in numbers:
            said = _("The same number stands in line %(line)d.") % {"line": numbers[number]}
            faults.append((str(LABELS["number"]), said))
        numbers.setdefault(number, row.number)
        found.append({**values, "place": row.number})
        told += [_fault(row.number, *one) for one in faults]
    if told:
        raise ValidationError(told)
    return found


def _fault(line: int, column: str, sentence: str) -> str:
    said = _("Line %(line)d, %(column)s: %(sentence)s")
    return said % {"line": line, "column": column, "sentence": sentence}


def _whole(values: dict[str, Any]) -> list[tuple[str, str]]:
    """Say what of a line does not fit together."""
    faults = [
        (str(LABELS[pair[0]]), _("Give it in English or in Chinese."))
        for pair in EITHER
        if not any(values[key] for key in pair)
    ]
    return faults + [
        (str(LABELS[summary]), _("A summary needs the title in the same language."))
        for summary, title in WITH_TITLE
        if values[summary] and not values[title]
    ]


class _Reader:
    """Turns the text of a cell into a value; the vocabularies are asked for once."""

    def __init__(self) -> None:
        self._countries = by_name(Country.objects.all())
        self._subcategories = by_name(Subcategory.objects.active())
        self._maturity = by_name(Term.objects.of(Terms.MATURITY).active())
        self._by_key: dict[str, Callable[[str], Any]] = {
            **dict.fromkeys(("holder_en", "holder_zh"), _name),
            "country": self._country,
            "subcategory": lambda text: _code(text, self._subcategories),
            **dict.fromkeys(("website", "source_url"), _address),
            "maturity": lambda text: _code(text, self._maturity),
            "evidence_grade": lambda text: _code(text, _grades()),
            "cases": self._cases,
            "indicators": _indicators,
            "source_year": _year,
        }

    def __call__(self, key: str, text: str) -> Any:
        said = text if key in IN_LINES else " ".join(text.split())
        return self._by_key.get(key, str)(said)

    def _country(self, text: str) -> str:
        return _code(text, self._countries)

    def _cases(self, text: str) -> list[dict[str, Any]]:
        found = []
        for name, country, year, scale in _rows(text, 4):
            case = {
                "name": name,
                "country": self._country(country) if country else "",
                "year": _year(year),
                "scale": scale,
            }
            found.append({key: value for key, value in case.items() if value})
        return found


def _indicators(text: str) -> list[dict[str, str]]:
    keys = ("name", "as_stated", "unit_other", "condition")
    rows = [dict(zip(keys, parts, strict=True)) for parts in _rows(text, len(keys))]
    return [{key: value for key, value in row.items() if value} for row in rows]


def _rows(text: str, most: int) -> list[list[str]]:
    """Return the lines of a cell, each as its parts; what is left out at the end is empty."""
    rows = []
    for line in filter(None, map(str.strip, text.splitlines())):
        parts = BAR.split(line)
        if len(parts) > most:
            said = _("At most %(most)d parts between bars on a line.") % {"most": most}
            raise DomainError(said)
        if not parts[0]:
            raise DomainError(_("Each line begins with a name."))
        if any(len(part) > PART for part in parts):
            raise DomainError(_("At most %(most)d characters.") % {"most": PART})
        rows.append([*parts, *[""] * (most - len(parts))])
    return rows


def _code(text: str, known: dict[str, str]) -> str:
    if not text:
        return ""
    if text.casefold() not in known:
        raise DomainError(_("“%(text)s” is not in the list.") % {"text": text[:60]})
    return known[text.casefold()]


def _grades() -> dict[str, str]:
    """Return the grades of evidence by code and by name, in either language."""
    known = {code: code for code in labels.EVIDENCE}
    for language in ("en", "zh-hans"):
        with translation.override(language):
            known |= {str(name).casefold(): code for code, name in labels.EVIDENCE.items()}
    return known


def _name(text: str) -> str:
    try:
        no_link(text)
    except ValidationError as error:
        raise DomainError(error.messages[0]) from None
    return text


def _address(text: str) -> str:
    if text:
        try:
            URLValidator(schemes=["http", "https"])(text)
        except ValidationError as error:
            raise DomainError(error.messages[0]) from None
    return text


def _year(text: str) -> int | None:
    if not text:
        return None
    if not re.fullmatch(r"(19|20)\d\d", text):
        raise DomainError(_("Write the year as in 2009."))
    return int(text)
