"""Makes the files that were asked for, one after the other; called by a worker.

What came from the enterprise is read by programs of their own only. What cannot be made pages of
in time is attached as it is and named so; what a scanner holds back, or what would make the file
too large, is left out and named so.
"""

import datetime as dt
import json
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

import structlog
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.models import F, Q
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.text import get_valid_filename
from django.utils.translation import gettext as _
from pypdf import PdfReader

from core.clock import database_now
from evaluation.dossier.asking import FOLDER, delete_file
from evaluation.dossier.contents import Piece, Reader, paper_of
from evaluation.models import Dossier
from evaluation.states import AssignmentStatus
from submissions.files.guarded import run
from submissions.files.states import SERVED
from submissions.models import Attachment, DeclarationVersion
from submissions.printing.filed import paper_of_version
from submissions.printing.pdf import pdf_of

logger = structlog.get_logger(__name__)

PAGES = Path(__file__).with_name("pages.py")
BINDER = Path(__file__).with_name("binder.py")
KINDS = {"application/pdf": "pdf", "image/png": "image", "image/jpeg": "image"}
PROCESSOR, PATIENCE = 15, 30  # seconds of computing and of waiting, for one piece
BINDING, BINDING_PATIENCE = 60, 90  # for all
BUDGET = 100.0  # seconds for all pieces; those after it are attached as they are
MOST_BYTES = 150 * 1024 * 1024  # of evidence in one file
MOST_GROWTH = 4  # times a file may grow by being made pages of
LEASE = dt.timedelta(minutes=10)  # longer than the task may run
MOST_TRIES = 3
LOCK = 731014  # the advisory lock of who takes the next one
RELATED = (
    "assignment__case",
    "assignment__expert__user",
    "version__declaration__activity__scheme",
    "version__declaration__organisation",
)


def make_due() -> int:
    """Make what waits, the oldest first, one at a time; return how many. Safe to run twice."""
    until, made = time.monotonic() + BUDGET, 0
    while time.monotonic() < until:
        dossier = _claim()
        if dossier is None:
            break
        made += _make(dossier)
    return made


@transaction.atomic
def _claim() -> Dossier | None:
    """Take the next one; none while another worker is at one, which leaves room for mails."""
    with connection.cursor() as cursor:
        # Of two workers that look at once, the second sees what the first took.
        cursor.execute("select pg_advisory_xact_lock(%s)", [LOCK])
    waiting = Dossier.objects.filter(made_at=None, failed_at=None)
    stale = database_now() - LEASE
    if waiting.filter(begun_at__gte=stale).exists():
        return None
    free = waiting.filter(Q(begun_at=None) | Q(begun_at__lt=stale))
    rows = free.select_for_update(of=("self",), skip_locked=True, no_key=True)
    found = rows.select_related(*RELATED).order_by("asked_at", "pk").first()
    if found is None:
        return None
    found.begun_at, found.tries, found.done = database_now(), found.tries + 1, 0
    found.total = len(found.version.content["attachments"])
    if found.tries > MOST_TRIES:  # whatever ends its worker is not tried for ever
        found.failed_at = found.begun_at
    found.save(update_fields=["begun_at", "tries", "done", "total", "failed_at"])
    return None if found.failed_at else found


def _make(dossier: Dossier) -> bool:
    try:
        with translation.override(dossier.language):
            made, holds = _bound(dossier)
    except Exception:
        logger.exception("a dossier could not be made", assignment=str(dossier.pk))
        rows = Dossier.objects.filter(pk=dossier.pk, begun_at=dossier.begun_at)
        rows.update(failed_at=database_now())
        return False
    return _keep(dossier, made, holds)


def _keep(dossier: Dossier, made: bytes, holds: list[str]) -> bool:
    """Store the file, if it is still wanted: the assignment may have ended meanwhile."""
    name = default_storage.save(f"{FOLDER}/{dossier.pk}.pdf", ContentFile(made))
    try:
        is_kept = bool(_note(dossier, name, len(made), holds))
    except Exception:
        delete_file(name)
        raise
    if not is_kept:
        delete_file(name)
    return is_kept


def _note(dossier: Dossier, name: str, size: int, holds: list[str]) -> int:
    rows = Dossier.objects.filter(
        pk=dossier.pk,
        begun_at=dossier.begun_at,
        made_at=None,
        assignment__status=AssignmentStatus.ACCEPTED,
    )
    return rows.update(
        made_at=database_now(), file=name, size=size, holds=holds, done=F("total"), failed_at=None
    )


# One file ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Evidence:
    """A file of evidence with what became of it; ``paths``: its pages, and the file itself."""

    piece: Piece
    held: UUID | None = None
    on_pages: str = ""
    itself: str = ""


def _bound(dossier: Dossier) -> tuple[bytes, list[str]]:
    """Return the one file, and the keys of the attachments inside."""
    with tempfile.TemporaryDirectory(prefix="dossier-") as name:
        folder = Path(name)
        found = list(_evidence(dossier, folder))
        printed = pdf_of(paper_of_version(dossier.version, _received(dossier.version)))
        (folder / "declaration.pdf").write_bytes(printed)
        made = _bind(dossier, folder, found)
        if made is None:  # pages that do not go together: the files as they came
            found = [_as_it_came(one) for one in found]
            made = _bind(dossier, folder, found)
    if made is None:
        raise RuntimeError("the pieces could not be bound")
    return made, [str(one.held) for one in found if one.held]


def _evidence(dossier: Dossier, folder: Path) -> Iterator[Evidence]:
    listed: list[dict[str, Any]] = dossier.version.content["attachments"]
    rows = Attachment.objects.filter(declaration=dossier.version.declaration_id)
    known = {str(one.pk): one for one in rows}
    until, room = time.monotonic() + BUDGET, MOST_BYTES
    for number, one in enumerate(listed, 1):
        piece = Piece(str(one["title"]), str(one["file_name"]))
        row = known.get(str(one["id"]))
        if row is None or row.status not in SERVED:
            yield Evidence(replace(piece, why=_("held back by the malware scan")))
        elif row.size > room:
            yield Evidence(replace(piece, why=_("too large; open it on the scoring desk")))
        else:
            room -= row.size
            in_time = time.monotonic() < until
            yield _taken(folder, number, piece, row, in_time=in_time)
        Dossier.objects.filter(pk=dossier.pk, begun_at=dossier.begun_at).update(done=number)


def _taken(folder: Path, number: int, piece: Piece, row: Attachment, *, in_time: bool) -> Evidence:
    with row.file.open("rb") as stream:
        content = stream.read()
    itself, kind = f"{number:02}.file", KINDS.get(row.media_type, "")
    (folder / itself).write_bytes(content)
    name = f"{number:02}-{get_valid_filename(row.file_name or 'file')[-100:]}"
    pages, made = _pages_of(kind, content) if kind and in_time else (0, b"")
    if not pages:
        why = _("could not be made pages of") if kind else _("a kind of file without pages")
        return Evidence(replace(piece, name=name, why=why), row.pk, "", itself)
    on_pages = f"{number:02}.pdf"
    (folder / on_pages).write_bytes(made)
    return Evidence(replace(piece, pages=pages), row.pk, on_pages, itself)


def _pages_of(kind: str, content: bytes) -> tuple[int, bytes]:
    """Return how many pages a file has, and these as a PDF; 0 when it has none for us."""
    said = run(PAGES, str(PROCESSOR), kind, content=content, patience=PATIENCE) or b""
    count, _line, made = said.partition(b"\n")
    most = max(MOST_GROWTH * len(content), 8 * 1024 * 1024)
    if not (count.isdigit() and made.startswith(b"%PDF-") and len(made) <= most):
        return 0, b""
    return int(count), made


def _as_it_came(one: Evidence) -> Evidence:
    if not one.on_pages:
        return one
    name = f"{one.itself.removesuffix('.file')}-{get_valid_filename(one.piece.file_name)[-100:]}"
    piece = replace(one.piece, pages=0, name=name, why=_("could not be made pages of"))
    return replace(one, piece=piece, on_pages="")


def _bind(dossier: Dossier, folder: Path, found: list[Evidence]) -> bytes | None:
    (folder / "contents.pdf").write_bytes(_contents(dossier, folder, [one.piece for one in found]))
    first = [
        {"title": _("Contents"), "file": "contents.pdf"},
        {"title": _("The declaration as filed"), "file": "declaration.pdf"},
    ]
    bound = [{"title": one.piece.title, "file": one.on_pages} for one in found if one.on_pages]
    attached = [{"name": one.piece.name, "file": one.itself} for one in found if one.piece.name]
    plan = {
        "title": str(dossier.version.declaration),
        "language": dossier.language,
        "bound": [*first, *bound],
        "attached": attached,
    }
    (folder / "plan.json").write_text(json.dumps(plan), encoding="utf-8")
    made = run(BINDER, str(BINDING), str(folder), content=b"", patience=BINDING_PATIENCE)
    return made if made and made.startswith(b"%PDF-") else None


def _contents(dossier: Dossier, folder: Path, pieces: list[Piece]) -> bytes:
    """Print the contents twice: only then is it known on how many pages they are themselves."""
    printed = _count((folder / "declaration.pdf").read_bytes())
    expert = dossier.assignment.expert.user
    today = timezone.localdate(database_now(), timezone.get_default_timezone())
    reader, received = Reader(expert.name, today), _received(dossier.version)

    def contents(own: int) -> bytes:
        return pdf_of(paper_of(dossier.version, received, reader, printed, pieces, own))

    return contents(_count(contents(1)))


def _count(ours: bytes) -> int:
    return len(PdfReader(BytesIO(ours)).pages)


def _received(filed: DeclarationVersion) -> str:
    moment = timezone.localtime(filed.submitted_at, timezone.get_default_timezone())
    return _("%(time)s, Beijing time") % {"time": date_format(moment, "Y-m-d H:i:s")}
