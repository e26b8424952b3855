"""What may be chosen in a declaration: the vocabulary as lists of codes and names.

One object serves one page. The vocabulary is the same for everybody and seldom changes: each
process keeps what it read for a minute (``settings.CACHES``), so that a save asks nothing of it.
"""

from collections.abc import Callable, Container, Iterator
from functools import cached_property
from typing import Any, TypeVar

from django.core.cache import caches
from django.utils.safestring import SafeString

from reference.models import Country, Indicator, Subcategory, Term, Unit
from reference.names import in_language
from reference.units import printed, readings
from submissions.models import Activity, Attachment, Declaration
from submissions.quick_select import options_of
from submissions.scheme.fields import FieldSpec, Kind

T = TypeVar("T")
Choice = tuple[str, str]
Group = tuple[str, list[Choice]]
ATTACHMENT = "attachment."
LONGEST_CODE = 40
GROUPED = {"subcategory": "subcategories", "unit": "units", "indicator": "indicators"}
ALL_NAMES = {
    "country": "countries",
    "subcategory": "_all_subcategories",
    "unit": "_units",
    "indicator": "_indicators",
}


class _Everything:
    def __contains__(self, one: object) -> bool:
        return True


EVERYTHING = _Everything()


class Choices:
    """The lists behind the fields; ``activity`` narrows the sub-categories to its fields.

    With a ``declaration`` there are its files to be named as evidence, and indicators are those
    of the field its sub-category belongs to.
    """

    def __init__(
        self, activity: Activity | None = None, declaration: Declaration | None = None
    ) -> None:
        self._activity = activity
        self._declaration = declaration
        self._written: dict[str, SafeString] = {}

    def known(self, source: str) -> frozenset[str]:
        """Name the codes a source offers now, for the rules of ``submissions.scheme.fields``."""
        if source.startswith(ATTACHMENT):
            kind = source.removeprefix(ATTACHMENT)
            return frozenset(str(one.pk) for one in self.files if one.kind == kind)
        return frozenset(code for code, _name in _flat(self._offered(source)))

    def of(self, field: FieldSpec) -> list[Choice] | list[Group]:
        """List what the field offers, by name; sub-categories grouped by field of technology."""
        if field.options:
            return [(code, in_language(names)) for code, names in field.options]
        if field.kind is Kind.EVIDENCE:
            return [(str(one.pk), one.title) for one in self.files if one.kind in field.attachments]
        return self._offered(field.source)

    def written(self, field: FieldSpec, offered: list[Choice] | list[Group]) -> SafeString:
        """Return the options of a list as HTML: the same for each field of one source."""
        key = field.source or f"{field.key} {','.join(code for code, _names in field.options)}"
        if key not in self._written:
            self._written[key] = options_of(offered)
        return self._written[key]

    def label(self, field: FieldSpec, code: str) -> str:
        """Name what was chosen, also when it is no longer offered."""
        if field.options:
            return next((in_language(names) for c, names in field.options if c == code), code)
        if field.source in ALL_NAMES:
            names: dict[str, str] = getattr(self, ALL_NAMES[field.source])
            return names.get(code, code)
        return self._terms.get(field.source, {}).get(code, (code, True))[0]

    def _offered(self, source: str) -> list[Choice] | list[Group]:
        if source in GROUPED:
            groups: list[Group] = getattr(self, GROUPED[source])
            return groups
        if source == "country":
            return sorted(self.countries.items(), key=lambda choice: choice[1])
        return self.offered_terms(source)

    def codes(self, field: FieldSpec) -> dict[str, str]:
        """Return the codes of what the field offers, by code and by name, in lower case."""
        offered: dict[str, str] = {}
        for code, name in _flat(self.of(field)):
            offered[name.casefold()] = offered[code.casefold()] = code
        if field.kind is Kind.EVIDENCE:
            for file in self.files:
                if str(file.pk) in offered:
                    offered.setdefault(file.file_name.casefold(), str(file.pk))
        return offered

    def sub_category_codes(self) -> dict[str, str]:
        """Return the codes of the sub-categories, by code and by name in any language."""
        rows = _kept("subcategories", _subcategories)
        offered = self.known("subcategory")
        return {
            name.casefold(): code
            for code, names, *_more in rows
            if code in offered
            for name in (*names.values(), code)
        }

    def offered_terms(self, vocabulary: str) -> list[Choice]:
        terms = self._terms.get(vocabulary, {})
        return [(code, name) for code, (name, active) in terms.items() if active]

    @cached_property
    def countries(self) -> dict[str, str]:
        return {code: in_language(names) for code, names in _kept("countries", _countries)}

    @cached_property
    def files(self) -> list[Attachment]:
        """The files of the declaration; none without one."""
        if self._declaration is None:
            return []
        return list(Attachment.objects.standing().filter(declaration=self._declaration))

    def units_of(self, indicator: str) -> frozenset[str]:
        """Name the units an indicator is usually given in; none when nobody says."""
        return self._units_of.get(indicator, frozenset())

    @cached_property
    def _units_of(self) -> dict[str, frozenset[str]]:
        found: dict[str, set[str]] = {}
        for indicator, unit in _kept("units_of_indicators", _read_units_of_indicators):
            found.setdefault(indicator, set()).add(unit)
        return {indicator: frozenset(units) for indicator, units in found.items()}

    @cached_property
    def units(self) -> list[Group]:
        """The units by what they measure."""
        groups: dict[str, list[Choice]] = {}
        for code, symbol, names, quantity in _kept("units", _read_units):
            group = groups.setdefault(in_language(quantity), [])
            group.append((code, printed(code, symbol, names)))
        return list(groups.items())

    @cached_property
    def _units(self) -> dict[str, str]:
        rows = _kept("units", _read_units)
        return {code: printed(code, symbol, names) for code, symbol, names, _quantity in rows}

    @cached_property
    def indicators(self) -> list[Group]:
        """Those of the declaration's field of technology, and those it holds already."""
        groups: dict[str, list[Choice]] = {}
        for code, names, field, field_names in _kept("indicators", _read_indicators):
            if field in self._own_fields or code in self._held:
                group = groups.setdefault(in_language(field_names), [])
                group.append((code, in_language(names)))
        return list(groups.items())

    @cached_property
    def _indicators(self) -> dict[str, str]:
        rows = _kept("indicators", _read_indicators)
        return {code: in_language(names) for code, names, *_more in rows}

    @cached_property
    def _own_fields(self) -> Container[str]:
        chosen = self._declaration.subcategory_id if self._declaration else None
        if chosen:
            return (chosen.partition("-")[0],)  # a sub-category's code begins with its field's
        return self._fields if self._fields is not None else EVERYTHING

    @cached_property
    def _held(self) -> frozenset[str]:
        """All short texts of the declaration: a sub-category that changed takes no row away."""
        return frozenset(_texts(self._declaration.content) if self._declaration else ())

    @cached_property
    def subcategories(self) -> list[Group]:
        groups: dict[str, list[Choice]] = {}
        for code, names, active, field, field_names in _kept("subcategories", _subcategories):
            if active and (self._fields is None or field in self._fields):
                group = groups.setdefault(in_language(field_names), [])
                group.append((code, in_language(names)))
        return list(groups.items())

    @cached_property
    def _fields(self) -> frozenset[str] | None:
        """The fields of technology the activity collects; None: all."""
        if self._activity is None:
            return None
        return self._activity.field_codes

    @cached_property
    def _all_subcategories(self) -> dict[str, str]:
        rows = _kept("subcategories", _subcategories)
        return {code: in_language(names) for code, names, *_more in rows}

    @cached_property
    def _terms(self) -> dict[str, dict[str, tuple[str, bool]]]:
        terms: dict[str, dict[str, tuple[str, bool]]] = {}
        for vocabulary, code, names, active in _kept("terms", _read_terms):
            terms.setdefault(vocabulary, {})[code] = (in_language(names), active)
        return terms


def unit_codes() -> dict[str, str]:
    """Return the code of each unit, by itself, by its symbol and as printed in any language."""
    return {
        name: code
        for code, symbol, names, _quantity in _kept("units", _read_units)
        for name in readings(code, symbol, names)
    }


def _flat(offered: list[Choice] | list[Group]) -> Iterator[Choice]:
    """Yield the choices of all groups."""
    for one in offered:
        code, rest = one
        if isinstance(rest, list):
            yield from rest
        else:
            yield code, str(rest)


def _kept(name: str, read: Callable[[], list[T]]) -> list[T]:
    rows: list[T] | None = caches["vocabulary"].get(name)
    if rows is None:
        rows = read()
        caches["vocabulary"].set(name, rows)
    return rows


def _countries() -> list[tuple[str, dict[str, str]]]:
    return list(Country.objects.values_list("code", "names"))


def _subcategories() -> list[tuple[str, dict[str, str], bool, str, dict[str, str]]]:
    columns = ("code", "names", "active", "field_id", "field__names")
    return list(Subcategory.objects.values_list(*columns))


def _read_terms() -> list[tuple[str, str, dict[str, str], bool]]:
    return list(Term.objects.values_list("vocabulary", "code", "names", "active"))


def _read_units() -> list[tuple[str, str, dict[str, str], dict[str, str]]]:
    return list(
        Unit.objects.order_by("quantity__order", "order", "pk").values_list(
            "code", "symbol", "names", "quantity__names"
        )
    )


def _read_indicators() -> list[tuple[str, dict[str, str], str, dict[str, str]]]:
    return list(Indicator.objects.values_list("code", "names", "field_id", "field__names"))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        if len(value) <= LONGEST_CODE:
            yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _texts(one)


def _read_units_of_indicators() -> list[tuple[str, str]]:
    return list(Indicator.units.through.objects.values_list("indicator_id", "unit_id"))
