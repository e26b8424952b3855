"""``run.py test``: everything a change must pass, each step timed, all of them run."""

import time
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

from launcher.console import say, step
from launcher.front import in_front
from launcher.interrupts import Interrupts
from launcher.layout import REPO, VENV
from launcher.prepare import manage
from launcher.services import Services, running
from launcher.translations import compile_all

# Tests run on servers of their own, whatever database the person has at hand.
NEVER_TAKEN_OVER = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "SECRET_KEY")
INTERRUPTED = 130
SHOWN = ("-rfEs",)  # in the summary: what failed, and what was skipped and why


def test(
    arguments: list[str], state: Path, outer: Mapping[str, str], interrupts: Interrupts
) -> int:
    inner = {key: value for key, value in outer.items() if key not in NEVER_TAKEN_OVER}
    with running(state, inner) as services:
        with step("compiling translations"):
            compile_all(REPO)
        results = list(_run_all(services, arguments, interrupts))
    for name, code, seconds in results:
        say(f"{'passed' if code == 0 else f'FAILED ({code})':<12} {seconds:7.1f} s  {name}")
    if interrupts.asked is not None:
        return INTERRUPTED
    return next((code for _, code, _ in results if code), 0)


def _run_all(
    services: Services, arguments: list[str], interrupts: Interrupts
) -> Iterator[tuple[str, int, float]]:
    """Run every check, also after one failed: one run shows all there is to mend."""
    for name, program in checks(REPO, arguments):
        if interrupts.asked is not None:
            return
        say(f"--- {name}")
        began = time.monotonic()
        code = in_front(program, services.for_owner(), interrupts)
        yield name, code, time.monotonic() - began


def checks(repo: Path, arguments: list[str]) -> Iterator[tuple[str, list[str]]]:
    yield "format", [_tool("ruff"), "format", "--check", "."]
    yield "lint", [_tool("ruff"), "check", "."]
    if "djlint" in _tools_configured(repo):
        yield "templates", [_tool("djlint"), "templates", "--lint", "--allow-empty-input"]
    yield "types", [_tool("mypy")]
    yield "import direction", [_tool("lint-imports")]
    yield "migrations", manage("makemigrations", "--check", "--dry-run")
    yield "tests", [_tool("pytest"), "-n", "2", *SHOWN, *arguments]


def _tools_configured(repo: Path) -> set[str]:
    return set(tomllib.loads((repo / "pyproject.toml").read_text()).get("tool", {}))


def _tool(name: str) -> str:
    return str(VENV / "bin" / name)
