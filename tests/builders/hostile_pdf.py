"""PDF files nobody should be handed: made with the library, and where it will not, by hand."""

import io
import zlib
from typing import Any

from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    PdfObject,
    TextStringObject,
)


def entry(**values: Any) -> DictionaryObject:
    """Return a dictionary of PDF: texts that begin with a stroke are names."""
    return DictionaryObject({NameObject(f"/{key}"): _value(one) for key, one in values.items()})


def _value(value: Any) -> PdfObject:
    if isinstance(value, PdfObject):
        return value
    if isinstance(value, int):
        return NumberObject(value)
    if isinstance(value, list):
        return ArrayObject(map(_value, value))
    return NameObject(value) if value.startswith("/") else TextStringObject(value)


def pdf_with(
    *loose: DictionaryObject,
    root: dict[str, Any] | None = None,
    page: dict[str, Any] | None = None,
) -> bytes:
    """Return a PDF of one page with more in its catalogue, its page, or lying about in it."""
    writer = PdfWriter()
    blank = writer.add_blank_page(width=10, height=10)
    for one in loose:
        writer._add_object(one)
    for holder, more in ((writer._root_object, root), (blank, page)):
        for key, value in (more or {}).items():
            holder[NameObject(f"/{key}")] = writer._add_object(_value(value))
    return written(writer)


def written(writer: PdfWriter) -> bytes:
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def script() -> DictionaryObject:
    return entry(S="/JavaScript", JS="app.alert(1)")


def locked_pdf(user: str = "secret") -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(width=10, height=10)
    writer.encrypt(user, "owner", algorithm="RC4-128")
    return written(writer)


def pdf_with_attached_file() -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(width=10, height=10)
    writer.add_attachment("setup.exe", b"MZ")
    return written(writer)


def deep_pdf(levels: int) -> bytes:
    """Return a PDF with lists in lists; the writer would itself go too deep, so by exchange."""
    inside = "x" * (2 * levels - 2)
    plain = pdf_with(root={"Deep": inside})
    return plain.replace(f"({inside})".encode(), b"[" * levels + b"]" * levels)


def busy_pdf(objects: int) -> bytes:
    """Return a PDF that is small enough and takes long to go through."""
    bodies = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Count 1/Kids[3 0 R]>>"]
    bodies += [b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>", *[b"<</A[1]>>"] * objects]
    file, offsets = io.BytesIO(), []
    file.write(b"%PDF-1.4\n")
    for number, body in enumerate(bodies, start=1):
        offsets.append(file.tell())
        file.write(b"%d 0 obj%s endobj\n" % (number, body))
    table = file.tell()
    file.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1))
    file.writelines(b"%010d 00000 n \n" % offset for offset in offsets)
    file.write(b"trailer<</Size %d/Root 1 0 R>>\n" % (len(bodies) + 1))
    file.write(b"startxref\n%d\n%%%%EOF\n" % table)
    return file.getvalue()


def packed_pdf(*objects: bytes) -> bytes:
    """Return a PDF whose objects from number 10 on lie in a compressed stream of objects."""
    head = b" ".join(
        b"%d %d" % (10 + at, sum(len(one) + 1 for one in objects[:at]))
        for at in range(len(objects))
    )
    return pdf_of_streams({10: head + b"\n" + b"\n".join(objects)}, len(head) + 1, len(objects))


def swollen_pdf(size: int, streams: int) -> bytes:
    """Return a small PDF whose streams of objects unpack to ``size`` bytes each, little to read."""
    first = len("10 \n")
    insides = {
        number: b"%d %d\n" % (number, size - first) + b"x" * (size - 12) + b"<</A 1>>"
        for number in range(10, 10 + streams)
    }
    return pdf_of_streams(insides, first, 1)


def pdf_of_streams(insides: dict[int, bytes], first: int, objects: int) -> bytes:
    """Return a PDF with streams of objects by the number of the first object in each."""
    file = io.BytesIO()
    file.write(b"%PDF-1.7\n")
    places = [
        _object(file, 1, b"<</Type/Catalog/Pages 2 0 R>>"),
        _object(file, 2, b"<</Type/Pages/Count 1/Kids[3 0 R]>>"),
        _object(file, 3, b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"),
    ]
    facts = b"/Type/ObjStm/Filter/FlateDecode/N %d/First %d" % (objects, first)
    streams = {
        number: _object(file, 100 + number, _stream(facts, zlib.compress(inside, 9)))
        for number, inside in insides.items()
    }
    _list(file, places, streams, objects)
    return file.getvalue()


def _list(file: io.BytesIO, places: list[int], streams: dict[int, int], objects: int) -> None:
    """Write the list of objects, as a stream: type, place or stream, number within."""
    rows = [(1, place, 0) for place in places]
    sections = [1, len(places)]
    for number, place in streams.items():
        sections += [100 + number, 1, number, objects]
        rows += [(1, place, 0), *((2, 100 + number, at) for at in range(objects))]
    table = b"".join(
        kind.to_bytes(1, "big") + place.to_bytes(4, "big") + within.to_bytes(2, "big")
        for kind, place, within in rows
    )
    index = b" ".join(b"%d" % one for one in sections)
    facts = b"/Type/XRef/Root 1 0 R/Size 500/W[1 4 2]/Index[%b]" % index
    start = _object(file, 499, _stream(facts, table))
    file.write(b"startxref\n%d\n%%%%EOF\n" % start)


def _object(file: io.BytesIO, number: int, body: bytes) -> int:
    place = file.tell()
    file.write(b"%d 0 obj\n%b\nendobj\n" % (number, body))
    return place


def _stream(facts: bytes, body: bytes) -> bytes:
    return b"<<%b/Length %d>>\nstream\n%b\nendstream" % (facts, len(body), body)
