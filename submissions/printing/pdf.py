"""Prints a paper as PDF: tagged, with fonts of the project's own."""

import json
from pathlib import Path

import typst

from submissions.printing.paper import Paper

HERE = Path(__file__).parent
TEMPLATE = HERE / "declaration.typ"
FONTS = HERE / "fonts"


def pdf_of(paper: Paper) -> bytes:
    """Return the PDF; the same paper gives the same pages on any machine."""
    made: bytes = typst.compile(
        TEMPLATE,
        root=HERE,
        font_paths=[FONTS],
        format="pdf",
        sys_inputs={"paper": json.dumps(paper.data(), ensure_ascii=False)},
    )
    return made
