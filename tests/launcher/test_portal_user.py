"""Whose rights the portal has when root starts it, and which folders are then its own."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from launcher import portal_user
from launcher.front import user_for
from launcher.layout import is_root
from launcher.portal_user import PORTAL_USER, WRITTEN, Code, hand_over, why_root
from launcher.processes import NOBODY, spawn, spawn_in_front
from launcher.services import Services
from tests.launcher.scenes import as_root_only

SAYS = "import os; print(os.getuid(), os.getgid(), os.getgroups(), os.environ['HOME'])"


@pytest.fixture
def code(folder: Path) -> Code:
    """A repository, an environment and a library that everyone may read."""
    code = Code(folder / "repo", folder / "repo" / ".venv", folder / "lib" / "python3")
    for path in (
        *(code.repo / "manage.py", code.repo / "pyproject.toml", code.repo / "core" / "mail.py"),
        *(code.python, code.venv / "lib" / "package" / "module.py", code.library / "os.py"),
    ):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    code.python.chmod(0o755)
    # What the portal does not read may be as private as it likes.
    for private in (code.repo / ".env", code.repo / "notes.txt", code.repo / "tests" / "x.py"):
        private.parent.mkdir(exist_ok=True)
        private.touch(mode=0o600)
    return code


def test_the_portal_can_have_a_user_of_its_own_where_all_may_read_it(code: Code) -> None:
    assert why_root({}, code) == ""


@pytest.mark.parametrize(
    ("hidden", "mode"),
    [
        ("repo", 0o700),
        ("repo", 0o711),
        ("lib", 0o700),
        ("repo/.venv", 0o700),
        ("repo/.venv/bin/python", 0o700),
        ("repo/.venv/lib/package", 0o711),
        ("repo/.venv/lib/package/module.py", 0o600),
        ("repo/manage.py", 0o600),
        ("repo/core", 0o700),
        ("repo/core/mail.py", 0o640),
    ],
)
def test_one_sentence_says_what_others_may_not_read(code: Code, hidden: str, mode: int) -> None:
    path = code.repo.parent / hidden
    path.chmod(mode)

    said = why_root({}, code)

    path.chmod(0o755)
    assert said == (
        f"other users may not read {path}; put the repository where they may, with a Python "
        "that they may run, or start it as a normal user"
    )


@pytest.mark.parametrize(
    ("outer", "said"),
    [
        ({"PORT": "80"}, "only root may listen on port 80; set PORT to a number above 1023"),
        ({"PORT": "1024"}, ""),
        (
            {"PORTAL_LAKE_DIR": "/nowhere/lake"},
            "PORTAL_LAKE_DIR is not theirs; give it away with: chown -R 65533 /nowhere/lake",
        ),
    ],
)
def test_one_sentence_says_what_only_root_may(code: Code, outer: dict[str, str], said: str) -> None:
    assert why_root(outer, code) == said


@as_root_only
def test_a_lake_elsewhere_that_was_given_to_the_portal_is_no_reason(
    code: Code, folder: Path
) -> None:
    os.chown(folder / "lib", PORTAL_USER, PORTAL_USER)

    assert why_root({"PORTAL_LAKE_DIR": str(folder / "lib")}, code) == ""


@pytest.mark.skipif(is_root(), reason="a normal user's portal is the user's")
def test_a_normal_user_changes_nothing(folder: Path) -> None:
    assert portal_user.portal_user({}) is None


@as_root_only
def test_the_portal_gets_its_folders_with_what_root_left_there(state: Path) -> None:
    (state / "lake" / "_delta_log").mkdir()
    (state / "lake" / "_delta_log" / "0.json").touch(mode=0o600)
    (state / "uploads" / "link").symlink_to(state / "keys")
    secret = state / "keys" / "secret_key"
    secret.touch(mode=0o600)
    (state / "uploads" / "name").hardlink_to(secret)

    hand_over(state, PORTAL_USER)

    given = {path for path in state.rglob("*") if path.lstat().st_uid == PORTAL_USER}
    assert given == {
        *(state / name for name in WRITTEN),
        *(state / "lake" / "_delta_log", state / "lake" / "_delta_log" / "0.json"),
        state / "uploads" / "link",
    }
    assert stat.S_IMODE((state / "uploads").stat().st_mode) == 0o700


@as_root_only
def test_a_folder_that_is_the_portal_s_is_not_gone_through_again(state: Path) -> None:
    hand_over(state, PORTAL_USER)
    (state / "uploads" / "later").touch()

    hand_over(state, PORTAL_USER)

    assert (state / "uploads" / "later").stat().st_uid == 0


@as_root_only
def test_what_root_wrote_in_between_is_the_portal_s_again_afterwards(state: Path) -> None:
    hand_over(state, PORTAL_USER)
    hand_over(state, None)
    (state / "uploads" / "in between").touch(mode=0o600)
    assert (state / "uploads").stat().st_uid == 0

    hand_over(state, PORTAL_USER)

    assert (state / "uploads" / "in between").stat().st_uid == PORTAL_USER


@as_root_only
def test_a_program_of_the_portal_has_neither_root_s_rights_nor_those_of_the_servers() -> None:
    program = ["/usr/bin/env", "sh", "-c", 'echo "$(id -u) $(id -g) $(id -G) $HOME"']
    child = spawn(program, environment=os.environ, output=subprocess.PIPE, user=PORTAL_USER)
    with child:
        said, _ = child.communicate()

    assert said.decode().split() == ["65533", "65533", "65533", "/"]
    assert PORTAL_USER != NOBODY


def test_a_program_without_a_user_is_ours(capfd: pytest.CaptureFixture[str]) -> None:
    with spawn_in_front([sys.executable, "-c", SAYS], {**os.environ, "HOME": "/home/x"}) as child:
        assert child.wait() == 0

    assert capfd.readouterr().out.split()[0] == str(os.geteuid())


@pytest.mark.parametrize(
    ("command", "user"),
    [
        (["load_demo"], PORTAL_USER),
        (["shell"], PORTAL_USER),
        (["lake_verify"], PORTAL_USER),
        (["migrate", "core"], None),
        (["makemigrations"], None),
        (["print_manual"], None),
        ([], PORTAL_USER),
    ],
)
def test_commands_leave_files_that_the_portal_can_read(
    command: list[str], user: int | None, tmp_path: Path
) -> None:
    services = Services(tmp_path, "", "", "", True, True, {}, user=PORTAL_USER)

    assert user_for(command, services) == user
