"""The formats a record can be had in."""

from collections.abc import Callable
from typing import Any, NamedTuple

from catalog.harvest import about
from catalog.harvest.markup import Element
from catalog.harvest.oai import dublin_core, own
from catalog.vocabulary import Reference


class Format(NamedTuple):
    namespace: str
    schema: Callable[[], str]  # where it is published
    metadata: Callable[[dict[str, Any], Reference], Element]


FORMATS = {
    "oai_dc": Format(dublin_core.NAMESPACE, lambda: dublin_core.SCHEMA, dublin_core.metadata),
    own.PREFIX: Format(
        own.NAMESPACE,
        lambda: about.address("harvest:own-schema"),
        lambda record, _reference: own.metadata(record),
    ),
}
