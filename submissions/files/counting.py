"""How many pages a file has, as far as it can be counted; the answer is kept for a while."""

from typing import Any

import structlog
from django.core.cache import cache
from django.utils.translation import ngettext

from submissions.files.guarded import run
from submissions.files.previews import KINDS, PATIENCE, PROCESSOR, PROGRAM
from submissions.models import Attachment

logger = structlog.get_logger(__name__)

ALL = "0"  # in place of a page: the drawer only counts
UNKNOWN = 0  # kept in place of a number: nobody counts again at once
KEPT = 30 * 24 * 3600  # seconds
KEPT_UNKNOWN = 3600


def pages_of(file: dict[str, Any]) -> int | None:
    """Return how many pages a file has, as a version names it; None where nobody can tell."""
    if file["media_type"] not in KINDS:
        return None
    name = f"pages:{file['sha256']}"
    count: int | None = cache.get(name)
    if count is None:
        count = _counted(file)
        cache.set(name, count, KEPT if count else KEPT_UNKNOWN)
    return count or None


def no_such_page(title: str, last: int, page: int) -> str:
    said = ngettext(
        "“%(file)s” has %(pages)d page: it has no page %(page)d.",
        "“%(file)s” has %(pages)d pages: it has no page %(page)d.",
        last,
    )
    return said % {"file": title, "pages": last, "page": page}


def _counted(file: dict[str, Any]) -> int:
    stored = Attachment.objects.get(pk=file["id"])
    try:
        with stored.file.open("rb") as stream:
            content = stream.read()
    except Exception:  # who asks goes on without the number
        logger.exception("a file could not be counted", file=file["id"])
        return UNKNOWN
    kind = KINDS[file["media_type"]]
    said = run(PROGRAM, str(PROCESSOR), kind, ALL, content=content, patience=PATIENCE)
    count = (said or b"").strip()
    return int(count) if count.isdigit() else UNKNOWN
