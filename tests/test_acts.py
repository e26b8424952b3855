"""Every act the code can record has words; read out of the code itself, so none is forgotten."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib import admin

from accounts.events import ACTS
from core import acts, rights
from core.acts import in_words
from pool_portal.manual import WORKFLOWS

ROOT = Path(settings.BASE_DIR)
APPS = ("core", "reference", "accounts", "submissions", "evaluation", "catalog", "demo")
# Who writes acts down, how the name begins there, and which argument is the rest of it.
RECORDERS = {
    "core/audit.py": {"record": ("", 0)},
    "accounts/recording.py": {"note": ("account.", 0), "note_organisation": ("organisation.", 0)},
    "accounts/invitations.py": {"_note": ("organisation.", 0)},
    "evaluation/pool/employments.py": {"_note": ("expert.", 0)},
    "evaluation/writes.py": {"record": ("", 0)},
    "submissions/sealing.py": {"_record": ("", 0)},
    "submissions/working_copy.py": {"record": ("declaration.", 1)},
}
# Names put together as the portal runs: a recorder itself, or one of those asked for below.
PUT_TOGETHER = {
    "core/workflow.py: f'{self.lifecycle.object}.{act.step.name}'",  # WORKFLOWS
    "core/admin/pages.py: f'{subject.type}.{verb}'",  # of every page: added, changed
    "accounts/events.py: act",  # ACTS
    "accounts/recording.py: f'account.{act}'",
    "accounts/recording.py: f'organisation.{act}'",
    "accounts/invitations.py: act",
    "evaluation/pool/employments.py: f'expert.{act}'",
    "evaluation/writes.py: act",
    "submissions/notices.py: f'{subject.type}.added'",  # as of every page
    "submissions/notices.py: f'{subject.type}.changed'",
    "submissions/sealing.py: act",
    "submissions/working_copy.py: f'declaration.{verb}'",
}


def sources() -> Iterator[tuple[str, ast.Module]]:
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            yield str(path.relative_to(ROOT)), ast.parse(path.read_text(encoding="utf-8"))


def recorder_of(call: ast.Call, path: str, tree: ast.Module) -> tuple[str, int] | None:
    """Return how an act is named by this call, if it records one."""
    if isinstance(call.func, ast.Attribute):  # audit.record(...)
        owner = getattr(call.func.value, "id", "")
        return RECORDERS["core/audit.py"].get(call.func.attr) if owner == "audit" else None
    name = getattr(call.func, "id", "")
    homes = [home for home, recorders in RECORDERS.items() if name in recorders]
    for home in homes:
        module = home.removesuffix(".py").replace("/", ".")
        if home == path or any(
            isinstance(node, ast.ImportFrom)
            and node.module == module
            and name in {alias.name for alias in node.names}
            for node in ast.walk(tree)
        ):
            return RECORDERS[home][name]
    return None


def literals(value: ast.expr, function: ast.AST) -> list[str]:
    """Return what an argument can be: a text, one of two, or what its name was set to."""
    if isinstance(value, ast.Constant):
        return [str(value.value)]
    if isinstance(value, ast.IfExp):
        return literals(value.body, function) + literals(value.orelse, function)
    if isinstance(value, ast.Name):
        return [
            text
            for node in ast.walk(function)
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == value.id
            for text in literals(node.value, function)
        ]
    return []


def recorded() -> Iterator[tuple[str, str, list[str]]]:
    """Yield each call that records an act: where, by what argument, and the acts it can be."""
    for path, tree in sources():
        functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
        for function in functions:
            for call in (node for node in ast.walk(function) if isinstance(node, ast.Call)):
                if named := recorder_of(call, path, tree):
                    prefix, place = named
                    value = call.args[place]
                    texts = literals(value, function)
                    yield f"{path}: {ast.unparse(value)}", path, [prefix + one for one in texts]


def every_act() -> set[str]:
    found = {act for _call, _path, names in recorded() for act in names}
    found |= {f"account.{act}" for act in ACTS}
    found |= {
        f"{flow.lifecycle.object}.{step.name}"
        for flow in WORKFLOWS
        for step in flow.lifecycle.transitions
    }
    for model in admin.site._registry:
        found |= {f"{rights.name_of(model)}.{verb}" for verb in ("added", "changed")}
    return found


def test_no_call_that_records_an_act_is_overlooked():
    assert {call for call, _path, names in recorded() if not names} == PUT_TOGETHER
    assert {
        "technology.translated",
        "account.suspended",
        "organisation.member_added",
        "declaration.translation_confirmed",
        "score sheet.submit",
        "case.release",
        "scheme.added",
    } <= every_act()


def test_every_act_has_words():
    assert sorted(act for act in every_act() if in_words(act) == act) == []


@pytest.mark.parametrize("flow", WORKFLOWS, ids=lambda flow: flow.lifecycle.object)
def test_a_life_names_its_steps_and_states_by_itself(flow):
    life = flow.lifecycle

    for step in life.transitions:
        assert in_words(f"{life.object}.{step.name}") == str(step.label)
    for state in life.states:
        assert acts.state_in_words(life.object, state.value) == str(state.label)
