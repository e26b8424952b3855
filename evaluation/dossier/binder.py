"""Binds the pieces into one PDF with an outline and files attached: a program of its own.

    python -I binder.py SECONDS FOLDER

``FOLDER/plan.json`` says what to bind: {"title", "language", "bound": [{"title", "file"}],
"attached": [{"name", "file"}]}; the files lie in the folder. Writes the PDF to its output.
"""

import io
import json
import sys
from pathlib import Path

from pypdf import PdfWriter
from pypdf.generic import NameObject, TextStringObject

sys.path.append(str(Path(__file__).resolve().parents[2]))  # left out by -I

from submissions.files.contents.limits import limit

MEMORY = 1536 * 1024 * 1024


def bind(folder: Path) -> bytes:
    plan = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    writer = PdfWriter()
    for part in plan["bound"]:
        first = len(writer.pages)
        writer.append(str(folder / part["file"]), import_outline=False)
        writer.add_outline_item(title=part["title"], page_number=first)
    for one in plan["attached"]:
        writer.add_attachment(one["name"], (folder / one["file"]).read_bytes())
    writer.add_metadata({"/Title": plan["title"], "/Creator": "", "/Producer": ""})
    writer.root_object[NameObject("/Lang")] = TextStringObject(plan["language"])
    writer.page_mode = "/UseOutlines"
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def main(processor: str, folder: str) -> None:
    limit(int(processor), MEMORY)
    sys.stdout.buffer.write(bind(Path(folder)))


if __name__ == "__main__":
    main(*sys.argv[1:])
