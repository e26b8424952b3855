"""The statistics ask for numpy only, so that the pages can read what the worker computed."""

import subprocess
import sys

import pytest
from django.conf import settings

PURE = [
    "agreement",
    "bracketing",
    "calibration",
    "chance",
    "crossed",
    "extra_opinions",
    "habits",
    "rounds",
    "stability",
    "student",
    "variance",
    "what_if",
    "whole",
]
IMPORT = "import sys; sys.modules.update({names}); import evaluation.statistics.{module}"


def imported(module, *without):
    blocked = "{" + ", ".join(f"{name!r}: None" for name in without) + "}"
    code = IMPORT.format(names=blocked, module=module)
    command = [sys.executable, "-c", code]
    return subprocess.run(
        command, cwd=settings.BASE_DIR, capture_output=True, text=True, check=False
    )


def test_all_but_one_import_without_scipy_and_django():
    every = ", evaluation.statistics.".join(PURE)

    found = imported(every, "scipy", "django", "ortools")

    assert found.returncode == 0, found.stderr


@pytest.mark.parametrize(("without", "works"), [("django", True), ("scipy", False)])
def test_only_the_textbook_correlations_ask_for_scipy(without, works):
    assert (imported("icc", without).returncode == 0) == works
