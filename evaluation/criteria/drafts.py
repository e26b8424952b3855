"""Drafts of criteria sets: begun from a sealed set, saved by compare-and-set."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.models import User
from core import rights
from core.errors import TransitionError
from evaluation.criteria.documents import Document, document_of, plain
from evaluation.models import CriteriaDraft, CriteriaSet
from evaluation.writes import demand_ever, record
from submissions.services import StaleRevision


@transaction.atomic
def begin_draft(based_on: CriteriaSet, *, actor: User) -> CriteriaDraft:
    """Begin the next version of a set; of several drafts of one set, one is sealed first."""
    demand_ever(actor, "add", CriteriaDraft)
    document = document_of(based_on)
    newest = CriteriaSet.objects.filter(code=based_on.code).aggregate(newest=Max("version"))
    document["version"] = newest["newest"] + 1
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
