"""The files of a report: photographs, the signed record; laid and taken until it is handed in."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from core import rights
from core.clock import database_now
from core.errors import DomainError, TransitionError
from evaluation.models import Verification, VerificationFile
from evaluation.shelf import Shelf, Stored, delete_bytes
from evaluation.verifications.states import VerificationStatus
from evaluation.verifications.verifying import require_held
from evaluation.writes import record
from submissions.files.uploads import Upload

SHELF = Shelf(
    VerificationFile,
    folder="verifications",
    most=8,
    most_bytes=10 * 1024 * 1024,
    too_large=gettext_lazy("A file of a report is no larger than 10 MB."),
)


def change(verification_id: UUID, sent: Sequence[Upload], do: str, *, actor: User) -> None:
    """Do what was pressed beside the report: add, or remove the file that ``do`` names."""
    if do == "add" and not sent:
        raise DomainError(_("Choose a file."), field=SHELF.field)
    if sent:
        add(verification_id, sent, actor=actor)
    if (file_id := _key(do)) is not None:
        remove(verification_id, file_id, actor=actor)


def _key(do: str) -> UUID | None:
    try:
        return UUID(do)
    except ValueError:
        return None


def add(verification_id: UUID, sent: Iterable[Upload], *, actor: User) -> None:
    """Lay files beside a report; the same file again is the same one."""
    with transaction.atomic():  # nothing costly is done for somebody who may not
        _open(verification_id, actor)
    with SHELF.stored(sent) as files, transaction.atomic():
        row = _open(verification_id, actor)
        lying = set(row.files.values_list("sha256", flat=True))
        new = {one.sha256: one for one in files if one.sha256 not in lying}
        SHELF.require_few(len(lying) + len(new))
        for one in new.values():
            _lay(row, one, actor)


def _lay(row: Verification, file: Stored, actor: User) -> None:
    made = VerificationFile.objects.create(
        verification=row, added_by=actor, added_at=database_now(), **file.columns()
    )
    record("verification.file_added", row, actor, details=_told(made))


@transaction.atomic
def remove(verification_id: UUID, file_id: UUID, *, actor: User) -> None:
    """Take a file away, its bytes too; one that is gone already stays gone."""
    row = _open(verification_id, actor)
    file = row.files.filter(pk=file_id).first()
    if file is None:
        return
    record("verification.file_removed", row, actor, details=_told(file))
    delete_bytes([str(file.file.name)])
    file.delete()


def _told(file: VerificationFile) -> dict[str, str]:
    return {"file": str(file.pk), "sha256": file.sha256}


def _open(verification_id: UUID, actor: User) -> Verification:
    """Lock what is held and not reported: the report is sealed before this, or after."""
    row = Verification.objects.select_for_update(no_key=True).get(pk=verification_id)
    if not rights.can(actor, "report", row):
        ended = row.status != VerificationStatus.ARRANGED
        if ended and rights.can(actor, rights.READ, row):
            raise TransitionError(
                _("The report is handed in or cancelled; its files stay as they are.")
            )
        raise PermissionDenied(f"files of verification {verification_id}")
    require_held(row, database_now())
    return row
