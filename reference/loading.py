"""Brings the vocabulary of ``reference/data`` into the database: what is missing, no more.

What staff edited stays as it is. Only ``update=True`` writes the files over it; even then
nothing is deleted.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import DEFAULT_DB_ALIAS, transaction
from django.db.models import CharField, F, Model, QuerySet, Value
from django.db.models.functions import Cast, Concat

from reference.models import (
    Corridor,
    CorridorMembership,
    Country,
    Field,
    Indicator,
    Quantity,
    Subcategory,
    Term,
    Unit,
    WorkingDayException,
)

DATA = Path(__file__).parent / "data"
SEPARATOR = "|"

Record = dict[str, Any]
Keys = set[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Table:
    """One file and where its records go; ``key`` names the fields that tell records apart."""

    name: str
    model: type[Model]
    key: tuple[str, ...] = ("code",)

    def records(self) -> list[Record]:
        text = (DATA / f"{self.name}.json").read_text(encoding="utf-8")
        records: list[Record] = json.loads(text)["records"]
        return records

    def key_of(self, record: Record) -> tuple[str, str]:
        return self.name, SEPARATOR.join(record[field] for field in self.key)


# What others point to comes first.
TABLES = (
    Table("fields", Field),
    Table("subcategories", Subcategory),
    Table("quantities", Quantity),
    Table("units", Unit),
    Table("indicators", Indicator),
    Table("countries", Country),
    Table("corridors", Corridor),
    Table("corridor_memberships", CorridorMembership, ("corridor", "country", "list")),
    Table("working_day_exceptions", WorkingDayException, ("country", "date")),
    Table("terms", Term, ("vocabulary", "code")),
)


def load_reference(*, update: bool = False, using: str = DEFAULT_DB_ALIAS) -> dict[str, int]:
    """Insert the records that are missing, or write all; return how many per table."""
    present: Keys = set() if update else _present(using)
    due = {
        table: [record for record in table.records() if table.key_of(record) not in present]
        for table in TABLES
    }
    if any(due.values()):
        with transaction.atomic(using=using):
            for table, records in due.items():
                _write(table, records, update=update, using=using)
    return {table.name: len(records) for table, records in due.items()}


def _present(using: str) -> Keys:
    """Return the keys of all rows there are, in one query."""
    first, *others = (_keys(table, using) for table in TABLES)
    return set(first.union(*others, all=True))


def _keys(table: Table, using: str) -> QuerySet[Any, Any]:
    parts: list[Any] = []
    for field in table.key:
        parts += [Cast(F(field), CharField()), Value(SEPARATOR)]
    # Concat wants two expressions at least.
    key = Concat(Value(""), *parts[:-1], output_field=CharField())
    rows = table.model._default_manager.using(using).order_by()
    return rows.values_list(Value(table.name, CharField()), key)


def _write(table: Table, records: list[Record], *, update: bool, using: str) -> None:
    columns = {field.name: field.attname for field in table.model._meta.concrete_fields}
    # A foreign key is set by its column, so that a code stands for its row.
    rows = [
        table.model(**{columns[name]: value for name, value in record.items() if name in columns})
        for record in records
    ]
    how: dict[str, Any] = {"ignore_conflicts": True}
    if update:
        edited = [name for name in columns if name not in {*table.key, "id"}]
        how = {"update_conflicts": True, "unique_fields": table.key, "update_fields": edited}
    table.model._default_manager.using(using).bulk_create(rows, **how)
    for field in table.model._meta.many_to_many:
        _link(field, records, using=using)


def _link(field: Any, records: list[Record], *, using: str) -> None:
    """Give each row the links of its record instead of those it has."""
    links = field.remote_field.through._default_manager.using(using)
    mine, theirs = field.m2m_column_name(), field.m2m_reverse_name()
    links.filter(**{f"{mine}__in": [record["code"] for record in records]}).delete()
    links.bulk_create(
        links.model(**{mine: record["code"], theirs: code})
        for record in records
        for code in record[field.name]
    )
