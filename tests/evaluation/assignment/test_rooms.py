"""Pages explain plans without the solver: it belongs to the worker."""

import subprocess
import sys

PAGES = "affinity", "alone", "compare", "explain", "joint", "plan", "problem", "seats"


def test_what_pages_import_brings_no_solver():
    modules = "; ".join(f"import evaluation.assignment.{name}" for name in PAGES)
    asked = (
        "{name.split('.')[0] for name in sys.modules} & {'ortools', 'pandas', 'scipy', 'django'}"
    )

    printed = subprocess.run(
        [sys.executable, "-c", f"import sys; {modules}; print({asked})"],
        capture_output=True,
        check=True,
        text=True,
    ).stdout

    assert printed.strip() == "set()"
