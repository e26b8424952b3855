"""The working copy of a declaration: locked, asked for and written down in one way."""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from core import audit, rights
from core.errors import DomainError, TransitionError
from submissions.models import Declaration


class StaleRevision(DomainError):  # noqa: N818 -- it says what happened
    """Somebody saved the same text meanwhile; ``stored`` is the object as it is now."""

    def __init__(self, stored: Any) -> None:
        super().__init__(_("Somebody saved this meanwhile. Compare both texts and choose."))
        self.stored = stored


def locked(declaration_id: UUID, actor: Any, right: str = "edit") -> Declaration:
    """Lock a declaration on which ``actor`` holds ``right`` now, and read it again."""
    declaration = (
        Declaration.objects.select_for_update(of=("self",), no_key=True)
        .select_related("activity__scheme")
        .get(pk=declaration_id)
    )
    if rights.can(actor, right, declaration):
        return declaration
    if rights.can(actor, rights.READ, declaration) and rights.may_ever(actor, right, Declaration):
        raise TransitionError(_("This declaration cannot be changed in its present state."))
    raise PermissionDenied(f"{right} on declaration {declaration_id}")


def record(declaration: Declaration, verb: str, actor: Any, **details: Any) -> None:
    subject = audit.Subject("declaration", declaration.pk)
    audit.record(f"declaration.{verb}", subject, actor=actor, details=details)
