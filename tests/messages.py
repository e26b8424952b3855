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
PREPARED = re.compile(r"\b(n?gettext|_)\((?:u?('(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"))")


def all_messages() -> set[str]:
    """Return the msgids of the Python files and the templates."""
    found: set[str] = set()
    for part in (*APPS, "pool_portal"):
        for path in Path(settings.BASE_DIR, part).rglob("*.py"):
            if "migrations" not in path.parts:
                found.update(of_python(path.read_text()))
    for path in Path(settings.BASE_DIR, "templates").rglob("*"):
        if path.suffix in {".html", ".txt"}:
            found.update(of_template(path.read_text()))
    return {text for text in found if text}


def of_python(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        first = node.args[0]
        if name in SINGLE | PLURAL and isinstance(first, ast.Constant):
            yield str(first.value)


def of_template(source: str) -> Iterator[str]:
    for match in PREPARED.finditer(templatize(source)):
        yield ast.literal_eval(match[2])
