"""Draws one page of a file as a picture: a program of its own.

    python -I drawer.py SECONDS KIND PAGE < FILE

Writes how many pages there are, a line's end, and a PNG, or a JPEG where a PNG would be large;
of the page 0 no picture.
Nothing of the file itself comes through but its look: no script, no link, no camera's notes.
``reader.py`` says why it is a program.
"""

import io
import sys
from pathlib import Path

import pypdfium2
from PIL import Image, ImageOps

sys.path.append(str(Path(__file__).resolve().parents[2]))  # left out by -I

from submissions.files.contents.limits import limit

MEMORY = 768 * 1024 * 1024
WIDTH = 1400  # pixels
MOST = 6_000_000  # pixels of what is drawn: a page may be as long as a street
LARGE = 300 * 1024  # bytes; a PNG beyond is a photograph or noise
MOST_BYTES = 1024 * 1024  # of a picture, whatever is on the page
QUALITIES = (85, 60, 35, 10)
SHARP = 4.0  # times; a stamp is not blown up to a page


def count_pdf(content: bytes) -> int:
    return len(pypdfium2.PdfDocument(content))


def draw_pdf(content: bytes, page: int) -> tuple[int, Image.Image]:
    document = pypdfium2.PdfDocument(content)
    width, height = document[page - 1].get_size()
    scale = min(WIDTH / width, (MOST / (width * height)) ** 0.5, SHARP)
    return len(document), document[page - 1].render(scale=scale).to_pil()


def draw_image(content: bytes, page: int) -> tuple[int, Image.Image]:
    if page != 1:
        raise IndexError(page)
    with Image.open(io.BytesIO(content), formats=["PNG", "JPEG"]) as picture:
        picture.draft("RGB", (WIDTH, WIDTH))
        upright = ImageOps.exif_transpose(picture)
        upright.thumbnail((WIDTH, 4 * WIDTH))
        return 1, upright


def drawn(picture: Image.Image) -> bytes:
    """Write the points of a picture and nothing else it came with, in few bytes."""
    bare = Image.new("RGB", picture.size, "white")
    solid = picture.convert("RGBA")
    bare.paste(solid, mask=solid.getchannel("A"))
    sharp = written(bare, "PNG")
    if len(sharp) <= LARGE:
        return sharp
    for quality in QUALITIES:
        smaller = written(bare, "JPEG", quality=quality)
        if len(smaller) <= MOST_BYTES:
            break
    return min(sharp, smaller, key=len)


def written(picture: Image.Image, kind: str, **more: int) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, kind, **more)
    return stream.getvalue()


def main(processor: str, kind: str, page: str) -> None:
    limit(int(processor), MEMORY)
    content, number = sys.stdin.buffer.read(), int(page)
    if number == 0:
        count = count_pdf(content) if kind == "pdf" else 1
        sys.stdout.write(f"{count}\n")
        return
    draw = draw_pdf if kind == "pdf" else draw_image
    count, picture = draw(content, number)
    sys.stdout.buffer.write(f"{count}\n".encode() + drawn(picture))


if __name__ == "__main__":
    main(*sys.argv[1:])
