"""Pictures, archives and Office documents: honest ones, and such as nobody should be handed."""

import io
import struct
import zipfile
import zlib
from typing import Any

from PIL import Image, PngImagePlugin

TYPES = "[Content_Types].xml"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def picture(kind: str = "PNG", size: tuple[int, int] = (8, 8), **more: Any) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", size, (30, 120, 60)).save(stream, kind, **more)
    return stream.getvalue()


def png(size: tuple[int, int] = (8, 8), **more: Any) -> bytes:
    return picture("PNG", size, **more)


def jpeg(size: tuple[int, int] = (8, 8), **more: Any) -> bytes:
    return picture("JPEG", size, **more)


def moving_png() -> bytes:
    frames = [Image.new("RGB", (8, 8), (shade, 0, 0)) for shade in (0, 99, 200)]
    stream = io.BytesIO()
    frames[0].save(stream, "PNG", save_all=True, append_images=frames[1:], duration=100)
    return stream.getvalue()


def png_that_says(width: int, height: int) -> bytes:
    """Return a small file that claims to be so large."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 1000)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*one) for one in chunks)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png_with_swollen_text() -> bytes:
    """Return a picture with a text beside it that unpacks to much more."""
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", "x" * 80_000_000, zip=True)
    return png(pnginfo=info)


def archive(entries: dict[str, bytes | str], **more: Any) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, **more) as packed:
        for name, content in entries.items():
            packed.writestr(_info(name), content, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def _info(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo("x")
    info.filename = name  # as it is: the library would tidy it up
    info.external_attr = 0o600 << 16
    return info


def archive_of(*entries: tuple[zipfile.ZipInfo, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        for info, content in entries:
            packed.writestr(info, content, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def link(name: str, target: str) -> bytes:
    info = zipfile.ZipInfo(name)
    info.create_system = 3
    info.external_attr = 0o120777 << 16
    return archive_of((info, target.encode()))


def encrypted(content: bytes) -> bytes:
    """Say of each entry, where it lies and in the directory, that it is encrypted."""
    changed = bytearray(content)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(mark)
        while at >= 0:
            changed[at + offset] |= 1
            at = content.find(mark, at + 4)
    return bytes(changed)


def overlapping(name: str = "a.png") -> bytes:
    """Return an archive whose entries all unpack the same bytes: small, and endless."""
    content = archive({name: b"x" * 500_000})
    end = content.rfind(b"PK\x05\x06")
    start = struct.unpack_from("<I", content, end + 16)[0]
    entry = content[start:end]
    entries = b"".join(
        entry.replace(name.encode(), f"{n}{name[1:]}".encode()) for n in range(1, 10)
    )
    size = struct.pack("<I", len(entries))
    tail = content[end : end + 8] + struct.pack("<HH", 9, 9) + size + content[end + 16 :]
    return content[:start] + entries + tail


def docx(more: dict[str, bytes | str] | None = None, text: str = "<x/>") -> bytes:
    return archive({TYPES: "<Types/>", "word/document.xml": text, **(more or {})})


def xlsx(more: dict[str, bytes | str] | None = None) -> bytes:
    return archive({TYPES: "<Types/>", "xl/workbook.xml": "<x/>", **(more or {})})


def relation(kind: str, target: str, mode: str = "External") -> dict[str, bytes | str]:
    return {
        "word/_rels/document.xml.rels": (
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="r1" Type="{RELATIONS}/{kind}" Target="{target}" '
            f'TargetMode="{mode}"/></Relationships>'
        )
    }


def with_remark(pdf: bytes, remark: bytes) -> bytes:
    """Put a remark into a PDF: it is larger, and takes no longer to read."""
    at = pdf.rindex(b"startxref")
    line = remark.translate(bytes.maketrans(b"\r\n", b"  "))
    return pdf[:at] + b"%" + line + b"\n" + pdf[at:]


ENTITIES = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "haha"><!ENTITY b "&a;&a;&a;&a;&a;">]><x>&b;</x>'
)
OUTSIDE = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'
DTD_ELSEWHERE = '<?xml version="1.0"?><!DOCTYPE x SYSTEM "http://a.example/x.dtd"><x/>'
FIELD = (
    '<w:document xmlns:w="urn:w"><w:p><w:instrText>DDEAUTO c:\\\\windows\\\\cmd.exe</w:instrText>'
    "</w:p></w:document>"
)
# In two parts, so that no scanner takes this file for what it tests.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-" + b"STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def telephone_jpeg(*, after: bytes = b"", second: bytes | None = None) -> bytes:
    """Return a photograph with a second, smaller picture behind it, as telephones store it."""
    stream = io.BytesIO()
    pictures = [Image.new("RGB", size, "teal") for size in ((64, 48), (16, 12))]
    pictures[0].save(stream, "MPO", save_all=True, append_images=pictures[1:])
    content = stream.getvalue()
    if second is not None:
        start = content.index(b"\xff\xd9\xff\xd8") + 2
        content = content[:start] + second.ljust(len(content) - start, b"x")
    return content + after
