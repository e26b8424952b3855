"""Reads a scheme from its JSON document, and names everything that is unsound in it. Pure."""

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

from submissions.scheme import across
from submissions.scheme.fields import NUMBERS, TEXTS, Condition, FieldSpec, Kind, Names
from submissions.scheme.sections import ProfileAsked, RowsSpec, Section

FIELD_KEYS = {
    "key", "kind", "labels", "helps", "required", "public", "translatable", "vocabulary",
    "options", "max_length", "max_words", "minimum", "maximum", "recommended", "required_when",
    "attachments",
}  # fmt: skip
ROWS_KEYS = {
    "key", "labels", "helps", "fields", "min_rows", "max_rows", "one_of", "recommended_rows",
}  # fmt: skip
SECTION_KEYS = {
    "key",
    "labels",
    "helps",
    "fields",
    "rows",
    "attachments",
    "withholdable",
    "profile",
}
MOST_WORDS = 20_000


class SchemeError(ValueError):
    """The document is no scheme; ``problems`` says where and why, for who wrote it."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


def read_sections(document: Any) -> tuple[Section, ...]:
    reader = _Reader()
    sections = tuple(reader.section(part, at) for at, part in reader.parts(document, "sections"))
    reader.once([section.key for section in sections], "sections")
    if not sections:
        reader.problems.append("sections: there are none")
    reader.problems += across.problems(sections)
    if reader.problems:
        raise SchemeError(reader.problems)
    return across.with_withholdable(sections)


class _Reader:
    """Walks the document and gathers problems instead of stopping at the first."""

    def __init__(self) -> None:
        self.problems: list[str] = []

    def parts(self, value: Any, at: str) -> Iterator[tuple[str, dict[str, Any]]]:
        if not isinstance(value, list):
            self.problems.append(f"{at}: must be a list")
            return
        for number, part in enumerate(value):
            if isinstance(part, dict):
                yield f"{at}[{number}]", part
            else:
                self.problems.append(f"{at}[{number}]: must be an object")

    def section(self, part: dict[str, Any], at: str) -> Section:
        at = self._keys(part, SECTION_KEYS, at)
        tables = self.parts(part.get("rows", []), f"{at}.rows")
        section = Section(
            key=self._key(part, at),
            labels=self._names(part, "labels", at),
            helps=self._names(part, "helps", at, needed=False),
            fields=self._fields(part.get("fields", []), f"{at}.fields"),
            rows=tuple(self._rows(one, where) for where, one in tables),
            attachments=tuple(self._strings(part, "attachments", at)),
            withholdable=self._flag(part, "withholdable", at, default=False),
            profile=self._profile(part, at),
        )
        self.once([one.key for one in section.members], at)
        return section

    def _profile(self, part: dict[str, Any], at: str) -> ProfileAsked:
        try:
            return ProfileAsked(part.get("profile", ""))
        except ValueError:
            self.problems.append(f"{at}: profile is optional, required, or not there")
            return ProfileAsked.NOT

    def once(self, keys: list[str], at: str) -> None:
        self.problems += [f"{at}: {key} is there twice" for key in set(keys) if keys.count(key) > 1]

    def _rows(self, part: dict[str, Any], at: str) -> RowsSpec:
        at = self._keys(part, ROWS_KEYS, at)
        fields = self._fields(part.get("fields", []), f"{at}.fields")
        rows = RowsSpec(
            key=self._key(part, at),
            labels=self._names(part, "labels", at),
            helps=self._names(part, "helps", at, needed=False),
            fields=fields,
            min_rows=self._count(part, "min_rows", at) or 0,
            recommended_rows=self._count(part, "recommended_rows", at) or 0,
            max_rows=self._count(part, "max_rows", at) or 50,
            one_of=tuple(self._strings(part, "one_of", at)),
        )
        self._sound_rows(rows, at)
        return rows

    def _sound_rows(self, rows: RowsSpec, at: str) -> None:
        keys = [field.key for field in rows.fields]
        self.once(keys, at)
        if not keys:
            self.problems.append(f"{at}: a row needs fields")
        if rows.min_rows > rows.max_rows:
            self.problems.append(f"{at}: min_rows is above max_rows")
        if rows.recommended_rows and not rows.min_rows < rows.recommended_rows <= rows.max_rows:
            self.problems.append(f"{at}: recommended_rows lies between min_rows and max_rows")
        self.problems += [f"{at}: one_of names {k}, no field" for k in rows.one_of if k not in keys]
        # Rows have no identity of their own that a translation could hold on to.
        translated = [field.key for field in rows.fields if field.translatable]
        self.problems += [f"{at}: {key} of a row cannot be translatable" for key in translated]

    def _fields(self, value: Any, at: str) -> tuple[FieldSpec, ...]:
        read = (self._field(part, where) for where, part in self.parts(value, at))
        fields = tuple(field for field in read if field)
        self.problems += across.conditions(fields, at)
        return fields

    def _field(self, part: dict[str, Any], at: str) -> FieldSpec | None:
        at = self._keys(part, FIELD_KEYS, at)
        try:
            kind = Kind(part.get("kind", ""))
        except ValueError:
            self.problems.append(f"{at}: kind {part.get('kind')!r} is unknown")
            return None
        field = FieldSpec(
            key=self._key(part, at),
            kind=kind,
            labels=self._names(part, "labels", at),
            helps=self._names(part, "helps", at, needed=False),
            required=self._flag(part, "required", at, default=False),
            recommended=self._flag(part, "recommended", at, default=False),
            required_when=self._condition(part, at),
            public=self._flag(part, "public", at, default=True),
            translatable=self._flag(part, "translatable", at, default=False),
            vocabulary=str(part.get("vocabulary", "")),
            options=self._options(part, at),
            max_length=self._count(part, "max_length", at),
            max_words=self._count(part, "max_words", at),
            minimum=self._number(part, "minimum", at),
            maximum=self._number(part, "maximum", at),
            attachments=tuple(self._strings(part, "attachments", at)),
        )
        self._sound_field(field, at)
        return field

    def _sound_field(self, field: FieldSpec, at: str) -> None:
        own_choices = field.kind in (Kind.CHOICE, Kind.CHOICES)
        faults = {
            "choices need a vocabulary or options, one of the two": own_choices
            and bool(field.vocabulary) == bool(field.options),
            "only choices have a vocabulary or options": not own_choices
            and bool(field.vocabulary or field.options),
            "only texts are translatable": field.translatable and field.kind not in TEXTS,
            "only texts have a length": bool(field.max_length or field.max_words)
            and field.kind not in TEXTS,
            "a text needs max_length": field.kind is Kind.TEXT and not field.max_length,
            "a long text needs max_length or max_words": field.kind is Kind.LONG_TEXT
            and not (field.max_length or field.max_words),
            "only numbers have a range": (field.minimum, field.maximum) != (None, None)
            and field.kind not in NUMBERS,
            "evidence, and nothing else, says which attachments it takes": bool(field.attachments)
            is not (field.kind is Kind.EVIDENCE),
            "required, recommended and required_when are one of the three": sum(
                (field.required, field.recommended, field.required_when is not None)
            )
            > 1,
            "minimum is above maximum": field.minimum is not None
            and field.maximum is not None
            and field.minimum > field.maximum,
        }
        self.problems += [f"{at}: {problem}" for problem, there in faults.items() if there]

    def _condition(self, part: dict[str, Any], at: str) -> Condition | None:
        told = part.get("required_when")
        if told is None:
            return None
        well = isinstance(told, dict) and isinstance(told.get("field"), str)
        if well and set(told) == {"field", "in"}:
            one_of = self._strings(told, "in", at)
            if one_of:
                return Condition(told["field"], tuple(one_of))
        if well and set(told) == {"field", "filled"} and isinstance(told["filled"], bool):
            return Condition(told["field"], filled=told["filled"])
        self.problems.append(
            f'{at}: required_when is {{"field": …, "in": […]}} or {{"field": …, "filled": true}}'
        )
        return None

    def _options(self, part: dict[str, Any], at: str) -> tuple[tuple[str, Names], ...]:
        parts = [p for _where, p in self.parts(part.get("options", []), f"{at}.options")]
        options = tuple((str(p.get("code", "")), self._names(p, "labels", at)) for p in parts)
        self.once([code for code, _labels in options], f"{at}.options")
        return options

    def _keys(self, part: dict[str, Any], allowed: set[str], at: str) -> str:
        if key := part.get("key"):
            at = f"{at}({key})"
        unknown = sorted(set(part) - allowed)
        self.problems += [f"{at}: {name} is not part of a scheme" for name in unknown]
        return at

    def _key(self, part: dict[str, Any], at: str) -> str:
        key = part.get("key")
        if not isinstance(key, str) or not key.isidentifier() or key != key.lower():
            self.problems.append(f"{at}: key {key!r} must be a lower-case identifier")
            return ""
        return key

    def _names(self, part: dict[str, Any], name: str, at: str, *, needed: bool = True) -> Names:
        names = part.get(name, {})
        well = isinstance(names, dict) and all(
            isinstance(text, str) and text.strip() for text in names.values()
        )
        if not well or (needed and "en" not in names):
            self.problems.append(f"{at}: {name} needs a text per language, English among them")
            return {}
        return dict(names)

    def _strings(self, part: dict[str, Any], name: str, at: str) -> list[str]:
        values = part.get(name, [])
        if isinstance(values, list) and all(isinstance(value, str) for value in values):
            return values
        self.problems.append(f"{at}: {name} must be a list of texts")
        return []

    def _flag(self, part: dict[str, Any], name: str, at: str, *, default: bool) -> bool:
        value = part.get(name, default)
        if not isinstance(value, bool):
            self.problems.append(f"{at}: {name} must be true or false")
        return bool(value)

    def _count(self, part: dict[str, Any], name: str, at: str) -> int | None:
        value = part.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MOST_WORDS:
            self.problems.append(f"{at}: {name} must be a whole number from 0 to {MOST_WORDS}")
            return None
        return value

    def _number(self, part: dict[str, Any], name: str, at: str) -> Decimal | None:
        value = part.get(name)
        if value is None:
            return None
        try:
            if not isinstance(value, str):
                raise InvalidOperation
            return Decimal(value)
        except InvalidOperation:
            self.problems.append(f'{at}: {name} must be a number written as a text: "0"')
            return None
