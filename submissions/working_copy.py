"""The working copy of a declaration: locked, asked for and written down in one way."""

from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import PermissionDenied
from django.db.models import Case, Exists, F, OuterRef, When
from django.db.models.fields.json import KeyTransform
from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _

from core import audit, rights
from core.errors import DomainError, TransitionError
from submissions.models import Correction, Declaration, Translation
from submissions.states import Status


class StaleRevision(DomainError):  # noqa: N818 -- it says what happened
    """Somebody saved the same text meanwhile; ``stored`` is the object as it is now."""

    def __init__(self, stored: Any) -> None:
        super().__init__(_("Somebody saved this meanwhile. Compare both texts and choose."))
        self.stored = stored


# What was asked to be corrected of the version in force, read with the row that is locked:
# a save asks few questions of the database, and this is none of its own.
ASKED = ArraySubquery(
    Correction.objects.filter(version=OuterRef("version_id"))
    .order_by("pk")
    .values(json=JSONObject(section="section", field="field", kind="kind", file="attachment"))
)

FILED = Case(
    When(status=Status.RETURNED, then=KeyTransform("sections", F("version__content"))),
    default=None,
)

HAS_CONFIRMED = Exists(
    Translation.objects.filter(declaration=OuterRef("pk"), confirmed_at__isnull=False)
)


def locked(declaration_id: UUID, actor: Any, right: str = "edit") -> Declaration:
    """Lock a declaration on which ``actor`` holds ``right`` now, and read it again.

    It carries ``asked``, the places of the corrections asked for, and of a returned one
    ``filed_sections`` (``unlocking`` reads both), and ``has_confirmed``: whether a save may have
    to take back a confirmed translation.
    """
    rows = (
        Declaration.objects.select_for_update(of=("self",), no_key=True)
        .select_related("activity__scheme", "activity__rule_set")
        .defer("activity__scheme__sections", "activity__rule_set__document", "activity__notices")
        .annotate(asked=ASKED, filed_sections=FILED, has_confirmed=HAS_CONFIRMED)
    )
    rows = rights.with_right(rows, actor, right).filter(pk=declaration_id)
    declaration = rows.first()
    returned = declaration is not None and declaration.status == Status.RETURNED
    if returned and not getattr(declaration, "asked", ()):
        # A query that waited for the row knows what lies beside it as it was before: if it was
        # returned meanwhile, not what was asked.
        declaration = rows.first()
    if declaration:
        return declaration
    _refuse(declaration_id, actor, right)
    raise PermissionDenied(f"{right} on declaration {declaration_id}")


def _refuse(declaration_id: UUID, actor: Any, right: str) -> None:
    """Say why, to a person who may see the declaration and could do this in another state."""
    declaration = Declaration.objects.get(pk=declaration_id)
    if rights.can(actor, rights.READ, declaration) and rights.may_ever(actor, right, Declaration):
        raise TransitionError(_("This declaration cannot be changed in its present state."))


def record(declaration: Declaration, verb: str, actor: Any, **details: Any) -> None:
    subject = audit.Subject("declaration", declaration.pk)
    audit.record(f"declaration.{verb}", subject, actor=actor, details=details)
