"""Run benchmarks: a Markdown table on the terminal, JSON with the machine in the state folder."""

import argparse
import importlib
import os
import pkgutil
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import django

from benchmarks import machine, report
from benchmarks.report import Rows

FRAME = {
    *("__main__", "activity_data", "activity_pages", "bare", "catalogue_data"),
    *("catalogue_servers", "machine", "report"),
}


def names() -> list[str]:
    found = {module.name for module in pkgutil.iter_modules([str(Path(__file__).parent)])}
    return sorted(found - FRAME)


def main() -> None:
    options = _parser().parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pool_portal.settings")
    django.setup()  # benchmarks import models
    folder = Path(os.environ["PORTAL_STATE_DIR"]) / "bench"
    for name in [options.name] if options.name else names():
        module = importlib.import_module(f"benchmarks.{name}")
        run: Callable[[bool], Rows] = module.run
        rows = run(options.full)
        print(f"\n## {_title(module)}\n\n{report.markdown(rows)}\n", flush=True)
        written = report.write_json(folder, name, rows, machine.facts(), full=options.full)
        print(f"({written})", flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="run.py bench")
    parser.add_argument("name", nargs="?", choices=names(), help="one of them; all when left out")
    parser.add_argument("--full", action="store_true", help="the sizes the documents speak of")
    return parser


def _title(module: ModuleType) -> str:
    return (module.__doc__ or module.__name__).strip().partition("\n")[0]


if __name__ == "__main__":
    main()
