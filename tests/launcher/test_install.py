import importlib.util
import os
import shutil
from pathlib import Path

import pytest

from launcher.install import COMPUTE_FILES, RUN_FILES, TEST_FILES, Installation, add, install
from launcher.refusal import Refusal


@pytest.fixture
def repo(folder: Path) -> Path:
    path = folder / "repo"
    path.mkdir()
    for name in TEST_FILES:
        (path / name).write_text("# nothing is needed\n")
    return path


def folder_with_a_shim_of_uv(repo: Path) -> Path:
    """Make what a version manager leaves on the PATH for a tool that is not installed."""
    shim = repo.parent / "shims" / "uv"
    shim.parent.mkdir()
    shim.write_text("#!/bin/sh\necho 'uv: not installed' >&2\nexit 127\n")
    shim.chmod(0o755)
    return shim.parent


def test_installation_is_done_once_and_again_when_the_files_change(
    repo: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", f"{folder_with_a_shim_of_uv(repo)}:{os.environ['PATH']}")
    install(repo, TEST_FILES)

    assert Installation(repo, TEST_FILES).is_current()
    assert Installation(repo, COMPUTE_FILES).is_current()
    assert Installation(repo, RUN_FILES).is_current()

    capsys.readouterr()
    install(repo, RUN_FILES)
    assert capsys.readouterr().out == ""

    # A package without a hash is never installed.
    (repo / "requirements.txt").write_text("django==5.2\n")
    assert not Installation(repo, TEST_FILES).is_current()
    with pytest.raises(Refusal, match="pip could not install the requirements"):
        install(repo, RUN_FILES)
    assert not Installation(repo, RUN_FILES).is_current()


def test_what_is_installed_for_running_only_is_not_taken_for_more(
    repo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", f"{folder_with_a_shim_of_uv(repo)}:{os.environ['PATH']}")
    install(repo, RUN_FILES)
    before = [Installation(repo, files).is_current() for files in (COMPUTE_FILES, TEST_FILES)]

    install(repo, COMPUTE_FILES)

    assert before == [False, False]
    assert [
        Installation(repo, files).is_current() for files in (RUN_FILES, COMPUTE_FILES, TEST_FILES)
    ] == [True, True, False]


def test_what_cannot_be_added_leaves_what_is_there(
    repo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", f"{folder_with_a_shim_of_uv(repo)}:{os.environ['PATH']}")
    install(repo, RUN_FILES)
    kept = repo / ".venv" / "kept"
    kept.touch()
    (repo / "requirements-compute.txt").write_text("ortools==9.15\n")
    for pip in (repo / ".venv" / "lib").glob("python*/site-packages/pip"):
        shutil.rmtree(pip)  # as uv makes it

    with pytest.raises(Refusal, match=r"there is no pip in \.venv"):
        add(repo, COMPUTE_FILES)

    assert kept.exists()
    assert Installation(repo, RUN_FILES).is_current()
    assert not Installation(repo, COMPUTE_FILES).is_current()


def test_missing_venv_module_is_refused(repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = importlib.util.find_spec
    monkeypatch.setattr(
        "importlib.util.find_spec", lambda name: None if name == "ensurepip" else real(name)
    )
    monkeypatch.setenv("PATH", "/nonexistent")  # no uv either

    with pytest.raises(Refusal, match="apt install python3-venv"):
        install(repo, RUN_FILES)

    assert not (repo / ".venv").exists()


def test_unwritable_repository_is_refused(repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)  # root may write everywhere

    with pytest.raises(Refusal, match=f"^{repo} cannot be written, and the requirements go into"):
        install(repo, RUN_FILES)
