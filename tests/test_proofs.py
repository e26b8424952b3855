"""What a test has to be, read out of the tests themselves: each one proves something."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
TESTS = sorted((ROOT / "tests").rglob("*.py"))
PROVING_CALLS = {"raises", "warns", "expect"}  # of pytest, and of Playwright
PROVING_FIXTURES = {"django_assert_num_queries", "django_assert_max_num_queries"}

# A function knows where it stands: its module, and its class when it has one.
Place = tuple[Path, str]


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


@cache
def functions(path: Path) -> dict[str, ast.FunctionDef]:
    """Name the functions of a module, and the methods as ``Class.method``."""
    found: dict[str, ast.FunctionDef] = {}
    for node in tree(path).body:
        if isinstance(node, ast.FunctionDef):
            found[node.name] = node
        if isinstance(node, ast.ClassDef):
            methods = (one for one in node.body if isinstance(one, ast.FunctionDef))
            found |= {f"{node.name}.{one.name}": one for one in methods}
    return found


@cache
def imported(path: Path) -> dict[str, str]:
    """Name what a module imports from the tests: ``build`` is ``tests.builders.accounts``."""
    return {
        alias.asname or alias.name: f"{node.module}.{alias.name}"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("tests")
        for alias in node.names
    }


def module_of(dotted: str) -> Path | None:
    path = ROOT / (dotted.replace(".", "/") + ".py")
    return path if path.exists() else None


def called(call: ast.Call, place: Place) -> Place | None:
    """Find the helper of the tests that is called, if it is one."""
    path, name = place
    what = call.func
    if isinstance(what, ast.Name):
        if what.id in functions(path):
            return path, what.id
        module, _dot, function = imported(path).get(what.id, "").rpartition(".")
        home = module_of(module)
        return (home, function) if home and function in functions(home) else None
    if isinstance(what, ast.Attribute) and isinstance(what.value, ast.Name):
        if what.value.id == "self":
            return path, f"{name.partition('.')[0]}.{what.attr}"
        home = module_of(imported(path).get(what.value.id, ""))
        return (home, what.attr) if home else None
    return None


def calls(node: ast.AST) -> Iterator[ast.Call]:
    return (one for one in ast.walk(node) if isinstance(one, ast.Call))


def proves(place: Place, seen: frozenset[Place] = frozenset()) -> bool:
    """Say whether a function asserts something, itself or by a helper it calls."""
    function = functions(place[0]).get(place[1])
    if function is None or place in seen:
        return False
    if {argument.arg for argument in function.args.args} & PROVING_FIXTURES:
        return True
    if any(isinstance(node, ast.Assert) for node in ast.walk(function)):
        return True
    names = {getattr(one.func, "attr", getattr(one.func, "id", "")) for one in calls(function)}
    if names & PROVING_CALLS:
        return True
    helpers = (called(one, place) for one in calls(function))
    return any(proves(helper, seen | {place}) for helper in helpers if helper)


def named_tests(path: Path) -> Iterator[tuple[str, ast.FunctionDef]]:
    for name, function in functions(path).items():
        if name.rpartition(".")[2].startswith("test_"):
            yield name, function


@pytest.mark.parametrize("path", TESTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_test_asserts_something(path):
    idle = [name for name, _function in named_tests(path) if not proves((path, name))]

    assert idle == []


def is_bare_status(node: ast.Assert) -> bool:
    """``assert x.status_code == 200``, or 302: the page came, whatever is on it."""
    test = node.test
    if not isinstance(test, ast.Compare) or getattr(test.left, "attr", "") != "status_code":
        return False
    with_what = test.comparators[0]
    return isinstance(with_what, ast.Constant) and with_what.value in (200, 302)


@pytest.mark.parametrize("path", TESTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_test_rests_on_a_page_having_come(path):
    resting = [
        name
        for name, function in named_tests(path)
        if (found := [node for node in ast.walk(function) if isinstance(node, ast.Assert)])
        if any(is_bare_status(node) for node in found)
        if all(is_bare_status(node) or is_hidden(node) for node in found)
    ]

    assert resting == []


def is_hidden(node: ast.Assert) -> bool:
    return "status_code == 404" in ast.unparse(node)


# Of our own code only these are replaced, and none of them is what the test is about. Besides
# them: constants in capitals (a time, a size), so that no test waits for them or fills a disk.
REPLACED = {
    # A copy of a registry, so that what a test registers at its seam is forgotten afterwards.
    *("tests/core/test_rights.py: rights._objects", "tests/core/test_rights.py: rights._by_model"),
    *("tests/core/test_rights.py: rights._addresses",),
    *("tests/core/test_outbox.py: outbox._handlers",),
    *("tests/accounts/test_gate.py: rights._addresses",),
    # As above: an event, and a calendar, that fail.
    *("tests/core/test_reminders_desk.py: reminders._events",),
    *("tests/core/test_reminders_desk.py: reminders._counters",),
    *("tests/core/test_pruning.py: pruning._registered",),
    *("tests/submissions/test_filing_pages.py: standing._sources",),
    *("tests/submissions/test_steps.py: DECLARATIONS.steps",),
    # How many rows a page has.
    *("tests/test_officers_lists.py: page.list_per_page",),
    *("tests/test_officers_words.py: admin.site.get_model_admin(model).list_per_page",),
    # One question nobody can answer, in place of those that are judged.
    *("tests/pool_portal/test_search_quality.py: judging.queries",),
    # The clock of the database.
    *("tests/submissions/test_steps.py: core.workflow.database_now",),
    *("tests/submissions/test_formal_check.py: core.workflow.database_now",),
    *("tests/evaluation/figures/test_told.py: module.database_now",),
    # Counted, then the real thing: how much work a refusal costs.
    *("tests/accounts/test_no_enumeration.py: MD5PasswordHasher.encode",),
    # Likewise: how often the rules run, and whether a lock is held while a file is looked into.
    *("tests/submissions/test_rule_sets.py: rulesets.remarks",),
    *("tests/submissions/test_notice_files.py: place.name",),
    *("tests/evaluation/planning/test_wishes.py: facts.read",),
    # In between, then the real thing: a report is sealed while a file is looked at.
    *("tests/evaluation/verifications/test_sealed_files.py: scanning.look_on_arrival",),
    # Must not be reached at all.
    *("tests/submissions/test_notice_files.py: uploads.inspect",),
    # A fault of our own in the middle of a piece of work, and a line that breaks at the commit.
    *("tests/submissions/test_trying.py: trying.of_version",),
    *("tests/submissions/test_trial_pages.py: trying.of_version",),
    *("tests/submissions/test_storage_trouble.py: scanning.note_arrival",),
    *("tests/submissions/test_storage_trouble.py: transaction.atomic",),
    # The edge of the machine: a disk without room, a program that must not be started again.
    *("tests/submissions/test_resuming.py: FileSystemStorage._save",),
    *("tests/submissions/test_serving.py: previews.run",),
    *("tests/evaluation/desk/test_anchors.py: counting.run",),
    *("tests/submissions/test_preview_limits.py: previews.run",),
    *("tests/submissions/test_preview_limits.py: FileSystemStorage._save",),
    *("tests/submissions/test_upload_limits.py: FileSystemStorage.delete",),
    *(
        f"tests/submissions/test_storage_trouble.py: FileSystemStorage.{name}"
        for name in ("_save", "call", "delete", "listdir")
    ),
    *(
        f"tests/submissions/test_copied_files.py: FileSystemStorage.{name}"
        for name in ("_save", "_open", "delete", "method")
    ),
    # Must not be reached again, or takes its time: who waits for a sheet is what is asked.
    *("tests/catalog/test_sheet.py: sheet.pdf_of",),
    # Files: a disk without room at the last of them, and how much is held in memory, counted.
    *("tests/catalog/harvest/test_files.py: files.write_parquet",),
    *("tests/catalog/harvest/test_files.py: files._by_key",),
    # A fault of our own: what a machine is told of it.
    *("tests/catalog/api/test_frame.py: catalog.api.views.reading.version_now",),
    # In between, then the real thing: another member is quicker; a commit while one looks.
    *("tests/catalog/enquiries/test_holder_pages.py: ENQUIRIES.perform",),
    *("tests/catalog/test_kept.py: kept.version_now",),
    # A day that a test can name, of a listing that is made today.
    *("tests/catalog/comparing/test_compare.py: publishing.years_after",),
    # A page the test made for itself.
    *("tests/core/test_admin_refusals.py: Refusing.refusal",),
}
# A worker that stops at a point and then goes on with the real thing: a breakpoint, no mock.
BREAKPOINTS = {"draining_worker.py"}
MACHINE = {"os", "Path", "importlib"}


def replaced(path: Path) -> Iterator[str]:
    """Name what a module replaces by ``monkeypatch``, but for the edge of the machine."""
    for call in calls(tree(path)):
        what = getattr(call.func, "attr", "")
        if what not in {"setattr", "delattr", "setitem", "delitem"}:
            continue
        target = ast.unparse(call.args[0]).strip("'")
        if what in {"setattr", "delattr"} and len(call.args) == 3:
            target += "." + ast.unparse(call.args[1]).strip("'")
        if target.partition(".")[0] not in MACHINE and not target.rpartition(".")[2].isupper():
            yield f"{path.relative_to(ROOT)}: {target}"


def test_nothing_of_ours_is_replaced_but_what_is_named_here_with_its_reason():
    assert {one for path in TESTS for one in replaced(path)} == REPLACED


def test_nothing_is_mocked():
    mocking = {
        path.name
        for path in TESTS
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Import | ast.ImportFrom)
        if "mock" in ast.unparse(node)
    }

    assert mocking == BREAKPOINTS
