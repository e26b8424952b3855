"""What declarations hold about a person; what was filed stays when the person is erased."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from accounts.members import solely_owned_by
from accounts.models import User
from accounts.personal import Records
from submissions.models import Attachment, Declaration, DeclarationVersion, Presence


def _started(user: User) -> list[Any]:
    rows = Declaration.objects.filter(created_by=user).order_by("created_at", "pk")
    names = ("id", "number", "title", "status", "organisation", "created_at", "submitted_at")
    return list(rows.values(*names))


def _filed(user: User) -> list[Any]:
    rows = DeclarationVersion.objects.filter(submitted_by=user).order_by("submitted_at", "pk")
    return list(rows.values("declaration", "number", "content_hash", "submitted_at"))


def _files(user: User) -> list[Any]:
    rows = Attachment.objects.filter(uploaded_by=user).order_by("uploaded_at", "pk")
    return list(
        rows.values("declaration", "file_name", "size", "sha256", "uploaded_at", "removed_at")
    )


def _sole_owners_file(user: User) -> Iterator[str]:
    """Refuse to leave an organisation that declared with nobody to answer for it."""
    owned = solely_owned_by(user).filter(
        pk__in=Declaration.objects.filter(organisation__in=solely_owned_by(user).values("pk"))
        .order_by()
        .values("organisation")
    )
    for one in owned:
        yield _(
            "You are the only owner of %(organisation)s, which has declarations. "
            "Invite somebody and make them the owner first."
        ) % {"organisation": one.name}


def _leave_pages(user: User) -> None:
    Presence.objects.filter(person=user).delete()


RECORDS = (
    Records("declarations_started", _started, holds=_sole_owners_file, erase=_leave_pages),
    Records("declarations_filed", _filed),
    Records("files_added", _files),
)
