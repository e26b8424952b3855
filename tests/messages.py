"""Every text of the portal that a translator has to see, read out of the sources.

Needs no gettext: Python is parsed, templates go through Django's own preparation for it.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.utils.translation.template import templatize

APPS = ("core", "reference", "accounts", "submissions", "evaluation", "catalog", "demo")
SINGLE = {"_", "gettext", "gettext_lazy", "gettext_noop"}
PLURAL = {"ngettext", "ngettext_lazy"}
CONTEXT = {"pgettext", "pgettext_lazy", "npgettext", "npgettext_lazy"}
TEXT = r"u?('(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")"
PREPARED = re.compile(rf"\b(?:n?gettext|_)\({TEXT}|\bn?pgettext\({TEXT},\s*{TEXT}")

Message = tuple[str, str]  # context ("" without one), msgid


def all_messages() -> set[Message]:
    """Return contexts and msgids of the Python files and the templates."""
    found: set[Message] = set()
    for part in (*APPS, "pool_portal"):
        for path in Path(settings.BASE_DIR, part).rglob("*.py"):
            if "migrations" not in path.parts:
                found.update(of_python(path.read_text()))
    for path in Path(settings.BASE_DIR, "templates").rglob("*"):
        if path.suffix in {".html", ".txt"}:
            found.update(of_template(path.read_text()))
    return {(context, text) for context, text in found if text}


def of_python(source: str) -> Iterator[Message]:
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        texts = [str(one.value) for one in node.args[:2] if isinstance(one, ast.Constant)]
        if name in SINGLE | PLURAL and isinstance(node.args[0], ast.Constant):
            yield "", texts[0]
        elif name in CONTEXT and len(texts) == 2:
            yield texts[0], texts[1]


def of_template(source: str) -> Iterator[Message]:
    for match in PREPARED.finditer(templatize(source)):
        plain, context, text = (ast.literal_eval(one) if one else "" for one in match.groups())
        yield context, plain or text
