"""What the portal's own role may lock: PostgreSQL asks for the right to change a row."""

import ast
from pathlib import Path

from django.apps import apps
from django.conf import settings

from tests.test_architecture import ORDER

APPEND_ONLY = {
    model.__name__
    for app in ORDER
    for model in apps.get_app_config(app).get_models()
    if any(one.name == "append_only" for one in getattr(model._meta, "triggers", ()))
}


def locked_names(path: Path) -> set[str]:
    """Return the names of models on which a file calls ``.objects.select_for_update``."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if not (isinstance(node, ast.Attribute) and node.attr == "select_for_update"):
            continue
        inner: ast.AST = node.value
        while isinstance(inner, ast.Attribute | ast.Call):
            inner = inner.func if isinstance(inner, ast.Call) else inner.value
        if isinstance(inner, ast.Name):
            found.add(inner.id)
    return found


def test_no_row_that_is_written_once_is_locked():
    files = [path for app in ORDER for path in Path(settings.BASE_DIR, app).rglob("*.py")]
    locked = {name: path for path in files for name in locked_names(path)}

    assert {"CriteriaSet", "AuditEntry"} <= APPEND_ONLY
    assert "CriteriaDraft" in locked  # the search finds what there is
    assert sorted(locked.keys() & APPEND_ONLY) == []
