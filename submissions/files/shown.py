"""What a page says of a file beside its name: what is known of malware, and how it is had."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from submissions.files.states import SERVED, ScanStatus
from submissions.models import Attachment


def with_scans(
    attachments: list[dict[str, Any]],
    declaration_id: UUID,
    files: Iterable[Attachment] | None = None,
) -> list[dict[str, Any]]:
    """Add to the files of a document what is known of each now; one question, however many.

    ``files``: the rows themselves, where they were read already; then none is asked.
    """
    if files is None:
        files = Attachment.objects.filter(declaration=declaration_id).only("pk", "status")
    known = {str(one.pk): ScanStatus(one.status) for one in files}
    return [{**one, **_scan(known.get(str(one["id"])))} for one in attachments]


def _scan(status: ScanStatus | None) -> dict[str, Any]:
    if status is None:  # a row that is gone: nothing can be had
        return {"is_served": False, "scan_label": "", "is_scanned": True}
    return {
        "is_served": status in SERVED,
        "is_scanned": status is not ScanStatus.NOT_SCANNED,
        "scan_label": "" if status in SERVED else status.label,
    }


def unscanned(attachments: Iterable[dict[str, Any]]) -> int:
    """Count the files no scanner has looked at; ``attachments`` as ``with_scans`` returns them."""
    return sum(1 for one in attachments if not one["is_scanned"])
