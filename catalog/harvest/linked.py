"""A small graph, written as JSON-LD and as Turtle: the same statements in both."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeAlias

PREFIXES = {
    "adms": "http://www.w3.org/ns/adms#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "hydra": "http://www.w3.org/ns/hydra/core#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_NOT_IN_ADDRESS = re.compile(r"[\x00-\x20<>\"{}|\\^`]")


class Iri(NamedTuple):
    address: str


class Text(NamedTuple):
    """A literal: in a language, or of a type (``xsd:date``), or plain."""

    text: str
    language: str = ""
    type: str = ""


Value: TypeAlias = "Iri | Text | Node"


@dataclass(slots=True)
class Node:
    """A thing with what is said of it; without an address it stands where it is named."""

    kind: str
    address: str = ""
    said: dict[str, list[Value]] = field(default_factory=dict)

    def say(self, term: str, *values: Value) -> "Node":
        """Add statements; without values there is nothing to say."""
        if values:
            self.said.setdefault(term, []).extend(values)
        return self


def texts(by_language: dict[str, str], tag: Any) -> list[Text]:
    """Return what is said in each language; ``tag`` names a language as others do."""
    return [Text(text, tag(code)) for code, text in sorted(by_language.items()) if text]


# JSON-LD --------------------------------------------------------------------------------


def json_ld(nodes: list[Node]) -> str:
    graph = [_object(node) for node in nodes]
    return json.dumps({"@context": PREFIXES, "@graph": graph}, ensure_ascii=False, indent=1)


def _object(node: Node) -> dict[str, Any]:
    made: dict[str, Any] = {"@id": _iri(node.address)} if node.address else {}
    made["@type"] = node.kind
    return made | {term: [_value(one) for one in values] for term, values in node.said.items()}


def _value(value: Value) -> dict[str, Any]:
    if isinstance(value, Iri):
        return {"@id": _iri(value.address)}
    if isinstance(value, Node):
        return _object(value)
    told = {"@value": value.text}
    if value.language:
        told["@language"] = value.language
    elif value.type:
        told["@type"] = value.type
    return told


# Turtle ---------------------------------------------------------------------------------


def turtle(nodes: list[Node]) -> str:
    heads = [f"@prefix {name}: <{address}> ." for name, address in PREFIXES.items()]
    # What has an address of its own is told by itself, once.
    told = {node.address: node for outer in nodes for node in _addressed(outer)}
    blocks = [f"<{_iri(node.address)}> {_statements(node, 1)} ." for node in told.values()]
    return "\n".join([*heads, "", "\n\n".join(blocks), ""])


def _addressed(node: Node) -> Iterator[Node]:
    if node.address:
        yield node
    for values in node.said.values():
        for value in values:
            if isinstance(value, Node):
                yield from _addressed(value)


def _statements(node: Node, depth: int) -> str:
    indent = " ;\n" + "  " * depth
    return indent.join([f"a {node.kind}", *_pairs(node, depth)])


def _pairs(node: Node, depth: int) -> Iterator[str]:
    for term, values in node.said.items():
        yield f"{term} " + ", ".join(_written(one, depth + 1) for one in values)


def _written(value: Value, depth: int) -> str:
    if isinstance(value, Iri):
        return f"<{_iri(value.address)}>"
    if isinstance(value, Node) and value.address:
        return f"<{_iri(value.address)}>"
    if isinstance(value, Node):
        return f"[ {_statements(value, depth)} ]"
    # The escapes of JSON are escapes of Turtle.
    text = json.dumps(value.text, ensure_ascii=False).replace("\x7f", "\\u007f")
    if value.language:
        return f"{text}@{value.language}"
    return f"{text}^^{value.type}" if value.type else text


def _iri(address: str) -> str:
    return _NOT_IN_ADDRESS.sub(lambda found: f"%{ord(found[0]):02X}", address)
