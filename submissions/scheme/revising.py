"""A scheme document made into the next one: what is asked, hints, limits, rows. Pure.

Changes are kept by place: ``{"technology.title": {"helps": {"en": "…"}}, "cases.cases":
{"min_rows": 2}, "cases.cases.city": {"requirement": "not_asked"}}``. Fields keep their keys and
kinds, so that whatever reads declarations reads those of each version.
"""

from collections.abc import Callable, Mapping
from copy import deepcopy
from enum import StrEnum
from typing import Any

from submissions.scheme.fields import Kind

Document = dict[str, Any]
Changes = Mapping[str, Mapping[str, Any]]

LIMITS = ("max_length", "max_words", "minimum", "maximum")
ROWS = ("min_rows", "recommended_rows", "max_rows")
# Without these nothing can be filed, found or published: they stay as they are.
ALWAYS = frozenset(
    {
        *("technology.title", "technology.subcategory"),
        *("commitment.truthful", "commitment.publication"),
    }
)


class Requirement(StrEnum):
    REQUIRED = "required"
    CONDITION = "condition"  # as the condition says that the field has
    RECOMMENDED = "recommended"
    OPTIONAL = "optional"
    NOT_ASKED = "not_asked"


def requirement(field: Document) -> Requirement:
    """Say what a field of a document is now."""
    if field.get("required"):
        return Requirement.REQUIRED
    if "required_when" in field:
        return Requirement.CONDITION
    return Requirement.RECOMMENDED if field.get("recommended") else Requirement.OPTIONAL


def revised(sections: list[Document], changes: Changes) -> list[Document]:
    """Return the sections with the changes in them; the result is read as strictly as any."""
    made = [_section(deepcopy(section), changes) for section in sections]
    made = [one for one in made if one["fields"] or one.get("rows")]
    if not any(field["kind"] == Kind.SECTIONS for one in made for field in one["fields"]):
        for one in made:
            one.pop("withholdable", None)
    return made


def _section(section: Document, changes: Changes) -> Document:
    section["fields"] = _fields(section.get("fields", []), section["key"], changes)
    tables = [_table(table, section["key"], changes) for table in section.get("rows", [])]
    if kept := [table for table in tables if table["fields"]]:
        section["rows"] = kept
    else:
        section.pop("rows", None)
    return section


def _table(table: Document, section: str, changes: Changes) -> Document:
    at = f"{section}.{table['key']}"
    table["fields"] = _fields(table["fields"], at, changes)
    keys = {field["key"] for field in table["fields"]}
    if "one_of" in table:
        table["one_of"] = [key for key in table["one_of"] if key in keys]
    for name in ROWS:
        _set(table, name, changes.get(at, {}), lambda value: int(value) or None)
    return table


def _fields(fields: list[Document], at: str, changes: Changes) -> list[Document]:
    made = [_field(field, f"{at}.{field['key']}", changes) for field in fields]
    kept = [field for field in made if field is not None]
    keys = {field["key"] for field in kept}
    for field in kept:
        # Whoever asked for it "when …" asks for nothing once that is not asked.
        if field.get("required_when", {}).get("field", field["key"]) not in keys:
            del field["required_when"]
    return kept


def _field(field: Document, at: str, changes: Changes) -> Document | None:
    change = changes.get(at, {})
    if at not in ALWAYS and (wanted := change.get("requirement")):
        if wanted == Requirement.NOT_ASKED:
            return None
        _require(field, Requirement(wanted))
    if "helps" in change:
        _set(field, "helps", change, lambda helps: {k: v for k, v in helps.items() if v} or None)
    for name in LIMITS:
        _set(field, name, change, lambda value: value or None)
    return field


def _require(field: Document, wanted: Requirement) -> None:
    if wanted is Requirement.CONDITION:
        return
    for name in ("required", "recommended", "required_when"):
        field.pop(name, None)
    if wanted is not Requirement.OPTIONAL:
        field[str(wanted)] = True


def _set(part: Document, name: str, change: Mapping[str, Any], read: Callable[[Any], Any]) -> None:
    """Write one thing of a change; what is emptied goes away."""
    if name not in change:
        return
    value = read(change[name]) if change[name] not in (None, "") else None
    if value is None:
        part.pop(name, None)
    else:
        part[name] = value
