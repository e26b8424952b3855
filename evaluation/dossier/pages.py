"""Turns one file of evidence into plain pages: a program of its own.

    python -I pages.py SECONDS KIND < FILE

Writes how many pages there are, a line's end, and a PDF. What the file can *do* is left out:
scripts, links, forms, files inside it; what such things look like is drawn into the page first.
"""

import io
import sys
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image, ImageOps
from pypdf import PdfReader, PdfWriter

sys.path.append(str(Path(__file__).resolve().parents[2]))  # left out by -I

from submissions.files.contents.limits import limit

MEMORY = 768 * 1024 * 1024
MOST_PAGES = 500
ACTIVE = ("/Annots", "/AA", "/Metadata", "/PieceInfo", "/Thumb")
SHEET = (7.3, 10.7)  # inches of an A4 page within its margins
MOST_POINTS = 3000  # pixels on a side
QUALITY = 85


def of_pdf(content: bytes) -> tuple[int, bytes]:
    source = pypdfium2.PdfDocument(content)
    count = len(source)
    if not 1 <= count <= MOST_PAGES:
        raise ValueError(count)
    for number in range(count):
        page = source[number]
        pdfium.FPDFPage_Flatten(page.raw, pdfium.FLAT_PRINT)
        page.close()
    drawn, flat = pypdfium2.PdfDocument.new(), io.BytesIO()
    drawn.import_pages(source)
    drawn.save(flat)
    return count, _inert(flat)


def _inert(flat: io.BytesIO) -> bytes:
    """Leave the pages alone: nothing of the document around them, nothing active on them."""
    writer = PdfWriter()
    for page in PdfReader(flat).pages:
        for key in ACTIVE:
            page.pop(key, None)
        writer.add_page(page)
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def of_image(content: bytes) -> tuple[int, bytes]:
    with Image.open(io.BytesIO(content), formats=["PNG", "JPEG"]) as picture:
        picture.draft("RGB", (MOST_POINTS, MOST_POINTS))
        upright = ImageOps.exif_transpose(picture)
        upright.thumbnail((MOST_POINTS, MOST_POINTS))
        solid = upright.convert("RGBA")
    bare = Image.new("RGB", solid.size, "white")
    bare.paste(solid, mask=solid.getchannel("A"))
    density = max(bare.width / SHEET[0], bare.height / SHEET[1], 72.0)
    stream = io.BytesIO()
    bare.save(stream, "PDF", resolution=density, quality=QUALITY)
    return 1, stream.getvalue()


def main(processor: str, kind: str) -> None:
    limit(int(processor), MEMORY)
    make = of_pdf if kind == "pdf" else of_image
    count, made = make(sys.stdin.buffer.read())
    sys.stdout.buffer.write(f"{count}\n".encode() + made)


if __name__ == "__main__":
    main(*sys.argv[1:])
