"""Rules of the house that no linter knows."""

import ast
import re
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command

ORDER = ["core", "reference", "accounts", "submissions", "evaluation", "catalog", "demo"]
HOUSE = [*ORDER, "pool_portal", "launcher"]
SOURCES = [
    path
    for part in HOUSE
    for path in sorted(Path(settings.BASE_DIR, part).rglob("*.py"))
    if "migrations" not in path.parts
]
TESTS = sorted(Path(settings.BASE_DIR, "tests").rglob("*.py"))
SUPPRESSION = re.compile(r"#\x20(noqa|type: ignore)\b")
REASON = re.compile(r"#\x20noqa: [A-Z0-9, ]+ -- \S|#\x20type: ignore\[[a-z, -]+\]  # \S")
WRITES_STATUS = {"core/workflow.py"}


def name_of(path: Path) -> str:
    return str(path.relative_to(settings.BASE_DIR))


def trees(paths: list[Path]) -> list[tuple[str, ast.Module]]:
    return [(name_of(path), ast.parse(path.read_text())) for path in paths]


def test_foreign_keys_point_downwards():
    upward = [
        f"{model._meta.label}.{field.name}"
        for app in ORDER
        for model in apps.get_app_config(app).get_models()
        for field in model._meta.get_fields()
        if field.concrete and field.related_model
        if field.related_model._meta.app_label in ORDER[ORDER.index(app) + 1 :]
    ]

    # AUTH_USER_MODEL is Django's own seam: the one exception.
    assert upward == ["core.AuditEntry.actor"]


def test_status_is_written_in_the_workflow_engine_only():
    written = {
        name
        for name, tree in trees(SOURCES)
        for node in ast.walk(tree)
        if _stores_status(node) or _updates_status(node)
    }

    assert written == WRITES_STATUS


def _stores_status(node: ast.AST) -> bool:
    if not isinstance(node, ast.Attribute) or node.attr != "status":
        return False
    return isinstance(node.ctx, ast.Store)


def _updates_status(node: ast.AST) -> bool:
    """queryset.update(status=...), bulk_update(..., ["status"]), setattr(x, "status", ...)."""
    if not isinstance(node, ast.Call):
        return False
    called = getattr(node.func, "attr", getattr(node.func, "id", ""))
    if called == "update":
        return any(word.arg == "status" for word in node.keywords)
    if called not in {"bulk_update", "setattr"}:
        return False
    return any(isinstance(n, ast.Constant) and n.value == "status" for n in ast.walk(node))


@pytest.mark.parametrize("path", [*SOURCES, *TESTS], ids=name_of)
def test_no_file_outgrows_400_lines(path):
    assert len(path.read_text().splitlines()) <= 400


def test_no_function_outgrows_50_lines():
    long = [
        f"{name}:{node.name}"
        for name, tree in trees(SOURCES)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        if (node.end_lineno or 0) - node.lineno > 50
    ]

    assert long == []


def test_no_module_is_a_drawer_for_odds_and_ends():
    drawers = {"utils.py", "helpers.py", "common.py", "misc.py", "manager.py"}

    assert [name_of(path) for path in SOURCES if path.name in drawers] == []


def test_models_and_migrations_agree(db):
    out = StringIO()

    call_command("makemigrations", check=True, dry_run=True, stdout=out)

    assert out.getvalue().strip() == "No changes detected"


def test_every_model_with_a_status_is_guarded_by_the_database():
    unguarded = [
        model._meta.label
        for app in ORDER
        for model in apps.get_app_config(app).get_models()
        if any(field.name == "status" for field in model._meta.get_fields())
        if not any(t.name == "status_guard" for t in getattr(model._meta, "triggers", ()))
    ]

    assert unguarded == []


def test_no_signals_are_received_for_domain_effects():
    """``post_migrate``, which loads reference data, is Django's seam for that."""
    signals = {"post_save", "pre_save", "post_delete", "pre_delete", "m2m_changed"}

    heard = {
        name
        for name, tree in trees(SOURCES)
        for node in ast.walk(tree)
        if isinstance(node, ast.Name | ast.Attribute)
        if (node.id if isinstance(node, ast.Name) else node.attr) in signals
    }

    assert heard == set()


@pytest.mark.parametrize("app", [*ORDER, "pool_portal"])
def test_an_app_lays_things_beside_others_in_its_wiring(app):
    """What is registered, and where, is read at one place of each app, and in its order."""
    tree = ast.parse(Path(settings.BASE_DIR, app, "apps.py").read_text())
    ready = [
        [ast.unparse(statement) for statement in node.body]
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
    ]

    assert ready == [[f"from {app} import wiring", "wiring.connect(self)"]]


def test_every_suppression_says_why():
    bare = [
        f"{name_of(path)}:{number}"
        for path in [*SOURCES, *TESTS]
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if SUPPRESSION.search(line) and not REASON.search(line)
    ]

    assert bare == []


def test_row_locks_leave_foreign_keys_alone():
    """A plain FOR UPDATE waits for every commit that refers to the row, and can deadlock there."""
    plain = [
        f"{name}:{node.lineno}"
        for name, tree in trees(SOURCES)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and getattr(node.func, "attr", "") == "select_for_update"
        and not any(word.arg == "no_key" for word in node.keywords)
    ]

    assert plain == []
