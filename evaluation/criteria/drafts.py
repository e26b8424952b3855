"""Drafts of criteria sets: begun from a sealed set, saved by compare-and-set."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from core import rights
from core.errors import DomainError, TransitionError
from evaluation.criteria.documents import Document, document_of, plain
from evaluation.models import CriteriaDraft, CriteriaSet
from evaluation.states import DraftStatus
from evaluation.writes import demand_ever, record
from submissions.services import StaleRevision

OPEN = (DraftStatus.WRITING, DraftStatus.PROPOSED)


def newer_than(based_on: CriteriaSet | None) -> CriteriaSet | None:
    """Return the newest version of a set, where it is not the one a draft was begun from."""
    if based_on is None:
        return None
    later = CriteriaSet.objects.filter(code=based_on.code, version__gt=based_on.version)
    return later.order_by("version").last()


def overtaken() -> Exists:
    """Ask of drafts whether a later version was sealed since (see ``newer_than``)."""
    later = CriteriaSet.objects.filter(
        code=OuterRef("based_on__code"), version__gt=OuterRef("based_on__version")
    )
    return Exists(later)


def out_of_date(newest: CriteriaSet) -> str:
    """Say why a draft begun from an older version is not sealed any more."""
    return _(
        "%(set)s has been sealed since this draft was begun. Begin a draft of that version."
    ) % {"set": newest}


def begun_beside(based_on: CriteriaSet) -> QuerySet[CriteriaDraft]:
    """Return the drafts that are open and would become the same version of a set."""
    rows = CriteriaDraft.objects.filter(based_on=based_on, status__in=OPEN)
    return rows.prefetch_related("writers").order_by("created_at", "pk")


@transaction.atomic
def begin_draft(based_on: CriteriaSet, *, actor: User) -> CriteriaDraft:
    """Begin the next version of a set; of several drafts of one set, one is sealed first."""
    demand_ever(actor, "add", CriteriaDraft)
    newest = newer_than(based_on)
    if newest is not None:
        raise DomainError(
            _("%(set)s has been sealed. Begin a draft of that one.") % {"set": newest}
        )
    document = document_of(based_on)
    document["version"] += 1
    draft = CriteriaDraft.objects.create(document=document, based_on=based_on)
    draft.writers.add(actor)
    record("criteria draft.begun", draft, actor, details={"based_on": based_on.content_hash})
    return draft


@transaction.atomic
def save_draft(
    pk: UUID, document: Document, *, reason: str, actor: User, revision: int
) -> CriteriaDraft:
    """Store a draft as given, sound or not: what is wrong is said, and stands against sealing.

    Raises StaleRevision when somebody saved it since ``revision``.
    """
    draft = CriteriaDraft.objects.select_for_update(no_key=True).get(pk=pk)
    if not rights.can(actor, "edit", draft):
        if rights.can(actor, rights.READ, draft):
            raise TransitionError(_("This draft is no longer being written."))
        raise PermissionDenied(f"edit criteria draft {pk}")
    if draft.revision != revision:
        raise StaleRevision(draft)
    # The code says which set it is a version of, and the version is given at the sealing.
    kept = {name: draft.document[name] for name in ("code", "version")}
    draft.document = plain(document | kept)
    draft.reason = reason.strip()
    draft.revision += 1
    draft.save(update_fields=["document", "reason", "revision", "updated_at"])
    draft.writers.add(actor)
    record("criteria draft.saved", draft, actor, details={"revision": draft.revision})
    return draft
