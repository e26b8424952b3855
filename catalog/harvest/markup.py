"""Writes XML: every text escaped, and without the characters XML has no way to write."""

import re
from xml.etree import ElementTree

Element = ElementTree.Element

# Control characters, halves of characters: pasted from elsewhere, and refused by every reader.
_UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
LANGUAGE = "xml:lang"


def clean(text: object) -> str:
    return _UNWRITABLE.sub("", str(text))


def element(name: str, text: object = None, /, **attributes: str) -> Element:
    """Return an element; ``lang`` among the attributes is the language of what is in it."""
    return named(name, text, {LANGUAGE if k == "lang" else k: v for k, v in attributes.items()})


def named(name: str, text: object, attributes: dict[str, str]) -> Element:
    """Return an element with attributes whose names are no words of Python."""
    made = Element(name, {key: clean(value) for key, value in attributes.items()})
    if text is not None:
        made.text = clean(text)
    return made


def add(parent: Element, name: str, text: object = None, /, **attributes: str) -> Element:
    made = element(name, text, **attributes)
    parent.append(made)
    return made


def written(root: Element, *, declared: bool = True) -> bytes:
    """Return the document. Names carry their prefixes; the root declares them."""
    made: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=declared)
    return made
