"""Reads what machines are told, as strictly as their validators do."""

from pathlib import Path
from typing import Any

from django.test import Client
from lxml import etree

from catalog.harvest.oai import own

SCHEMAS = Path(__file__).parent / "schemas"
OAI = "{http://www.openarchives.org/OAI/2.0/}"


class _Here(etree.Resolver):  # type: ignore[misc]  # lxml has no types
    """Hands out the schemas of these tests, and asks nobody on the network."""

    def resolve(self, system_url: str, public_id: str, context: Any) -> Any:
        if system_url.endswith("/xml.xsd"):
            return self.resolve_filename(str(SCHEMAS / "xml.xsd"), context)
        return None


def _parser() -> Any:
    parser = etree.XMLParser(no_network=True, resolve_entities=False)
    parser.resolvers.add(_Here())
    return parser


def _schema(*names: str) -> Any:
    """Return a schema that imports these: what stands in others is checked as strictly."""
    imports = "".join(
        f'<xs:import namespace="{etree.parse(SCHEMAS / name).getroot().get("targetNamespace")}" '
        f'schemaLocation="{name}"/>'
        for name in names
    )
    text = f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">{imports}</xs:schema>'
    root = etree.fromstring(text, _parser(), base_url=str(SCHEMAS / "all.xsd"))
    return etree.XMLSchema(root)


def own_schema() -> Any:
    return etree.XMLSchema(etree.fromstring(own.schema(), _parser()))


def parsed(answer: Any) -> Any:
    """Return the root of an XML answer."""
    return etree.fromstring(answer.content, etree.XMLParser(resolve_entities=False))


def valid(root: Any, *schemas: str) -> Any:
    """Check a document against schemas of these tests and return it."""
    schema = _schema(*schemas)
    assert schema.validate(root), [str(one) for one in schema.error_log]
    return root


def asked(client: Client | None = None, /, **arguments: Any) -> Any:
    """Ask the repository and return its answer, checked as far as the protocol says."""
    answer = (client or Client()).get("/oai", arguments)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/xml; charset=utf-8"
    assert not answer.cookies
    return checked(parsed(answer))


def checked(root: Any) -> Any:
    """Check an answer of the repository: its frame, and what it carries in other schemas."""
    frame = etree.fromstring(etree.tostring(root))
    for record in frame.findall(f".//{{{own.NAMESPACE}}}record"):
        schema = own_schema()
        alone = etree.fromstring(etree.tostring(record))
        assert schema.validate(alone), [str(one) for one in schema.error_log]
        record.getparent().getparent().remove(record.getparent())
    valid(frame, "oai-pmh.xsd", "oai_dc.xsd", "oai-identifier.xsd")
    return root


def error(root: Any) -> str:
    """Return the code of the one error an answer tells."""
    (only,) = root.findall(f"{OAI}error")
    assert only.text
    return str(only.get("code"))


def texts(root: Any, name: str) -> list[str]:
    return [one.text or "" for one in root.iter(f"{OAI}{name}")]
