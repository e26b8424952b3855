"""Answers a harvester: each verb, and each error, as the protocol has them.

A technology that is not listed is told as deleted, and for good (``persistent``): of one that
was withdrawn or revoked there is a tombstone, of one that is suspended or expired the content
is not public. Listed again, it comes again.
"""

import datetime as dt
import re
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple
from uuid import UUID

from catalog.harvest import about, changes
from catalog.harvest.markup import Element, add, element, named, written
from catalog.harvest.oai import asking, errors, sets
from catalog.harvest.oai.asking import Question
from catalog.harvest.oai.formats import FORMATS
from catalog.models import Change, Technology, TechnologyQuerySet
from catalog.states import TechnologyStatus
from catalog.version import version_now
from catalog.vocabulary import Reference, reference_at

PAGE = 100
NAMESPACE = "http://www.openarchives.org/OAI/2.0/"
IDENTIFIER = "http://www.openarchives.org/OAI/2.0/oai-identifier"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
# Before anything was listed; nothing is older.
_BEFORE = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Item(NamedTuple):
    """A technology as it is now, and the change that made it so."""

    change: Change
    technology: Technology


class Repository:
    """Answers questions about the technologies in ``rows``; ``at`` is the time of the answer."""

    def __init__(self, rows: TechnologyQuerySet, at: dt.datetime) -> None:
        self.rows = rows.select_related("subcategory").defer("search", "traits", "figures")
        self.at = at

    def answer(self, given: asking.Arguments) -> bytes:
        """Return the whole answer, an error of the protocol included."""
        repeated: dict[str, str] = {}
        try:
            verb, arguments = asking.read(given)
            repeated = {"verb": verb, **arguments}
            parts = list(_VERBS[verb](self, arguments))
            content = element(verb)
            content.extend(parts)
        except errors.ProtocolError as error:
            content = element("error", error.message, code=error.code)
            if error.code in errors.NOT_REPEATED:
                repeated = {}
        root = named(
            "OAI-PMH",
            None,
            {
                "xmlns": NAMESPACE,
                "xmlns:xsi": _XSI,
                "xsi:schemaLocation": f"{NAMESPACE} {NAMESPACE}OAI-PMH.xsd",
            },
        )
        add(root, "responseDate", changes.stamp(self.at))
        root.append(named("request", about.address("harvest:oai"), repeated))
        root.append(content)
        return written(root)

    # The verbs ----------------------------------------------------------------------------

    def identify(self, _arguments: dict[str, str]) -> Iterator[Element]:
        yield element("repositoryName", about.NAMES["en"])
        yield element("baseURL", about.address("harvest:oai"))
        yield element("protocolVersion", "2.0")
        yield element("adminEmail", about.contact())
        yield element("earliestDatestamp", changes.stamp(changes.first_at() or _BEFORE))
        yield element("deletedRecord", "persistent")
        yield element("granularity", "YYYY-MM-DDThh:mm:ssZ")
        described = element("description")
        described.append(_identifier_scheme())
        yield described

    def formats(self, arguments: dict[str, str]) -> Iterator[Element]:
        if "identifier" in arguments:
            self._item(arguments["identifier"])
        for prefix, one in FORMATS.items():
            told = element("metadataFormat")
            add(told, "metadataPrefix", prefix)
            add(told, "schema", one.schema())
            add(told, "metadataNamespace", one.namespace)
            yield told

    def sets(self, arguments: dict[str, str]) -> Iterator[Element]:
        if asking.TOKEN in arguments:
            raise errors.bad_token()  # the list is whole; none was given
        for code, name in sets.every(self._reference):
            told = element("set")
            add(told, "setSpec", code)
            add(told, "setName", name)
            yield told

    def record(self, arguments: dict[str, str]) -> Iterator[Element]:
        prefix = _known(arguments["metadataPrefix"])
        yield from self._records([self._item(arguments["identifier"])], prefix)

    def identifiers(self, arguments: dict[str, str]) -> Iterator[Element]:
        asked = asking.question(arguments)
        items, more = self._list(asked, self.rows.defer("content"))
        yield from map(_header, items)
        yield from _going_on(asked, items, more)

    def records(self, arguments: dict[str, str]) -> Iterator[Element]:
        asked = asking.question(arguments)
        items, more = self._list(asked, self.rows)
        yield from self._records(items, asked.prefix)
        yield from _going_on(asked, items, more)

    # Reading ------------------------------------------------------------------------------

    def _list(self, asked: Question, rows: TechnologyQuerySet) -> tuple[list[Item], bool]:
        _known(asked.prefix)
        found = changes.latest().filter(number__gt=asked.after)
        if asked.first_moment:
            found = found.filter(at__gte=asked.first_moment)
        if asked.end:
            found = found.filter(at__lt=asked.end)
        if asked.set:
            found = found.filter(sets.condition(asked.set, self._reference))
        page = list(found[: PAGE + 1])
        items = self._items(page[:PAGE], rows)
        if not items:
            raise errors.ProtocolError("noRecordsMatch", "Nothing changed in these bounds.")
        return items, len(page) > PAGE

    def _items(self, page: list[Change], rows: TechnologyQuerySet) -> list[Item]:
        by_pk = rows.in_bulk([change.technology_id for change in page])
        return [
            Item(change, by_pk[change.technology_id])
            for change in page
            if change.technology_id in by_pk
        ]

    def _item(self, identifier: str) -> Item:
        prefix = _identifier("")
        pk = identifier.removeprefix(prefix)
        if not identifier.startswith(prefix) or not _UUID.fullmatch(pk):
            raise errors.no_such_item()
        items = self._items(list(changes.latest().filter(technology=UUID(pk))), self.rows)
        if not items:
            raise errors.no_such_item()
        return items[0]

    def _records(self, items: list[Item], prefix: str) -> Iterator[Element]:
        reference = self._reference
        for item in items:
            made = element("record")
            made.append(_header(item))
            if item.technology.status == TechnologyStatus.LISTED:
                told = FORMATS[prefix].metadata(item.technology.content, reference)
                add(made, "metadata").append(told)
            yield made

    @cached_property
    def _reference(self) -> Reference:
        return reference_at(version_now().edition)


_VERBS = {
    "Identify": Repository.identify,
    "ListMetadataFormats": Repository.formats,
    "ListSets": Repository.sets,
    "GetRecord": Repository.record,
    "ListIdentifiers": Repository.identifiers,
    "ListRecords": Repository.records,
}


def _known(prefix: str) -> str:
    if prefix not in FORMATS:
        raise errors.ProtocolError("cannotDisseminateFormat", errors.NO_SUCH_FORMAT)
    return prefix


def _header(item: Item) -> Element:
    made = element("header")
    if item.technology.status != TechnologyStatus.LISTED:
        made.set("status", "deleted")
    assert item.change.at is not None  # noqa: S101 -- a number and a time come together
    add(made, "identifier", _identifier(item.technology.pk))
    add(made, "datestamp", changes.stamp(item.change.at))
    for code in sets.of(item.technology):
        add(made, "setSpec", code)
    return made


def _going_on(asked: Question, items: list[Item], more: bool) -> Iterator[Element]:
    """Yield the token of what is left; the end of a list that came in parts is an empty one."""
    if more:
        number = items[-1].change.number or 0
        yield element(asking.TOKEN, asked.going_on(number).token)
    elif asked.after:
        yield element(asking.TOKEN)


def _identifier(pk: object) -> str:
    return f"oai:{about.host()}:{pk}"


def _identifier_scheme() -> Element:
    made = named(
        "oai-identifier",
        None,
        {"xmlns": IDENTIFIER, "xsi:schemaLocation": f"{IDENTIFIER} {IDENTIFIER}.xsd"},
    )
    add(made, "scheme", "oai")
    add(made, "repositoryIdentifier", about.host())
    add(made, "delimiter", ":")
    add(made, "sampleIdentifier", _identifier(UUID(int=0)))
    return made
