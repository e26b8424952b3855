"""What must hold between the parts of a scheme document, each part by itself being sound. Pure."""

from collections.abc import Iterator
from dataclasses import replace

from submissions.scheme.fields import FieldSpec, Kind, Names
from submissions.scheme.sections import Section

# A value of these can be named in a condition: it is one code of a list, or several.
CODED = frozenset({Kind.CHOICE, Kind.CHOICES, Kind.COUNTRY, Kind.COUNTRIES, Kind.SUBCATEGORY})


def conditions(fields: tuple[FieldSpec, ...], at: str) -> Iterator[str]:
    """Yield what is unsound in the conditions of fields that stand side by side."""
    by_key = {field.key: field for field in fields}
    for field in fields:
        told = field.required_when
        if told is None:
            continue
        where = f"{at}({field.key})"
        other = by_key.get(told.field)
        if other is None or other is field:
            yield f"{where}: required_when names {told.field}, no field beside it"
        elif told.one_of and other.kind not in CODED:
            yield f"{where}: required_when asks for a code of {told.field}, which has none"
        elif told.one_of and other.options:
            codes = {code for code, _names in other.options}
            yield from (
                f"{where}: required_when names {code}, which {told.field} does not offer"
                for code in told.one_of
                if code not in codes
            )


def problems(sections: tuple[Section, ...]) -> Iterator[str]:
    """Yield what is unsound between sections."""
    offered = {kind for section in sections for kind in section.attachments}
    for section in sections:
        for at, field in _fields(section):
            yield from (
                f"{at}: no section takes a file of the kind {kind}"
                for kind in field.attachments
                if kind not in offered
            )
    yield from _withholding(sections)


def with_withholdable(sections: tuple[Section, ...]) -> tuple[Section, ...]:
    """Let the field that names sections to withhold offer those that can be."""
    options = tuple((one.key, one.labels) for one in sections if one.withholdable)
    return tuple(
        replace(section, fields=tuple(_offering(field, options) for field in section.fields))
        for section in sections
    )


def _offering(field: FieldSpec, options: tuple[tuple[str, Names], ...]) -> FieldSpec:
    return replace(field, options=options) if field.kind is Kind.SECTIONS else field


def _withholding(sections: tuple[Section, ...]) -> Iterator[str]:
    asking = [at for s in sections for at, field in _fields(s) if field.kind is Kind.SECTIONS]
    can_be = [section.key for section in sections if section.withholdable]
    yield from (f"{at}: sections to withhold are not named in a row" for at in asking if "." in at)
    if len(asking) > 1:
        yield "sections: only one field names sections to withhold"
    if bool(asking) is not bool(can_be):
        yield "sections: what is withholdable needs a field of the kind sections, and one another"


def _fields(section: Section) -> Iterator[tuple[str, FieldSpec]]:
    yield from ((field.key, field) for field in section.fields)
    for table in section.rows:
        yield from ((f"{table.key}.{field.key}", field) for field in table.fields)
