import json
from pathlib import Path

from benchmarks import machine, report


def test_rows_become_a_table() -> None:
    rows: report.Rows = [
        {"what": "a|b", "rows": 1200, "seconds": 0.123456},
        {"what": "c", "rows": 7, "seconds": 1234.5},
    ]

    assert report.markdown(rows).splitlines() == [
        "| what | rows | seconds |",
        "| --- | ---: | ---: |",
        "| a\\|b | 1200 | 0.1235 |",
        "| c | 7 | 1,234 |",
    ]


def test_measurement_is_kept_with_its_machine(tmp_path: Path) -> None:
    path = report.write_json(
        tmp_path / "bench", "start", [{"seconds": 1.5}], machine.facts(), full=True
    )

    kept = json.loads(path.read_text())
    assert kept["benchmark"] == "start"
    assert kept["full"] is True
    assert kept["rows"] == [{"seconds": 1.5}]
    assert kept["machine"]["cores"] > 0
    assert kept["machine"]["memory_gib"] > 0
