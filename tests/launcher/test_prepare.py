import gettext
import os
import re
from pathlib import Path

import pytest

from launcher.checks import checks
from launcher.layout import REPO
from launcher.prepare import fingerprint_of, granted_roles
from launcher.refusal import Refusal
from launcher.services import Services
from launcher.steps import finish
from launcher.translations import compile_all

CATALOGUE = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"

msgid "Technology"
msgstr "技术"
"""


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    for name in ("core/migrations/0001_initial.py", "static/css/site.css", "requirements.txt"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("one")
    return tmp_path


def test_translations_are_compiled_when_they_are_newer(tmp_path: Path) -> None:
    source = tmp_path / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    source.write_text(CATALOGUE)

    assert compile_all(tmp_path) == 1
    assert compile_all(tmp_path) == 0
    with source.with_suffix(".mo").open("rb") as compiled:
        assert gettext.GNUTranslations(compiled).gettext("Technology") == "技术"

    later = source.with_suffix(".mo").stat().st_mtime + 5
    os.utime(source, (later, later))
    assert compile_all(tmp_path) == 1


def test_broken_translation_is_named(tmp_path: Path) -> None:
    source = tmp_path / "locale" / "ar" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    source.write_text('msgid "one"\nnonsense\n')

    with pytest.raises(Refusal, match=f"the translation {source} cannot be compiled"):
        compile_all(tmp_path)

    assert not source.with_suffix(".mo").exists()


@pytest.mark.parametrize(
    "changed", ["core/migrations/0001_initial.py", "static/css/site.css", "requirements.txt"]
)
def test_fingerprint_follows_what_tables_and_static_files_are_made_from(
    changed: str, repo: Path
) -> None:
    before = fingerprint_of(repo)

    (repo / changed).write_text("two")

    assert fingerprint_of(repo) != before


@pytest.mark.parametrize("beside", [".venv/x.py", "tests/test_x.py", ".local/static/x.css"])
def test_fingerprint_passes_over_what_lies_beside(beside: str, repo: Path) -> None:
    before = fingerprint_of(repo)
    (repo / beside).parent.mkdir(parents=True)

    (repo / beside).write_text("two")

    assert fingerprint_of(repo) == before


@pytest.mark.parametrize(
    ("database", "owner", "granted"),
    [
        ("postgres://portal_app:x@h/portal", "postgres://portal:y@h/portal", ["portal_app"]),
        ("postgres://one%40org:x@h/portal", "postgres://portal:y@h/portal", ["one@org"]),
        ("postgres://portal:x@h/portal", "postgres://portal:x@h/portal", []),
    ],
)
def test_rights_are_granted_where_the_portal_is_not_the_owner(
    database: str, owner: str, granted: list[str], tmp_path: Path
) -> None:
    services = Services(tmp_path, database, owner, "", False, False, {})

    assert granted_roles(services) == granted


def test_checks_end_with_the_tests_and_their_arguments() -> None:
    steps = dict(checks(REPO, ["-k", "launcher"]))

    assert list(steps) == [
        *("format", "lint", "templates"),
        *("types", "import direction", "migrations", "tests"),
    ]
    assert steps["tests"][1:] == ["-n", "2", "-rfEs", "-k", "launcher"]


def test_summary_names_what_was_skipped_and_why(tmp_path: Path) -> None:
    reason = "no Chromium on this machine: apt install chromium"
    file = tmp_path / "test_browser.py"
    file.write_text(f"import pytest\n\ndef test_page():\n    pytest.skip({reason!r})\n")
    program = dict(checks(REPO, ["-n0", "-p", "no:django", "-c", os.devnull, str(file)]))["tests"]

    code, said = finish(program, os.environ)

    assert code == 0
    assert re.search(rf"SKIPPED \[1\] \S*test_browser\.py:4: {reason}", said)
