"""A score sheet as a spreadsheet: taken, filled in and sent as a person would."""

import io
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook, load_workbook

from evaluation.models import ScoreSheet
from tests.builders.desk import address

SCORE, WITHOUT, COMMENT, EVIDENCE = 5, 6, 7, 8  # columns


def taken(client: Client, sheet: ScoreSheet) -> Workbook:
    answer = client.get(address("scoring-workbook", sheet))
    number = sheet.assignment.case.declaration.number
    assert answer["Content-Disposition"] == f'attachment; filename="scores-{number}.xlsx"'
    return load_workbook(io.BytesIO(answer.content))


def row_of(book: Workbook, code: str) -> Any:
    page = book.worksheets[0]
    return next(row for row in page.iter_rows() if row[0].value == code)


def put(book: Workbook, code: str, column: int, value: Any) -> None:
    row_of(book, code)[column - 1].value = value


def send(client: Client, sheet: ScoreSheet, book: Workbook, name: str = "scores.xlsx") -> Any:
    kept = io.BytesIO()
    book.save(kept)
    return client.post(
        address("scoring-file", sheet), {"file": SimpleUploadedFile(name, kept.getvalue())}
    )


def carried(page: Any) -> dict[str, list[str]]:
    """Return what the page that compares sends on, by name."""
    sent: dict[str, list[str]] = {}
    for name, value in page.context["carried"]:
        sent.setdefault(name, []).append(value)
    return sent
