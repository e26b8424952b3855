"""The declaration as one file to read offline: asked for, handed out, taken back.

A worker makes it (``evaluation.dossier.making``). It is for the expert of one assignment, on the
version that is judged, and is gone with the right to read that version.
"""

import datetime as dt
from uuid import UUID

import structlog
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from core.clock import database_now
from core.errors import DomainError
from core.wakeup import wake
from evaluation.models import Dossier, ScoreSheet
from evaluation.states import AssignmentStatus, SheetStatus
from submissions.files.states import SERVED
from submissions.models import Attachment

logger = structlog.get_logger(__name__)

TASK = "evaluation.make_dossiers"
FOLDER = "dossiers"
KEPT = dt.timedelta(days=30)  # after it was asked for; it can be made again
YOUNG = dt.timedelta(days=1)  # a file whose row may still come
PAUSE = dt.timedelta(minutes=1)  # before it is made anew


@transaction.atomic
def ask(assignment_id: UUID, *, actor: User, language: str) -> Dossier:
    """Have the file made; asked again while it is being made, or stands, it is the same."""
    mine = ScoreSheet.objects.visible_to(actor).filter(assignment__expert=actor.pk)
    rows = mine.select_for_update(of=("self",), no_key=True).select_related("assignment__case")
    sheet = rows.exclude(status=SheetStatus.EXCLUDED).filter(pk=assignment_id).first()
    if sheet is None:
        raise PermissionDenied(f"read {assignment_id} as one file")
    now, version = database_now(), sheet.assignment.case.version_id
    known = Dossier.objects.select_for_update(no_key=True).filter(pk=sheet.pk).first()
    if known and known.version_id == version:
        if known.is_waiting or (known.made_at and known.language == language and is_whole(known)):
            return known
        if now - known.asked_at < PAUSE:
            raise DomainError(_("This file was asked for a moment ago. Please wait a minute."))
    if known:
        _delete(known)
    transaction.on_commit(lambda: wake(TASK))
    return Dossier.objects.create(
        assignment=sheet.assignment, version_id=version, language=language, asked_at=now
    )


def of(assignment_id: UUID, person: User) -> Dossier | None:
    """Return what there is for this person, who is the expert of the assignment."""
    rows = Dossier.objects.visible_to(person).filter(assignment__expert=person.pk)
    return rows.select_related("assignment__case__declaration").filter(pk=assignment_id).first()


def to_hand_out(assignment_id: UUID, person: User) -> Dossier | None:
    """Return a file that may be handed out now: of the version judged, nothing in it taken back."""
    found = of(assignment_id, person)
    if found is None or found.made_at is None:
        return None
    same = found.version_id == found.assignment.case.version_id
    return found if same and is_whole(found) else None


def is_whole(dossier: Dossier) -> bool:
    """Say whether every file inside may still be handed out by itself."""
    served = Attachment.objects.filter(pk__in=dossier.holds, status__in=SERVED)
    return served.count() == len(dossier.holds)


@transaction.atomic
def forget(condition: Q) -> int:
    """Delete rows and, once that holds, their files; return how many."""
    rows = list(Dossier.objects.select_for_update(of=("self",), no_key=True).filter(condition))
    for row in rows:
        _delete(row)
    return len(rows)


def forget_of(assignment_id: UUID) -> None:
    """Take back the file of an assignment that ends."""
    forget(Q(pk=assignment_id))


def _delete(row: Dossier) -> None:
    name = row.file.name
    row.delete()
    if name:
        transaction.on_commit(lambda: delete_file(name))


def delete_file(name: str) -> None:
    """Delete a file; one that cannot be deleted now is found by the pruning."""
    try:
        default_storage.delete(name)
    except Exception:
        logger.exception("a dossier could not be deleted", name=name)


def prune() -> int:
    """Take back what is old or whose assignment ended, and files that no row names."""
    now = database_now()
    over = Q(asked_at__lt=now - KEPT) | ~Q(assignment__status=AssignmentStatus.ACCEPTED)
    strays = _strays()  # before rows go: their files go with them
    return forget(over) + sum(_pruned(one, now - YOUNG) for one in strays)


def _strays() -> list[str]:
    try:
        _folders, names = default_storage.listdir(FOLDER)
    except FileNotFoundError:
        return []
    lying = {f"{FOLDER}/{name}" for name in names}
    return sorted(
        lying - set(Dossier.objects.filter(file__in=lying).values_list("file", flat=True))
    )


def _pruned(name: str, before: dt.datetime) -> int:
    if default_storage.get_modified_time(name) >= before:
        return 0
    delete_file(name)
    return 1
