"""Writes a paper as a Word document, to be worked on or stamped."""

from io import BytesIO
from typing import Any

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from submissions.printing.paper import Block, Grid, Line, Paper, Part

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# Fonts are the reader's: each script has one that every office program knows.
LATIN, HAN, ARABIC = "Calibri", "SimSun", "Arial"


def docx_of(paper: Paper) -> bytes:
    """Return the document."""
    document = docx.Document()
    _style(document, paper)
    if paper.banner:
        document.sections[0].header.paragraphs[0].text = paper.banner
    document.sections[0].footer.paragraphs[0].text = paper.footer
    _paragraph(document, paper.kicker, paper)
    document.add_heading(_clean(paper.title), 0)
    _lines(document, paper.facts)
    for part in paper.parts:
        _part(document, part)
    document.add_heading(paper.seal_heading, 1)
    for words in paper.seal_lines:
        _paragraph(document, f"{words} ______________________", paper)
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def _part(document: Any, part: Part) -> None:
    document.add_heading(_clean(part.heading), 1)
    _lines(document, part.lines)
    for grid in part.grids:
        _grid(document, grid)
    for block in part.blocks:
        _block(document, block)
    _lines(document, part.files)


def _lines(document: Any, lines: list[Line]) -> None:
    if not lines:
        return
    table = document.add_table(rows=0, cols=2)
    for line in lines:
        cells = table.add_row().cells
        cells[0].text, cells[1].text = _clean(line.label), _clean(line.value)
        cells[0].width, cells[1].width = Mm(50), Mm(120)


def _grid(document: Any, grid: Grid) -> None:
    document.add_heading(_clean(grid.heading), 2)
    table = document.add_table(rows=1, cols=len(grid.columns), style="Table Grid")
    for cell, name in zip(table.rows[0].cells, grid.columns, strict=True):
        cell.text = _clean(name)
    for row in grid.rows:
        for cell, value in zip(table.add_row().cells, row, strict=True):
            cell.text = _clean(value)


def _block(document: Any, block: Block) -> None:
    document.add_heading(_clean(block.heading), 2)
    _lines(document, block.lines)


def _paragraph(document: Any, text: str, paper: Paper) -> None:
    paragraph = document.add_paragraph(_clean(text))
    if paper.rtl:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _style(document: Any, paper: Paper) -> None:
    style = document.styles["Normal"]
    style.font.name, style.font.size = LATIN, Pt(10)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    fonts.set(qn("w:eastAsia"), HAN)
    fonts.set(qn("w:cs"), ARABIC)
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    if paper.rtl:
        section._sectPr.append(OxmlElement("w:bidi"))
    document.core_properties.title = _clean(paper.title)[:250]
    document.core_properties.author = ""
    document.core_properties.language = paper.language


def _clean(text: str) -> str:
    """Leave out what XML cannot hold; a scheme's rules let none in, older versions might."""
    kept = (one for one in text if one in "\t\n" or ord(one) >= 32)
    return "".join(
        one for one in kept if one not in "\ufffe\uffff" and not "\ud800" <= one <= "\udfff"
    )
