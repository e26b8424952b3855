"""The demonstration writes through the services and steps of the portal, never past them."""

import ast
from pathlib import Path

import pytest
from django.conf import settings

SOURCES = sorted(Path(settings.BASE_DIR, "demo").rglob("*.py"))
RAW_WRITES = {
    *("create", "bulk_create", "get_or_create", "update_or_create"),
    *("update", "bulk_update", "delete", "save", "execute"),
}
# Advisory locks write nothing. The portal closes no activity before its time, by no door; the
# demonstration's round is filled in a minute, so its time is moved. A picture is drawn into memory.
ALLOWED = {
    ("demo/alone.py", "execute"),
    ("demo/activities.py", "update"),
    ("demo/letters.py", "save"),
}


def calls(path):
    return {
        node.func.attr
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_demo_never_writes_a_row_itself(path):
    name = str(path.relative_to(settings.BASE_DIR))

    assert {(name, call) for call in calls(path) & RAW_WRITES} <= ALLOWED


def test_demo_reads_its_own_data_only():
    leaving = [path.name for path in SOURCES if "../" in path.read_text()]

    assert leaving == []
