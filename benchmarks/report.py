"""How measurements are shown and kept."""

import datetime as dt
import json
from collections.abc import Mapping
from pathlib import Path

Rows = list[dict[str, str | int | float]]


def markdown(rows: Rows) -> str:
    """Lay rows out as a table; numbers stand on the right."""
    columns = list(dict.fromkeys(key for row in rows for key in row))
    numeric = [all(isinstance(row.get(key, 0), int | float) for row in rows) for key in columns]
    rule = ["---:" if right else "---" for right in numeric]
    body = [[_cell(row.get(key, "")) for key in columns] for row in rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in (columns, rule, *body))


def _cell(value: str | int | float) -> str:
    text = f"{value:,.4g}" if isinstance(value, float) else str(value)
    return text.replace("|", "\\|")


def write_json(
    folder: Path, name: str, rows: Rows, machine: Mapping[str, str | int | float], *, full: bool
) -> Path:
    """Keep a measurement together with the machine it was taken on."""
    folder.mkdir(parents=True, exist_ok=True)
    taken_at = dt.datetime.now(dt.UTC)
    content = {
        "benchmark": name,
        "full": full,
        "taken_at": taken_at.isoformat(timespec="seconds"),
        "machine": machine,
        "rows": rows,
    }
    path = folder / f"{name}-{taken_at:%Y%m%dT%H%M%S}.json"
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n")
    return path
