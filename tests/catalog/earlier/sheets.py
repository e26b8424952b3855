"""Sheets of earlier lists, as officers upload them."""

import io
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

HEADING = (
    *("Number*", "Title (English)", "技术名称（中文）", "Holder (English)", "Holder (Chinese)"),
    *("Country or region*", "Sub-category*", "Website", "Summary (English)", "Maturity"),
    *("Evidence", "Reference cases", "Indicators", "Source", "Address of the source"),
    "Year of the source",
)
FULL = (
    *(7, "Stack filter", "烟囱过滤器", "Filter Works", "过滤厂"),
    *("Norway", "AIR-01", "https://filter.example", "Catches dust.", "commercial"),
    *(
        "Public authority",
        "Oslo works | NO | 2018 | 40 MW\nBergen",
        "dust | ≤ 5 | mg/m3 | dry gas\nnoise | low",
    ),
    *("Report 7", "https://example.org/7", 2018),
)
LEAST = ("8", "", "土壤清洗", "", "土壤公司", "CN", "SOI-01")


def xlsx(*rows: Any, heading: Any = HEADING) -> SimpleUploadedFile:
    book, content = Workbook(), io.BytesIO()
    for row in (heading, *rows):
        book.active.append(row)
    book.save(content)
    return SimpleUploadedFile("list.xlsx", content.getvalue())


def csv(*rows: Any, heading: Any = HEADING) -> SimpleUploadedFile:
    lines = (",".join(f'"{one}"' for one in row) for row in (heading, *rows))
    return SimpleUploadedFile("list.csv", "\r\n".join(lines).encode())
