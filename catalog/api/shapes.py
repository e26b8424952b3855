"""What answers look like, for the description of the interface (OpenAPI).

Answers are written by ``catalog.api.documents``; nothing is converted on the way. That they look
like this is what the tests hold against each other.
"""

import datetime as dt
from typing import Annotated, Any
from uuid import UUID

from ninja import Schema
from pydantic import ConfigDict, Field

Hash = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
Names = Annotated[dict[str, str], Field(description="By language: en, zh-hans, ar.")]
Count = Annotated[int, Field(ge=0)]
Address = Annotated[str, Field(json_schema_extra={"format": "uri"})]


class Open(Schema):
    """More may be there than is written down here."""

    model_config = ConfigDict(extra="allow")


class Head(Open):
    """What every record says, in whatever state the technology is."""

    schema_: str = Field(alias="schema")
    id: UUID
    number: str
    state: str
    demonstration: bool
    note: str


class Record(Head):
    """The public record, as its hash is taken of it (canonical JSON, RFC 8785).

    A technology that is suspended or expired has head, titles and language, and since when.
    """

    titles: Names
    language: str
    texts: dict[str, dict[str, Any]] = {}
    field: str = ""
    subcategory: str = ""
    form: str = ""
    matrix: str = ""
    maturity: str = ""
    pollutants: list[str] = []
    cooperation: list[str] = []
    holder: dict[str, Any] = {}
    indicators: list[dict[str, Any]] = []
    costs: list[dict[str, Any]] = []
    cases: list[dict[str, Any]] = []
    property: list[dict[str, Any]] = []
    sources: list[dict[str, Any]] = []
    economics: dict[str, Any] = {}
    evidence_grade: str = ""
    listed_on: dt.date | None = None
    valid_until: dt.date | None = None


class TechnologyLinks(Schema):
    self: Address
    versions: Address
    page: Address


class Technology(Schema):
    """A technology: its record, the hash of that, and where more is."""

    record: Record
    hash: Hash
    changed_at: dt.datetime
    links: TechnologyLinks


class PageLinks(Schema):
    self: Address
    next: Address | None
    previous: Address | None


class Counts(Schema):
    counts: Annotated[
        dict[str, dict[str, Count]],
        Field(description="By facet and code: how many there would be after choosing it."),
    ] = {}
    measures: Annotated[
        dict[str, Count], Field(description="By measure: how many state a figure on it.")
    ] = {}


class Technologies(Counts):
    """A page of the list. Counts are there when they were asked for."""

    version: str
    since: Annotated[
        Count,
        Field(description="The number to ask for changes after: what is listed here has no later."),
    ]
    total: Count
    items: list[Technology]
    links: PageLinks


class LineLinks(Schema):
    self: Address


class VersionLine(Schema):
    """A version of a record, without the record."""

    number: Annotated[int, Field(ge=1)]
    hash: Hash
    published_at: dt.datetime
    links: LineLinks


class VersionsLinks(Schema):
    self: Address
    technology: Address


class Versions(Schema):
    items: list[VersionLine]
    links: VersionsLinks


class Version(Schema):
    """A record as it stood from one moment on."""

    number: Annotated[int, Field(ge=1)]
    hash: Hash
    published_at: dt.datetime
    links: VersionsLinks
    record: Record


class Changed(Schema):
    """What a change was made to, as it is now."""

    id: UUID
    number: str
    state: str


class ChangeLinks(Schema):
    technology: Address


class Change(Schema):
    """A change of the catalogue; numbers grow in the order in which changes became public."""

    number: Annotated[int, Field(ge=1)]
    kind: str
    at: dt.datetime
    technology: Changed
    seq: Annotated[int, Field(ge=1)]
    links: ChangeLinks
    tombstone: Head | None = None


class ChangesLinks(Schema):
    self: Address
    next: Address


class Changes(Schema):
    """Changes after a number, oldest first; ``cursor`` is the number to ask after next time."""

    version: str
    items: list[Change]
    cursor: Count
    more: bool
    links: ChangesLinks


class Entry(Schema):
    code: str
    names: Names


class FieldEntry(Entry):
    subcategories: list[Entry]


class CountryEntry(Entry):
    corridors: list[str]


class UnitEntry(Entry):
    symbol: str


class Taxonomy(Schema):
    """The vocabulary of the records, in all languages."""

    edition: Count
    fields_: Annotated[list[FieldEntry], Field(alias="fields")]
    countries: list[CountryEntry]
    corridors: list[Entry]
    terms: dict[str, list[Entry]]
    units: list[UnitEntry]
    indicators: list[Entry]
    links: LineLinks


class StatisticsLinks(Schema):
    self: Address
    technologies: Address


class Statistics(Counts):
    version: str
    listed: Count
    links: StatisticsLinks


class EntryLinks(Schema):
    self: Address
    technologies: Address
    changes: Address
    taxonomy: Address
    statistics: Address
    openapi: Address
    documentation: Address


class EntryPoint(Schema):
    """Where everything is."""

    links: EntryLinks


class Wrong(Schema):
    place: str
    message: str


class Problem(Schema):
    """What went wrong (RFC 9457)."""

    type: Address
    title: str
    status: Annotated[int, Field(ge=400, le=599)]
    detail: str
    instance: str
    errors: list[Wrong] = []
    record: Head | None = None
